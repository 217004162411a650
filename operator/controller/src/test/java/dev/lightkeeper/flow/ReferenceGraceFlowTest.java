package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.False;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What begins to be missing is waited for as long as anything else, whatever was wrong with the environment before. */
class ReferenceGraceFlowTest {
    private static final String MISSES_DB = "[%s]".formatted(from("DATABASE_URL", "db"));
    private static final String MISSES_CACHE = "[%s]".formatted(from("CACHE_URL", "cache"));
    private static final String MISSES_BOTH =
            "[%s, %s]".formatted(from("DATABASE_URL", "db"), from("CACHE_URL", "cache"));
    private static final String[] TOLD = {"Ready", "Reconciling", "Stalled", "Degraded"};
    private static final String[] WAITING = {
        "Ready=False/ReferenceNotFound", "Reconciling=True/ReferenceNotFound", "Stalled=-", "Degraded=False/NotDegraded"
    };
    private static final String[] OVER = {
        "Ready=False/ReferenceNotFound",
        "Reconciling=-",
        "Stalled=True/ReferenceNotFound",
        "Degraded=True/ReferenceNotFound"
    };

    private final Flow flow = new Flow();

    @AfterEach
    void nothingForbiddenWasCalled() {
        assertThat(flow.cloud.offences()).isEmpty();
    }

    private static String from(String variable, String secret) {
        return "{name: %s, valueFrom: {secretKeyRef: {name: %s, key: url}}}".formatted(variable, secret);
    }

    private void hasTheGrace() {
        Instant began = flow.clock.instant();
        flow.run();
        assertThat(flow.told(TOLD)).containsExactly(WAITING);
        flow.pass(Duration.ofSeconds(290));
        assertThat(flow.told(TOLD)).containsExactly(WAITING);
        assertThat(flow.told("EnvironmentValid")).containsExactly("EnvironmentValid=False/ReferenceNotFound");
        flow.until("Stalled", True, Reason.ReferenceNotFound);
        assertThat(Duration.between(began, flow.clock.instant()))
                .isBetween(Duration.ofSeconds(300), Duration.ofSeconds(330));
        assertThat(flow.told(TOLD)).containsExactly(OVER);
        flow.assertQuiet();
    }

    private void isStalledAtOnce() {
        flow.run();
        assertThat(flow.told(TOLD)).containsExactly(OVER);
        flow.assertQuiet();
    }

    @Test
    void afterARequiredVariableWasWrongForLong() {
        flow.manifest
                .initially("/containers/0/env", "[{name: DATABASE_URL, value: abcdefgh}]")
                .initially("/containers/0/requiredEnv", "[{name: DATABASE_URL}]");
        flow.untilSteady();
        flow.set("/containers/0/env", "[{name: DATABASE_URL, value: ''}]")
                .until("Stalled", True, Reason.EnvironmentInvalid);
        flow.pass(Duration.ofHours(1));
        flow.set("/containers/0/env", MISSES_DB);
        hasTheGrace();
        flow.references.secret("db", Map.of("url", "postgres://u:hunter2@db"));
        flow.untilSteady().assertQuiet();
    }

    @Test
    void afterTheLiveEnvironmentWasSomebodyElsesForLong() {
        flow.manifest.initially("/driftPolicy", "Report");
        flow.untilSteady();
        Contents.deployByHand(flow, Manifest.IMAGE, Map.of("DEBUG", "1"));
        flow.until("EnvironmentValid", False, Reason.EnvironmentMismatch);
        flow.pass(Duration.ofHours(1));
        flow.set("/containers/0/env", MISSES_DB);
        hasTheGrace();
    }

    @Test
    void whileTheLiveEnvironmentIsBeingCorrectedForLong() {
        flow.untilSteady();
        flow.pass(Duration.ofMinutes(10));
        flow.cloud.activationTakes(Duration.ofMinutes(12));
        Contents.deployByHand(flow, Manifest.IMAGE, Map.of("DEBUG", "1"));
        flow.until(() -> flow.cloud.calls().size() == 3).pass(Duration.ofMinutes(11));
        assertThat(flow.told("Reconciling")).containsExactly("Reconciling=True/EnvironmentMismatch");
        flow.set("/containers/0/env", MISSES_DB).until("Reconciling", True, Reason.ReferenceNotFound);
        flow.pass(Duration.ofMinutes(2));
        assertThat(flow.told("Reconciling", "Stalled"))
                .containsExactly("Reconciling=True/ReferenceNotFound", "Stalled=-");
        flow.until("Stalled", True, Reason.ReferenceNotFound);
    }

    @Test
    void inAGenerationThatMissesSomethingElse() {
        flow.untilSteady();
        flow.set("/containers/0/env", MISSES_DB).until("Stalled", True, Reason.ReferenceNotFound);
        flow.pass(Duration.ofHours(1));
        flow.set("/containers/0/env", MISSES_CACHE);
        hasTheGrace();
    }

    @Test
    void inAGenerationThatMissesSomethingElseBeforeTheGraceOfTheOneBeforeIsOver() {
        flow.untilSteady();
        flow.set("/containers/0/env", MISSES_DB).pass(Duration.ofSeconds(280));
        assertThat(flow.told(TOLD)).containsExactly(WAITING);
        flow.set("/containers/0/env", MISSES_CACHE);
        hasTheGrace();
    }

    @Test
    void notAgainInAGenerationThatMissesTheSame() {
        flow.untilSteady();
        flow.set("/containers/0/env", MISSES_DB).until("Stalled", True, Reason.ReferenceNotFound);
        flow.set("/containers/0/image", "example.com/api:2");
        isStalledAtOnce();
    }

    @Test
    void notAgainForWhatTheSameGenerationMissedAllTheTime() {
        flow.untilSteady();
        flow.set("/containers/0/env", MISSES_BOTH).until("Stalled", True, Reason.ReferenceNotFound);
        flow.references.secret("db", Map.of("url", "postgres://u:hunter2@db"));
        isStalledAtOnce();
        assertThat(flow.message("Stalled")).contains("\"cache\"");
    }
}
