package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static dev.lightkeeper.flow.FakeProber.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Reason;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scale belongs to no revision: it is done also where the revision is Stalled. */
class StalledScaleFlowTest {
    private final Flow flow = new Flow();

    @AfterEach
    void nothingForbiddenWasCalled() {
        assertThat(flow.cloud.offences()).isEmpty();
    }

    private void steady() {
        flow.untilSteady();
        flow.pass(Duration.ofMinutes(10));
    }

    @Test
    void scaleWorksWhileStalledForAnImage() {
        flow.manifest.initially("/scale", "4");
        steady();
        flow.set("/containers/0/image", "':api.main.9'").until("Stalled", True, Reason.ImageNotFound);
        flow.set("/scale", "2").pass(Duration.ofMinutes(15));
        assertThat(flow.cloud.service().scale()).isEqualTo(2);
    }

    @Test
    void scaleWorksWhileAVerificationIsInconclusive() {
        flow.manifest.initially("/scale", "4");
        steady();
        flow.prober.answers(status(429));
        flow.set("/containers/0/image", "example.com/api:2").until("Stalled", True, Reason.VerificationInconclusive);
        flow.set("/scale", "2").pass(Duration.ofMinutes(15));
        assertThat(flow.cloud.service().scale()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"ForeignDeployment", "DeploymentFailed", "RolledBack", "ReferenceNotFound", "DriftReturned"})
    void scaleWorksWhileStalled(Reason reason) {
        flow.manifest.initially("/scale", "4");
        steady();
        switch (reason) {
            case ForeignDeployment -> {
                flow.prober.answers(status(503));
                flow.until("Degraded", True, Reason.ReadinessFailed);
                Contents.deployByHand(flow, "example.com/api:hotfix");
            }
            case DeploymentFailed -> {
                flow.cloud.cannotStart("example.com/api:2");
                flow.set("/containers/0/image", "example.com/api:2");
            }
            case RolledBack -> {
                flow.prober.sick("example.com/api:2");
                flow.set("/containers/0/image", "example.com/api:2");
            }
            case ReferenceNotFound ->
                flow.set("/containers/0/env", "[{name: A, valueFrom: {secretKeyRef: {name: db, key: url}}}]");
            case DriftReturned -> {
                for (int i = 0; i < 2; i++) {
                    Contents.deployByHand(flow, "example.com/api:stale");
                    int calls = flow.cloud.calls().size();
                    flow.until(() -> flow.cloud.calls().size() > calls)
                            .untilReady()
                            .pass(Duration.ofMinutes(6));
                }
                Contents.deployByHand(flow, "example.com/api:stale");
            }
            default -> throw new IllegalArgumentException();
        }
        flow.until("Stalled", True, reason);
        flow.set("/scale", "2").pass(Duration.ofMinutes(15));
        assertThat(flow.cloud.service().scale()).isEqualTo(2);
        flow.set("/scale", "3").pass(Duration.ofMinutes(15));
        assertThat(flow.cloud.service().scale()).isEqualTo(3);
        assertThat(flow.told("Stalled")).containsExactly("Stalled=True/" + reason);
    }

    @Test
    void aLowerScaleMakesRoomForMorePowerUnderTheLimit() {
        flow.manifest.initially("/scale", "4");
        steady();
        flow.cloud.limit(40, "0");
        flow.set("/lightsail/power", "small").until("Stalled", True, Reason.SpendingLimitExceeded);
        flow.set("/scale", "2");
        flow.pass(Duration.ofMinutes(40));
        assertThat(flow.cloud.service().scale()).isEqualTo(2);
        assertThat(flow.cloud.service().power()).isEqualTo("small");
        flow.untilSteady();
    }

    @Test
    void aLowerScaleMakesRoomForAReleaseThatNeedsMorePower() {
        flow.manifest.initially("/scale", "4");
        steady();
        flow.cloud.limit(40, "0");
        flow.set("/containers/0/image", "example.com/api:2").set("/lightsail/power", "small");
        flow.until("Stalled", True, Reason.SpendingLimitExceeded);
        flow.set("/scale", "2").untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "update", "update", "deploy");
    }
}
