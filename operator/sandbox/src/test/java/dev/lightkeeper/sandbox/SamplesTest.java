package dev.lightkeeper.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lightkeeper.api.v1alpha1.AwsAccount;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The samples are read by people and copied: a word that the API does not have must not be in them. */
class SamplesTest {
    private static final Path SAMPLES = Path.of("..", "..", "manifests", "samples");
    private static final KubernetesSerialization STRICT = new KubernetesSerialization(
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES), true);

    static Stream<String> documents() {
        try (Stream<Path> files = Files.list(SAMPLES)) {
            return files.sorted().toList().stream().flatMap(SamplesTest::documents);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> documents(Path file) {
        try {
            return Stream.of(Files.readString(file).split("(?m)^---$"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyFieldIsOneOfTheApi(String yaml) {
        switch (kind(yaml)) {
            case "ServiceDeployment" ->
                assertThat(STRICT.unmarshal(yaml, ServiceDeployment.class)
                                .getSpec()
                                .readiness())
                        .isNotNull();
            case "AwsAccount" ->
                assertThat(STRICT.unmarshal(yaml, AwsAccount.class).getSpec().accountId())
                        .hasSize(12);
            default -> assertThat(kind(yaml)).isIn("Namespace", "ConfigMap", "Secret");
        }
    }

    @Test
    void theyShowAnAccountAndTwoServicesOnEachTarget() {
        List<String> kinds = documents().map(SamplesTest::kind).toList();

        assertThat(kinds)
                .containsOnlyOnce("AwsAccount")
                .filteredOn("ServiceDeployment"::equals)
                .hasSize(4);
    }

    private static String kind(String yaml) {
        return STRICT.unmarshal(yaml, GenericKubernetesResource.class).getKind();
    }
}
