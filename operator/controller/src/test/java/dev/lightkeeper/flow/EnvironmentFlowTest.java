package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Variables that are required and variables that come from elsewhere. */
class EnvironmentFlowTest {
    private static final String FROM_SECRET = "[{name: DATABASE_URL, valueFrom: {secretKeyRef: {name: db, key: url}}}]";

    private final Flow flow = new Flow();

    @AfterEach
    void nothingForbiddenWasCalled() {
        assertThat(flow.cloud.offences()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]                                  | {name: TOKEN}                      | is not set",
                "[{name: TOKEN, value: ''}]          | {name: TOKEN}                      | is empty",
                "[{name: TOKEN, value: changeme}]    | {name: TOKEN, notPattern: changeme} | not allowed",
                "[{name: TOKEN, value: abcdefgh}]    | {name: TOKEN, pattern: '^sk-'}     | does not match",
            })
    void nothingIsTouchedWhileARequiredVariableHasNoUsableValue(String env, String required, String message) {
        flow.manifest.initially("/containers/0/env", env).initially("/containers/0/requiredEnv", "[" + required + "]");
        flow.run();
        assertThat(flow.told("Ready", "EnvironmentValid", "Stalled", "Reconciling"))
                .containsExactly(
                        "Ready=False/EnvironmentInvalid",
                        "EnvironmentValid=False/EnvironmentInvalid",
                        "Stalled=True/EnvironmentInvalid",
                        "Reconciling=-");
        assertThat(flow.message("EnvironmentValid")).contains("TOKEN", message).doesNotContain("abcdefgh");
        flow.assertQuiet();
        assertThat(flow.cloud.calls()).isEmpty();
    }

    @Test
    void variablesOfAResourceHaveABudgetAboveWhichNothingIsReadAnyMore() {
        flow.references.configMap("big", Map.of("VALUE", "x".repeat(200_000)));
        flow.references.configMap("small", Map.of("VALUE", "x"));
        flow.manifest.initially(
                "/containers/0/envFrom",
                "[{configMapRef: {name: big}, prefix: A_}, {configMapRef: {name: big}, prefix: B_}, {configMapRef: {name: small}, prefix: C_}]");
        flow.run();
        assertThat(flow.told("Ready", "EnvironmentValid", "Stalled"))
                .containsExactly(
                        "Ready=False/EnvironmentInvalid",
                        "EnvironmentValid=False/EnvironmentInvalid",
                        "Stalled=True/EnvironmentInvalid");
        assertThat(flow.message("Stalled"))
                .contains("envFrom of container \"api\"", "262144 characters", "take single keys");
        assertThat(flow.references.reads()).isEqualTo(flow.runs());
        assertThat(flow.cloud.calls()).isEmpty();
        flow.references.configMap("big", Map.of("VALUE", "x".repeat(100_000)));
        flow.untilSteady();
    }

    @Test
    void headersHaveTheSameBudget() {
        flow.references.secret("probe", Map.of("token", "x".repeat(200_000)));
        flow.manifest.initially(
                "/readiness/headers",
                "[{name: A, valueFrom: {secretKeyRef: {name: probe, key: token}}}, {name: B, valueFrom: {secretKeyRef: {name: probe, key: token}}}]");
        flow.run();
        assertThat(flow.told("Stalled")).containsExactly("Stalled=True/EnvironmentInvalid");
        assertThat(flow.message("Stalled")).contains("readiness.headers[B]", "262144 characters");
    }

    @Test
    void namesCountLikeValues() {
        Map<String, String> many =
                IntStream.range(0, 10_000).boxed().collect(Collectors.toMap(number -> "V" + number, number -> ""));
        flow.references.configMap("many", many);
        flow.manifest.initially(
                "/containers/0/envFrom", "[{configMapRef: {name: many}, prefix: %s}]".formatted("P".repeat(100)));
        flow.run();
        assertThat(flow.told("Stalled")).containsExactly("Stalled=True/EnvironmentInvalid");
    }

    @Test
    void aLongValueIsNotMatchedWithAPattern() {
        flow.references.configMap("long", Map.of("TOKEN", "x".repeat(16_385)));
        flow.manifest
                .initially("/containers/0/envFrom", "[{configMapRef: {name: long}}]")
                .initially("/containers/0/requiredEnv", "[{name: TOKEN, pattern: x}]");
        flow.run();
        assertThat(flow.told("Stalled")).containsExactly("Stalled=True/EnvironmentInvalid");
        assertThat(flow.message("Stalled")).contains("TOKEN", "16384 characters", "remove pattern and notPattern");
        flow.set("/containers/0/requiredEnv", "[{name: TOKEN}]").untilSteady().assertQuiet();
    }

    @Test
    void aRequiredVariableThatGetsLostInAReleaseKeepsTheOldOneServing() {
        flow.manifest
                .initially("/containers/0/env", "[{name: TOKEN, value: abcdefgh}]")
                .initially("/containers/0/requiredEnv", "[{name: TOKEN}]");
        flow.untilSteady();
        flow.set("/containers/0/env", "[]")
                .set("/containers/0/image", "example.com/api:2")
                .run();
        assertThat(flow.told("Ready", "Degraded", "EnvironmentValid", "Available", "Stalled"))
                .containsExactly(
                        "Ready=False/EnvironmentInvalid",
                        "Degraded=True/EnvironmentInvalid",
                        "EnvironmentValid=False/EnvironmentInvalid",
                        "Available=True/Passing",
                        "Stalled=True/EnvironmentInvalid");
        flow.assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
        flow.set("/containers/0/env", "[{name: TOKEN, value: other}]")
                .untilSteady()
                .assertQuiet();
        assertThat(flow.told("EnvironmentValid", "Degraded"))
                .containsExactly("EnvironmentValid=True/Passing", "Degraded=False/NotDegraded");
    }

    @Test
    void aMissingReferenceIsWaitedForFiveMinutesThenStalledAndHeals() {
        flow.manifest.initially("/containers/0/env", FROM_SECRET);
        Instant began = flow.clock.instant();
        flow.run();
        assertThat(flow.told("Ready", "Reconciling", "Stalled", "Degraded"))
                .containsExactly(
                        "Ready=False/ReferenceNotFound",
                        "Reconciling=True/ReferenceNotFound",
                        "Stalled=-",
                        "Degraded=False/NotDegraded");
        flow.until("Stalled", True, Reason.ReferenceNotFound);
        assertThat(Duration.between(began, flow.clock.instant()))
                .isBetween(Duration.ofSeconds(300), Duration.ofSeconds(315));
        assertThat(flow.told("Degraded")).containsExactly("Degraded=False/NotDegraded");
        assertThat(flow.cloud.calls()).isEmpty();
        flow.assertQuiet();
        flow.references.secret("db", Map.of("url", "postgres://u:hunter2@db"));
        flow.untilSteady().assertQuiet();
    }

    @Test
    void aReferenceThatGetsLostNeverTouchesWhatServes() {
        flow.references.secret("db", Map.of("url", "postgres://u:hunter2@db"));
        flow.manifest.initially("/containers/0/env", FROM_SECRET);
        flow.untilSteady();
        flow.references.removeSecret("db");
        flow.until("Stalled", True, Reason.ReferenceNotFound);
        assertThat(flow.told("Ready", "Degraded", "Available"))
                .containsExactly(
                        "Ready=False/ReferenceNotFound", "Degraded=True/ReferenceNotFound", "Available=True/Passing");
        flow.assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
        flow.references.secret("db", Map.of("url", "postgres://u:hunter2@db"));
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
    }

    @Test
    void aReferenceThatCannotBeReadIsNotMissing() {
        flow.references.secret("db", Map.of("url", "postgres://u:hunter2@db"));
        flow.manifest.initially("/containers/0/env", FROM_SECRET);
        flow.untilSteady();
        flow.references.readable(false);
        flow.pass(Duration.ofMinutes(20));
        assertThat(flow.told("Ready", "EnvironmentValid", "Degraded", "Stalled"))
                .containsExactly(
                        "Ready=True/Verified",
                        "EnvironmentValid=Unknown/ReferenceNotFound",
                        "Degraded=False/NotDegraded",
                        "Stalled=-");
        flow.assertQuiet();
        flow.references.readable(true);
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
    }

    @Test
    void aNewReleaseWhoseReferenceCannotBeReadWaits() {
        flow.untilSteady();
        flow.references.readable(false);
        flow.set("/containers/0/env", FROM_SECRET).run();
        assertThat(flow.told("Ready", "Reconciling"))
                .containsExactly("Ready=Unknown/Preflight", "Reconciling=True/Preflight");
        flow.pass(Duration.ofMinutes(10));
        assertThat(flow.is("Ready", True, Reason.Verified)).isFalse();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
        flow.references.readable(true);
        flow.references.secret("db", Map.of("url", "postgres://u:hunter2@db"));
        flow.untilSteady().assertQuiet();
    }

    @Test
    void probeHeadersComeFromSecretsAndAreNotShown() {
        flow.references.secret("probe", Map.of("token", "very-secret-token"));
        flow.manifest.initially(
                "/readiness/headers", "[{name: Authorization, valueFrom: {secretKeyRef: {name: probe, key: token}}}]");
        flow.untilSteady();
        assertThat(flow.prober
                        .requests()
                        .getLast()
                        .headers()
                        .get("Authorization")
                        .reveal())
                .isEqualTo("very-secret-token");
    }

    @Test
    void liveEnvironmentThatSomebodyChangedIsDriftNamedWithoutValues() {
        flow.references.secret("db", Map.of("url", "postgres://u:hunter2@db"));
        flow.manifest.initially("/containers/0/env", FROM_SECRET);
        flow.untilSteady();
        flow.pass(Duration.ofMinutes(10));
        Contents.deployByHand(flow, Manifest.IMAGE, Map.of("DATABASE_URL", "postgres://evil", "DEBUG", "1"));
        flow.until(() -> flow.cloud.calls().size() == 3);
        assertThat(flow.told("Ready", "Degraded", "EnvironmentValid"))
                .containsExactly(
                        "Ready=False/EnvironmentMismatch",
                        "Degraded=True/EnvironmentMismatch",
                        "EnvironmentValid=False/EnvironmentMismatch");
        assertThat(flow.message("EnvironmentValid"))
                .contains("DATABASE_URL, DEBUG")
                .doesNotContain("evil");
        flow.untilSteady().assertQuiet();
    }
}
