package dev.lightkeeper.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lightkeeper.Manifests;
import dev.lightkeeper.desired.Contract;
import dev.lightkeeper.plan.Plan.RevisionMark;
import dev.lightkeeper.plan.RevisionRecord;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RevisionDataTest {
    /** As the first release wrote it: never to be edited. */
    private static final String FORMAT_1 = """
            {"formatVersion":1,"fingerprint":"0123","power":"nano","contractHash":"c0ffee",
             "template":{"containers":{"api":{"image":":api.r.1","command":["run"],
               "environment":{"DATABASE_URL":"d1e5"},"ports":{"3697":"HTTP"}}},
              "endpoint":{"containerName":"api","containerPort":3697,"path":"/health/live","successCodes":"200",
               "intervalSeconds":10,"timeoutSeconds":5,"healthyThreshold":2,"unhealthyThreshold":2}},
             "contract":{"readiness":{"path":"/health/ready"},"requiredEnv":{"api":[{"name":"DATABASE_URL"}]}}}
            """;

    @Test
    void whatTheFirstReleaseWroteIsStillRead() throws JsonProcessingException {
        RevisionRecord record = RevisionData.from(data(FORMAT_1))
                .record(
                        "7",
                        Map.of(
                                RevisionData.AWS_VERSION, "12",
                                RevisionData.RESULT, "Verified",
                                RevisionData.VERIFIED_AT, "2026-01-02T03:04:05Z"));

        assertThat(record.fingerprint()).isEqualTo("0123");
        assertThat(record.power()).isEqualTo("nano");
        assertThat(record.contractHash()).isEqualTo("c0ffee");
        assertThat(record.content().containers().get("api")).satisfies(api -> {
            assertThat(api.image()).isEqualTo(":api.r.1");
            assertThat(api.command()).isEqualTo(List.of("run"));
            assertThat(api.environment()).containsEntry("DATABASE_URL", "d1e5");
            assertThat(api.ports()).containsEntry(3697, "HTTP");
        });
        assertThat(record.awsVersion()).isEqualTo(12L);
        assertThat(record.result()).isEqualTo(RevisionRecord.Result.Verified);
        assertThat(record.verifiedTime()).isEqualTo(Instant.parse("2026-01-02T03:04:05Z"));
    }

    @Test
    void anAnnotationThatSomebodyBrokeIsUnknown() throws JsonProcessingException {
        RevisionRecord record = RevisionData.from(data(FORMAT_1))
                .record(
                        "7",
                        Map.of(
                                RevisionData.AWS_VERSION, "twelve",
                                RevisionData.RESULT, "Fine",
                                RevisionData.VERIFIED_AT, "yesterday"));

        assertThat(record.awsVersion()).isNull();
        assertThat(record.result()).isNull();
        assertThat(record.verifiedTime()).isNull();
    }

    @Test
    void theContractThatItPassedLastIsTheOneThatCounts() throws JsonProcessingException {
        Contract newer = Contract.of(Manifests.serviceDeployment("shop", "api").getSpec());
        RevisionMark mark = new RevisionMark("7", RevisionRecord.Result.Verified, 12L, null, "newer", newer);
        Map<String, String> annotations = new ObjectMapper()
                .readTree(RevisionData.annotationPatch(mark)).at("/metadata/annotations").properties().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, entry -> entry.getValue().asText()));

        assertThat(RevisionData.from(data(FORMAT_1)).record("7", annotations))
                .extracting(RevisionRecord::contractHash, RevisionRecord::contract)
                .containsExactly("newer", newer);
        assertThat(RevisionData.from(data(FORMAT_1))
                        .record("7", Map.of(RevisionData.VERIFIED_CONTRACT, "broken"))
                        .contract()
                        .requiredEnv())
                .containsKey("api");
    }

    @Test
    void anotherFormatIsRefused() {
        assertThatThrownBy(
                        () -> RevisionData.from(data(FORMAT_1.replace("\"formatVersion\":1", "\"formatVersion\":2"))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RevisionData.from(null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RevisionData.from(data(FORMAT_1.replace("\"contract\":", "\"other\":"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aMarkChangesOnlyWhatItKnows() {
        assertThat(RevisionData.annotationPatch(new RevisionMark("7", null, 12L, null)))
                .isEqualTo("{\"metadata\":{\"annotations\":{\"lightkeeper.dev/aws-version\":\"12\"}}}");
    }

    private static Object data(String json) throws JsonProcessingException {
        return new ObjectMapper().readValue(json, Map.class);
    }
}
