package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Reason;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the API server could not refuse: said once, with the field, and AWS is left alone. */
class BadSpecFlowTest {
    private static final String BAD_PATTERN = "[{name: A, pattern: '('}]";

    private final Flow flow = new Flow();

    @AfterEach
    void nothingForbiddenWasCalled() {
        assertThat(flow.cloud.offences()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/containers/0/requiredEnv | [{name: A, pattern: '('}] | InvalidSpec | requiredEnv A of container \"api\".pattern",
                "/containers/0/requiredEnv | [{name: A, notPattern: '('}] | InvalidSpec | requiredEnv A of container \"api\".notPattern",
                "/readiness/expect | {headers: [{name: via, pattern: '('}]} | InvalidSpec | readiness.expect.headers[via].pattern",
                "/containers/0/requiredEnv | [{name: A, pattern: '.{1000}.{1000}!'}] | InvalidSpec | requiredEnv A of container \"api\".pattern repeats too much",
                "/containers/0/requiredEnv | [{name: A, notPattern: '((a{20}){20}){20}'}] | InvalidSpec | requiredEnv A of container \"api\".notPattern repeats too much",
                "/readiness/expect | {headers: [{name: via, pattern: '(a{100}){100}'}]} | InvalidSpec | readiness.expect.headers[via].pattern repeats too much",
                "/verification/forbiddenLogPatterns | [{name: f, pattern: '.{1000}!', maxMatches: 0, windowSeconds: 300, enforcement: Required}] | InvalidSpec | verification.forbiddenLogPatterns[f].pattern repeats too much",
                "/driftPolicy | Dream | UnknownValue | spec.driftPolicy",
                "/managementPolicy | Dream | UnknownValue | spec.managementPolicy",
                "/adoptionPolicy | Dream | UnknownValue | spec.adoptionPolicy",
                "/deletionPolicy | Dream | UnknownValue | spec.deletionPolicy",
                "/rollout/onFailure | Dream | UnknownValue | spec.rollout.onFailure",
                "/lightsail/power | Dream | UnknownValue | spec.lightsail.power",
                "/lightsail/ecrImagePuller | Dream | UnknownValue | spec.lightsail.ecrImagePuller",
                "/containers/0/ports/0/protocol | Dream | UnknownValue | spec.containers[].ports[].protocol",
                "/verification/randomPathControl | Dream | UnknownValue | spec.verification.randomPathControl",
            })
    void isStalledWithTheFieldAndAwsIsNotEvenAsked(String pointer, String value, Reason reason, String field) {
        flow.manifest.initially(pointer, value);
        flow.run();
        assertThat(flow.told("Ready", "Stalled", "Reconciling", "Degraded", "Available"))
                .containsExactly(
                        "Ready=False/" + reason,
                        "Stalled=True/" + reason,
                        "Reconciling=-",
                        "Degraded=False/NotDegraded",
                        "Available=Unknown/NotObserved");
        assertThat(flow.message("Stalled")).contains(field);
        assertThat(flow.events)
                .singleElement()
                .satisfies(event -> assertThat(event.reason()).isEqualTo(reason));
        int runs = flow.runs();
        flow.pass(Duration.ofHours(1));
        assertThat(flow.runs() - runs).as("runs in an hour").isLessThanOrEqualTo(6);
        assertThat(flow.events).hasSize(1);
        assertThat(flow.cloud.looks()).isZero();
        assertThat(flow.cloud.calls()).isEmpty();
        assertThat(flow.prober.requests()).isEmpty();
    }

    @Test
    void everythingElseOfAMessageOfSeveralFaultsIsReachedOneAfterTheOther() {
        flow.manifest.initially("/driftPolicy", "Dream").initially("/containers/0/requiredEnv", BAD_PATTERN);
        flow.run();
        assertThat(flow.told("Stalled")).containsExactly("Stalled=True/UnknownValue");
        flow.set("/driftPolicy", "Correct").run();
        assertThat(flow.told("Stalled")).containsExactly("Stalled=True/InvalidSpec");
        flow.set("/containers/0/requiredEnv", "[]").untilSteady().assertQuiet();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatServesIsProbedOnWhileTheSpecIsInvalid(boolean restarted) {
        flow.untilSteady();
        flow.set("/driftPolicy", "Dream").run();
        if (restarted) {
            flow.restart();
        }
        int looks = flow.cloud.looks();
        flow.pass(Duration.ofMinutes(10));
        assertThat(flow.told("Ready", "Available"))
                .containsExactly("Ready=False/UnknownValue", "Available=True/Passing");
        flow.prober.answers(FakeProber.status(503));
        flow.until("Degraded", True, Reason.ReadinessFailed);
        assertThat(flow.told("Ready", "Available", "Stalled"))
                .containsExactly(
                        "Ready=False/UnknownValue", "Available=False/ReadinessFailed", "Stalled=True/UnknownValue");
        flow.prober.answers(FakeProber.status(200));
        flow.until("Available", True, Reason.Passing);
        assertThat(flow.told("Degraded")).containsExactly("Degraded=False/NotDegraded");
        assertThat(flow.cloud.looks()).isEqualTo(looks);
        flow.set("/driftPolicy", "Correct").untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
    }

    @Test
    void whatServesIsNotJudgedByAReadinessThatCameWithTheInvalidSpec() {
        flow.untilSteady();
        flow.manifest.initially("/readiness/path", "/other");
        flow.set("/driftPolicy", "Dream").run();
        int probes = flow.prober.requests().size();
        flow.pass(Duration.ofMinutes(10));
        assertThat(flow.told("Ready", "Available", "Degraded", "ReadinessPassed"))
                .containsExactly(
                        "Ready=False/UnknownValue",
                        "Available=Unknown/NotObserved",
                        "Degraded=False/NotDegraded",
                        "ReadinessPassed=Unknown/NotObserved");
        assertThat(flow.prober.requests()).hasSize(probes);
    }
}
