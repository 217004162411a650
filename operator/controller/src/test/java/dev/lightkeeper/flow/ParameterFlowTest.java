package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.desired.ParameterQuery;
import dev.lightkeeper.status.Notice;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Variables that come from SSM Parameter Store. */
class ParameterFlowTest {
    private static final String DSN = "/shop/api/DATABASE_URL";
    private static final String FROM_PARAMETER =
            "[{name: DATABASE_URL, valueFrom: {ssmParameterRef: {name: /shop/api/DATABASE_URL}}}]";
    private static final String DENIED = "parameter \"/shop/api/DATABASE_URL\": ssm:GetParameters is denied";

    private final Flow flow = new Flow();

    @AfterEach
    void nothingForbiddenWasCalled() {
        assertThat(flow.cloud.offences()).isEmpty();
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>();
        flow.cloud
                .service()
                .content()
                .containers()
                .get("api")
                .environment()
                .forEach((name, value) -> environment.put(name, value.reveal()));
        return environment;
    }

    @Test
    void valuesOfParametersAndPathsBecomeTheEnvironmentAsAPodsWould() {
        flow.parameters.put("/shop/common/LOG_LEVEL", "info");
        flow.parameters.put("/shop/common/DATABASE_URL", "postgres://common");
        flow.parameters.put("/shop/common/not-a-name", "left out");
        flow.parameters.put("/shop/common/deep/X", "left out too");
        flow.parameters.put(DSN, "postgres://u:hunter2@db");
        flow.parameters.put("/shop/api/TOKEN", "token one");
        flow.parameters.put("/shop/api/TOKEN", "token two");
        flow.parameters.put("/shop/api/TOKEN", "token three");
        flow.parameters.label("/shop/api/TOKEN", 2, "live");
        flow.manifest
                .initially(
                        "/containers/0/envFrom",
                        "[{ssmPath: {path: /shop/common/}}, {ssmPath: {path: /shop/common/}, prefix: C_}]")
                .initially("/containers/0/env", """
                        [{name: DATABASE_URL, valueFrom: {ssmParameterRef: {name: /shop/api/DATABASE_URL}}},
                         {name: OLD_TOKEN, valueFrom: {ssmParameterRef: {name: /shop/api/TOKEN, version: 1}}},
                         {name: TOKEN, valueFrom: {ssmParameterRef: {name: /shop/api/TOKEN, label: live}}},
                         {name: NEW_TOKEN, valueFrom: {ssmParameterRef: {name: /shop/api/TOKEN}}},
                         {name: ABSENT, valueFrom: {ssmParameterRef: {name: /shop/none, optional: true}}}]
                        """);
        flow.untilSteady().assertQuiet();
        assertThat(environment())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "C_DATABASE_URL", "postgres://common",
                        "C_LOG_LEVEL", "info",
                        "DATABASE_URL", "postgres://u:hunter2@db",
                        "LOG_LEVEL", "info",
                        "NEW_TOKEN", "token three",
                        "OLD_TOKEN", "token one",
                        "TOKEN", "token two"));
    }

    @Test
    void allParametersOfAResourceAreAskedForAtOnce() {
        flow.parameters.put(DSN, "postgres://u:hunter2@db");
        flow.parameters.put("/shop/common/A", "a");
        flow.manifest
                .initially("/containers/0/env", FROM_PARAMETER)
                .initially("/containers/0/envFrom", "[{ssmPath: {path: /shop/common/}}]");
        flow.run();
        assertThat(flow.parameters.queries()).hasSize(1);
        ParameterQuery query = flow.parameters.queries().getFirst();
        assertThat(query.parameters()).extracting(key -> key.text()).containsExactly(DSN);
        assertThat(query.paths()).containsExactly("/shop/common/");
    }

    @Test
    void nobodyIsAskedWhereNoParameterIsReferredTo() {
        flow.untilSteady();
        assertThat(flow.parameters.queries()).isEmpty();
    }

    @Test
    void aRotatedParameterIsANewRevisionLikeARotatedSecret() {
        flow.parameters.put(DSN, "postgres://u:hunter2@db");
        flow.manifest.initially("/containers/0/env", FROM_PARAMETER);
        flow.untilSteady().assertQuiet();
        String before = flow.store.status().currentRevision();
        flow.parameters.put(DSN, "postgres://u:rotated@db");
        flow.until(() -> flow.cloud.calls().size() == 3).untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
        assertThat(environment()).containsEntry("DATABASE_URL", "postgres://u:rotated@db");
        assertThat(flow.store.status().currentRevision()).isNotEqualTo(before);
    }

    @Test
    void aFixedVersionOrALabelThatStaysIsNoNewRevision() {
        flow.parameters.put(DSN, "postgres://one");
        flow.parameters.label(DSN, 1, "live");
        flow.manifest.initially("/containers/0/env", """
                [{name: A, valueFrom: {ssmParameterRef: {name: /shop/api/DATABASE_URL, version: 1}}},
                 {name: B, valueFrom: {ssmParameterRef: {name: /shop/api/DATABASE_URL, label: live}}}]
                """);
        flow.untilSteady();
        flow.parameters.put(DSN, "postgres://two");
        flow.pass(Duration.ofMinutes(10)).assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
        flow.parameters.label(DSN, 2, "live");
        flow.until(() -> flow.cloud.calls().size() == 3).untilSteady().assertQuiet();
        assertThat(environment()).containsEntry("A", "postgres://one").containsEntry("B", "postgres://two");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/containers/0/env     | [{name: A, valueFrom: {ssmParameterRef: {name: /shop/none}}}]             | /shop/none",
                "/containers/0/env     | [{name: A, valueFrom: {ssmParameterRef: {name: /shop/one, version: 2}}}]  | /shop/one:2",
                "/containers/0/env     | [{name: A, valueFrom: {ssmParameterRef: {name: /shop/one, label: live}}}] | /shop/one:live",
                "/containers/0/envFrom | [{ssmPath: {path: /shop/empty/}}]                                         | /shop/empty/",
            })
    void aMissingParameterIsWaitedForFiveMinutesThenStalled(String pointer, String yaml, String named) {
        flow.parameters.put("/shop/one", "the first");
        flow.manifest.initially(pointer, yaml);
        Instant began = flow.clock.instant();
        flow.run();
        assertThat(flow.told("Ready", "Reconciling", "Stalled"))
                .containsExactly("Ready=False/ReferenceNotFound", "Reconciling=True/ReferenceNotFound", "Stalled=-");
        assertThat(flow.message("Ready")).contains("\"" + named + "\"", "does not exist", "Parameter Store");
        flow.until("Stalled", True, Reason.ReferenceNotFound);
        assertThat(Duration.between(began, flow.clock.instant()))
                .isBetween(Duration.ofSeconds(300), Duration.ofSeconds(315));
        flow.assertQuiet();
        assertThat(flow.cloud.calls()).isEmpty();
    }

    @Test
    void aParameterThatGetsLostNeverTouchesWhatServes() {
        flow.parameters.put(DSN, "postgres://u:hunter2@db");
        flow.manifest.initially("/containers/0/env", FROM_PARAMETER);
        flow.untilSteady();
        flow.parameters.delete(DSN);
        flow.until("Stalled", True, Reason.ReferenceNotFound);
        assertThat(flow.told("Ready", "Degraded", "Available"))
                .containsExactly(
                        "Ready=False/ReferenceNotFound", "Degraded=True/ReferenceNotFound", "Available=True/Passing");
        flow.assertQuiet();
        flow.parameters.put(DSN, "postgres://u:hunter2@db");
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AccessNotAllowed | access.parameterPaths of AwsAccount \"default\" do not allow parameter \"/shop/api/DATABASE_URL\" to namespace \"shop\"",
                "AccessDenied     | parameter \"/shop/api/DATABASE_URL\": ssm:GetParameters is denied",
            })
    void aParameterThatMayNotBeReadStopsBeforeAnythingIsTouched(Reason reason, String message) {
        flow.parameters.put(DSN, "postgres://u:hunter2@db");
        flow.parameters.refuse(DSN, reason, message);
        flow.manifest.initially("/containers/0/env", FROM_PARAMETER);
        flow.run();
        assertThat(flow.told("Ready", "Stalled", "Reconciling", "AccountVerified", "EnvironmentValid", "Degraded"))
                .containsExactly(
                        "Ready=False/AccountNotVerified",
                        "Stalled=True/" + reason,
                        "Reconciling=-",
                        "AccountVerified=False/" + reason,
                        "EnvironmentValid=False/" + reason,
                        "Degraded=False/NotDegraded");
        assertThat(flow.message("Stalled")).isEqualTo(message);
        flow.assertQuiet();
        assertThat(flow.events).containsExactly(new Notice(true, reason, message));
        assertThat(flow.cloud.calls()).isEmpty();
        flow.parameters.allow(DSN);
        flow.untilSteady().assertQuiet();
        assertThat(flow.told("AccountVerified", "EnvironmentValid"))
                .containsExactly("AccountVerified=True/Verified", "EnvironmentValid=True/Passing");
    }

    @Test
    void aDenialWhileAReleaseServesLeavesItAlone() {
        flow.parameters.put(DSN, "postgres://u:hunter2@db");
        flow.manifest.initially("/containers/0/env", FROM_PARAMETER);
        flow.untilSteady();
        flow.parameters.refuse(DSN, Reason.AccessDenied, DENIED);
        flow.set("/containers/0/image", "example.com/api:2").until("Stalled", True, Reason.AccessDenied);
        assertThat(flow.told("Ready", "Degraded", "Available"))
                .containsExactly(
                        "Ready=False/AccountNotVerified", "Degraded=False/NotDegraded", "Available=True/Passing");
        flow.pass(Duration.ofMinutes(20)).assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
        flow.parameters.allow(DSN);
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
    }

    @Test
    void aParameterThatCannotBeReadIsNotMissingAndChangesNothing() {
        flow.parameters.put(DSN, "postgres://u:hunter2@db");
        flow.manifest.initially("/containers/0/env", FROM_PARAMETER);
        flow.untilSteady();
        flow.parameters.readable(false);
        flow.pass(Duration.ofMinutes(20));
        assertThat(flow.told("Ready", "EnvironmentValid", "Degraded", "Stalled"))
                .containsExactly(
                        "Ready=True/Verified",
                        "EnvironmentValid=Unknown/ReferenceNotFound",
                        "Degraded=False/NotDegraded",
                        "Stalled=-");
        flow.set("/containers/0/image", "example.com/api:2").pass(Duration.ofMinutes(20));
        assertThat(flow.told("Ready", "Reconciling", "Stalled"))
                .containsExactly("Ready=Unknown/Preflight", "Reconciling=True/Preflight", "Stalled=-");
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
        flow.parameters.readable(true);
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{name: DATABASE_URL, pattern: '^postgres://'} | does not match",
                "{name: DATABASE_URL, notPattern: hunter2}     | not allowed",
                "{name: OTHER}                                 | is not set",
            })
    void aRequiredVariableIsHeldAgainstTheParametersValue(String required, String message) {
        flow.parameters.put(DSN, "mysql://u:hunter2@db");
        flow.manifest
                .initially("/containers/0/env", FROM_PARAMETER)
                .initially("/containers/0/requiredEnv", "[" + required + "]");
        flow.run();
        assertThat(flow.told("Stalled", "EnvironmentValid"))
                .containsExactly("Stalled=True/EnvironmentInvalid", "EnvironmentValid=False/EnvironmentInvalid");
        assertThat(flow.message("EnvironmentValid")).contains(message).doesNotContain("mysql");
        flow.assertQuiet();
        assertThat(flow.cloud.calls()).isEmpty();
    }

    @Test
    void aNewGenerationOrARequestOfAPersonIsANewOccasionToReadAndAFurtherLookIsNone() {
        flow.parameters.put(DSN, "postgres://u:hunter2@db");
        flow.manifest.initially("/containers/0/env", FROM_PARAMETER);
        flow.untilSteady();
        List<String> before = occasions();
        assertThat(before.stream().distinct()).hasSize(1);
        flow.set("/containers/0/image", "example.com/api:2").run();
        assertThat(occasions().getLast()).isNotEqualTo(before.getLast());
        String edited = occasions().getLast();
        flow.annotate("lightkeeper.dev/reconcile-requested-at", "now").run();
        assertThat(occasions().getLast()).isNotEqualTo(edited);
    }

    private List<String> occasions() {
        return flow.parameters.queries().stream().map(ParameterQuery::occasion).toList();
    }

    @Test
    void onceFoundTheServicesAccountAndRegionAreKnownToWhoeverReads() {
        flow.parameters.put(DSN, "postgres://u:hunter2@db");
        flow.manifest.initially("/containers/0/env", FROM_PARAMETER);
        flow.untilSteady();
        assertThat(flow.parameters.queries().getFirst().pinned()).isNull();
        assertThat(flow.parameters.queries().getLast().pinned().accountId()).isEqualTo("111122223333");
    }

    @Test
    void aDeletionReadsNoParameterAndNothingIsRememberedAfterIt() {
        flow.parameters.put(DSN, "postgres://u:hunter2@db");
        flow.manifest.initially("/containers/0/env", FROM_PARAMETER);
        flow.untilSteady();
        int asked = flow.parameters.queries().size();
        assertThat(flow.parameters.known()).hasSize(1);
        flow.delete().run();
        assertThat(flow.parameters.queries()).hasSize(asked);
        assertThat(flow.parameters.known()).isEmpty();
    }
}
