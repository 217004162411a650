package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.False;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.HistoryEntry;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RevisionResult;
import dev.lightkeeper.observe.ServiceState;
import dev.lightkeeper.plan.RevisionRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From manifest to proved service, and from one manifest to the next. */
class RolloutFlowTest {
    private final Flow flow = new Flow();

    @AfterEach
    void nothingForbiddenWasCalled() {
        assertThat(flow.cloud.offences()).isEmpty();
    }

    @Test
    void newResourceIsCreatedDeployedVerifiedBakedAndThenLeftAlone() {
        flow.untilReady();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
        assertThat(flow.store.status().rollout().phase()).hasToString("Baking");
        assertThat(flow.store.status().lastVerifiedRevision()).isNull();
        flow.untilSteady();
        assertThat(flow.store.status().lastVerifiedRevision()).isEqualTo("1");
        assertThat(flow.store.results()).containsExactly(RevisionRecord.Result.Verified);
        assertThat(flow.told("Ready", "Available", "Degraded", "Synced", "RollbackReady", "Reconciling", "Stalled"))
                .containsExactly(
                        "Ready=True/Verified",
                        "Available=True/Passing",
                        "Degraded=False/NotDegraded",
                        "Synced=True/InSync",
                        "RollbackReady=True/VerifiedRevisionKept",
                        "Reconciling=-",
                        "Stalled=-");
        flow.assertQuiet();
    }

    @Test
    void aRolloutTellsItsPhasesAndIsNotReadyUntilItIsProved() {
        flow.run();
        assertThat(flow.told("Ready", "Reconciling"))
                .containsExactly("Ready=Unknown/CreatingService", "Reconciling=True/CreatingService");
        flow.until(() -> flow.is("Reconciling", True, Reason.Deploying));
        flow.until(() -> flow.is("Reconciling", True, Reason.Activating));
        flow.until(() -> flow.is("Reconciling", True, Reason.Verifying));
        assertThat(flow.told("Ready")).containsExactly("Ready=Unknown/Verifying");
    }

    @Test
    void passingBeforeTheOldNodesAreGoneIsNoProof() {
        flow.until(() -> flow.is("Reconciling", True, Reason.Verifying));
        var active = flow.store.status().lightsail().activeTime();
        flow.untilReady();
        assertThat(flow.clock.instant()).isAfterOrEqualTo(active.plusSeconds(60 + 30));
        assertThat(flow.clock.instant()).isBefore(active.plusSeconds(60 + 30 + 31));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/containers/0/image | example.com/api:2 | deploy",
                "/containers/0/env | [{name: MODE, value: fast}] | deploy",
                "/containers/0/command | [node, dist/main.js] | deploy",
                "/containers/0/ports/0/containerPort | 8080 | deploy",
                "/publicEndpoint/healthCheck/path | /health/other | deploy",
                "/publicEndpoint | {containerName: api, containerPort: 3697, healthCheck: {path: /l, successCodes: '200', intervalSeconds: 9, timeoutSeconds: 5, healthyThreshold: 2, unhealthyThreshold: 2}} | deploy",
                "/scale | 3 | update",
                "/lightsail/power | micro | update",
            })
    void aChangeCallsOnlyWhatDiffers(String pointer, String value, String call) {
        flow.untilSteady();
        flow.set(pointer, value).untilSteady();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", call);
        flow.assertQuiet();
    }

    @Test
    void anotherPowerIsNotReadyUntilItIsProvedOnThatPower() {
        flow.untilSteady();
        flow.set("/lightsail/power", "micro").run();
        while (flow.cloud.service().state() != ServiceState.RUNNING) {
            assertThat(flow.told("Ready")).containsExactly("Ready=Unknown/Capacity");
            flow.step();
        }
        flow.until(() -> flow.is("Reconciling", True, Reason.Verifying));
        flow.untilSteady();
        assertThat(flow.store.status().currentRevision()).isEqualTo("2");
    }

    @Test
    void powerScaleAndImageTogetherRaiseFirstThenDeployThenLowerWhenProved() {
        flow.set("/scale", "3").untilSteady();
        flow.set("/lightsail/power", "micro").set("/scale", "2").set("/containers/0/image", "example.com/api:2");
        flow.untilSteady();
        flow.until(() -> flow.cloud.service().scale() == 2).untilSteady();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "update", "deploy", "update");
        flow.assertQuiet();
    }

    @Test
    void aNewImageCarriesNoReadyOverAndAvailableTellsThatTheOldOneServes() {
        flow.untilSteady();
        flow.set("/containers/0/image", "example.com/api:2").run();
        assertThat(flow.told("Ready", "Available", "Synced", "Reconciling"))
                .containsExactly(
                        "Ready=Unknown/Deploying",
                        "Available=True/Passing",
                        "Synced=False/ImageMismatch",
                        "Reconciling=True/Deploying");
        flow.untilSteady().assertQuiet();
        assertThat(flow.store.status().lastVerifiedRevision()).isEqualTo("2");
    }

    @Test
    void aNewerSpecWaitsForTheDeploymentUnderWayAndOnlyTheNewestIsDeployed() {
        flow.untilSteady();
        flow.set("/containers/0/image", "example.com/api:2").run();
        flow.pass(Duration.ofSeconds(20));
        flow.set("/containers/0/image", "example.com/api:3").run();
        flow.set("/containers/0/image", "example.com/api:4").untilSteady();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy", "deploy");
        assertThat(flow.cloud.service().images()).containsExactly("example.com/api:4");
        assertThat(flow.store.revision("2").result()).isEqualTo(RevisionRecord.Result.Superseded);
        flow.assertQuiet();
    }

    @Test
    void goingBackToWhatIsLiveWhileAnotherIsUnderWayDeploysTheOldOneOnceMore() {
        flow.untilSteady();
        flow.set("/containers/0/image", "example.com/api:2").run();
        flow.set("/containers/0/image", Manifest.IMAGE).untilSteady();
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy", "deploy");
        assertThat(flow.store.status().currentRevision()).isEqualTo("1");
        flow.assertQuiet();
    }

    @Test
    void aChangedConfigMapIsRolledOutAndVerifiedByItself() {
        flow.references.configMap("settings", Map.of("MODE", "slow"));
        flow.set("/containers/0/envFrom", "[{configMapRef: {name: settings}}]").untilSteady();
        flow.references.configMap("settings", Map.of("MODE", "fast"));
        flow.until(() -> flow.cloud.calls().size() == 3).untilSteady();
        assertThat(flow.store.status().currentRevision()).isEqualTo("2");
        flow.assertQuiet();
    }

    @Test
    void aRotatedSecretIsRolledOutAndNeverShown() {
        flow.references.secret("db", Map.of("url", "postgres://u:hunter2@db"));
        flow.set("/containers/0/env", "[{name: DATABASE_URL, valueFrom: {secretKeyRef: {name: db, key: url}}}]")
                .untilSteady();
        flow.references.secret("db", Map.of("url", "postgres://u:hunter3@db"));
        flow.until(() -> flow.cloud.calls().size() == 3).untilSteady();
        assertThat(flow.cloud
                        .service()
                        .content()
                        .containers()
                        .get("api")
                        .environment()
                        .get("DATABASE_URL")
                        .reveal())
                .endsWith("hunter3@db");
        flow.assertQuiet();
    }

    @Test
    void aChangeOfPoliciesOnlyKeepsReadyInTheSamePatch() {
        flow.untilSteady();
        flow.set("/driftPolicy", "Report").set("/rollout/bakeSeconds", "60").run();
        assertThat(flow.told("Ready", "Reconciling")).containsExactly("Ready=True/Verified", "Reconciling=-");
        assertThat(flow.store.status().observedGeneration()).isEqualTo(3);
        assertThat(flow.cloud.calls()).hasSize(2);
    }

    @Test
    void aChangeOfTheContractOnlyIsVerifiedAgainWithoutACallOfAws() {
        flow.untilSteady();
        flow.set("/readiness/path", "/health/deep").run();
        assertThat(flow.told("Ready")).containsExactly("Ready=Unknown/Verifying");
        flow.untilSteady();
        assertThat(flow.prober.requests().getLast().uri().getPath()).isEqualTo("/health/deep");
        assertThat(flow.cloud.calls()).hasSize(2);
        flow.assertQuiet();
    }

    @Test
    void aChangedContractIsNotProvedByACapacityChangeThatRunsMeanwhile() {
        flow.untilSteady();
        flow.set("/readiness/path", "/health/deep").set("/scale", "3").run();
        while (flow.cloud.service().state() != ServiceState.RUNNING) {
            assertThat(flow.is("Ready", True, Reason.Verified)).isFalse();
            flow.step();
        }
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "update");
    }

    @Test
    void aContractChangedAgainAndAgainIsProvedEachTimeAndAPolicyChangeAfterwardsIsNot() {
        flow.untilSteady();
        flow.set("/readiness/path", "/health/deep").untilSteady();
        flow.set("/driftPolicy", "Report").run();
        assertThat(flow.told("Ready")).containsExactly("Ready=True/Verified");
        flow.set("/readiness/path", "/health/ready").run();
        assertThat(flow.told("Ready")).containsExactly("Ready=Unknown/Verifying");
        flow.untilSteady().assertQuiet();
    }

    @Test
    void aContractThatFailsOnTheSameBitsDegradesAndHealsByItself() {
        flow.untilSteady();
        flow.prober.answers(FakeProber.status(500));
        flow.set("/readiness/path", "/health/deep");
        flow.until("Degraded", True, Reason.ReadinessFailed);
        assertThat(flow.told("Ready", "Stalled")).containsExactly("Ready=False/ReadinessFailed", "Stalled=-");
        flow.prober.answers(FakeProber.status(200));
        flow.untilReady();
        assertThat(flow.cloud.calls()).hasSize(2);
    }

    @Test
    void failedAtAwsIsToldWhileTheOldVersionServesAndIsNotTriedAgain() {
        flow.untilSteady();
        flow.cloud.cannotStart("example.com/api:2");
        flow.set("/containers/0/image", "example.com/api:2");
        flow.until("Stalled", True, Reason.DeploymentFailed);
        assertThat(flow.told("Ready", "Degraded", "Available", "Reconciling"))
                .containsExactly(
                        "Ready=False/DeploymentFailed",
                        "Degraded=True/DeploymentFailed",
                        "Available=True/Passing",
                        "Reconciling=-");
        assertThat(flow.message("Stalled")).contains("version 1 still serves", "get-container-log");
        assertThat(flow.store.status().currentRevision()).isEqualTo("1");
        flow.assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
        flow.set("/containers/0/image", "example.com/api:3").untilSteady().assertQuiet();
    }

    @Test
    void firstDeploymentThatFailsLeavesNothingAvailable() {
        flow.cloud.cannotStart(Manifest.IMAGE);
        flow.until("Stalled", True, Reason.DeploymentFailed);
        assertThat(flow.told("Ready", "Degraded", "Available"))
                .containsExactly(
                        "Ready=False/DeploymentFailed", "Degraded=True/DeploymentFailed", "Available=False/NotServing");
        flow.assertQuiet();
    }

    @Test
    void aRetryRequestDeploysAFailedRevisionOnceMore() {
        flow.cloud.cannotStart(Manifest.IMAGE);
        flow.until("Stalled", True, Reason.DeploymentFailed);
        flow.annotate("lightkeeper.dev/retry-requested-at", "now");
        flow.until(() -> flow.cloud.calls().size() == 3).until("Stalled", True, Reason.DeploymentFailed);
        flow.assertQuiet();
    }

    @Test
    void aReleaseThatIsNotReadyAtTheDeadlineIsKeptAndToldAndHealsWhenItPasses() {
        flow.manifest.initially("/rollout/onFailure", "Hold");
        flow.untilSteady();
        flow.prober.sick("example.com/api:2");
        flow.set("/containers/0/image", "example.com/api:2");
        flow.until(() -> flow.is("Reconciling", True, Reason.Verifying));
        var active = flow.store.status().lightsail().activeTime();
        flow.until("Stalled", True, Reason.VerificationFailed);
        assertThat(flow.clock.instant()).isBetween(active.plusSeconds(360), active.plusSeconds(360 + 35));
        assertThat(flow.told("Ready", "Degraded", "Available"))
                .containsExactly(
                        "Ready=False/VerificationFailed",
                        "Degraded=True/VerificationFailed",
                        "Available=False/ReadinessFailed");
        flow.assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
        flow.prober.cured("example.com/api:2");
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
        assertThat(flow.store.status().lastVerifiedRevision()).isEqualTo("2");
    }

    @Test
    void onlyUnclearAnswersAreInconclusiveAndLaterProofVerifies() {
        flow.prober.answers(FakeProber.status(429));
        flow.until(() -> flow.is("Stalled", True, Reason.VerificationInconclusive));
        assertThat(flow.told("Ready", "Degraded"))
                .containsExactly("Ready=Unknown/VerificationInconclusive", "Degraded=False/NotDegraded");
        flow.assertQuiet();
        flow.prober.answers(FakeProber.status(200));
        flow.untilSteady().assertQuiet();
    }

    @Test
    void aDeploymentThatAwsNeverEndsIsToldAfterTheProgressDeadline() {
        flow.cloud.activationTakes(Duration.ofMinutes(40));
        flow.until("Stalled", True, Reason.ProgressDeadlineExceeded);
        assertThat(flow.told("Ready")).containsExactly("Ready=Unknown/ProgressDeadlineExceeded");
        flow.untilSteady().assertQuiet();
    }

    @Test
    void failingInTheBakeIsToldAndKept() {
        flow.untilReady();
        flow.prober.answers(FakeProber.status(503));
        flow.until("Stalled", True, Reason.NoRollbackTarget);
        assertThat(flow.told("Ready", "Available"))
                .containsExactly("Ready=False/NoRollbackTarget", "Available=False/ReadinessFailed");
        assertThat(flow.cloud.calls()).hasSize(2);
        flow.prober.answers(FakeProber.status(200));
        flow.untilSteady().assertQuiet();
    }

    @Test
    void aNewSpecEndsTheBakeEarlyAndTheOldOneCountsAsVerified() {
        flow.untilReady();
        flow.set("/containers/0/image", "example.com/api:2").run();
        assertThat(flow.store.status().lastVerifiedRevision()).isEqualTo("1");
        flow.untilSteady().assertQuiet();
    }

    @Test
    void aRestartRequestDeploysTheSameRevisionOnceMoreAndVerifiesIt() {
        flow.untilSteady();
        flow.annotate("lightkeeper.dev/restart-requested-at", "monday").run();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
        assertThat(flow.is("Ready", True, Reason.Verified)).isFalse();
        flow.untilSteady().assertQuiet();
        assertThat(flow.store.status().currentRevision()).isEqualTo("1");
        assertThat(flow.store.status().lightsail().deploymentVersion()).isEqualTo(2);
        assertThat(flow.store.status().handled()).containsEntry("lightkeeper.dev/restart-requested-at", "monday");
    }

    @Test
    void requestsThatArePresentAtFirstSightCountAsHandled() {
        flow.annotate("lightkeeper.dev/restart-requested-at", "a");
        flow.annotate("lightkeeper.dev/retry-requested-at", "b");
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
    }

    @Test
    void anImageThatIsNotStoredIsWaitedForAndThenDeployed() {
        flow.manifest.initially("/containers/0/image", "':api.main.7'");
        flow.until("Reconciling", True, Reason.ImageNotFound);
        assertThat(flow.told("Ready")).containsExactly("Ready=False/ImageNotFound");
        assertThat(flow.cloud.calls()).containsExactly("create");
        flow.until("Stalled", True, Reason.ImageNotFound);
        flow.assertQuiet();
        flow.cloud.store(":api.main.7");
        flow.untilSteady().assertQuiet();
        assertThat(flow.is("Degraded", False, Reason.NotDegraded)).isTrue();
        assertThat(flow.cloud.calls()).isEqualTo(List.of("create", "deploy"));
    }

    @Test
    void lessPowerIsTakenWhenTheDeploymentHasProvedItselfAndThenIsProvedAgain() {
        flow.manifest.initially("/lightsail/power", "medium");
        flow.untilSteady();
        flow.set("/lightsail/power", "nano").set("/containers/0/image", "example.com/api:2");
        flow.until(() -> flow.cloud.calls().size() == 3);
        assertThat(flow.cloud.service().power()).isEqualTo("medium");
        flow.until(() -> flow.cloud.calls().size() == 4);
        assertThat(flow.told("Ready")).containsExactly("Ready=Unknown/Capacity");
        flow.until(() -> flow.cloud.service().state() == ServiceState.RUNNING);
        assertThat(flow.is("Ready", True, Reason.Verified)).isFalse();
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy", "update");
        assertThat(flow.cloud.service().power()).isEqualTo("nano");
        assertThat(flow.store.status().history())
                .extracting(HistoryEntry::result)
                .containsExactly(RevisionResult.Verified, RevisionResult.Verified);
    }

    @Test
    void aReleaseThatFailsKeepsThePowerThatItsPredecessorHad() {
        flow.manifest.initially("/rollout/onFailure", "Hold");
        flow.manifest.initially("/lightsail/power", "medium");
        flow.untilSteady();
        flow.prober.sick("example.com/api:2");
        flow.set("/lightsail/power", "nano").set("/containers/0/image", "example.com/api:2");
        flow.until("Stalled", True, Reason.VerificationFailed);
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
        assertThat(flow.cloud.service().power()).isEqualTo("medium");
        flow.prober.cured("example.com/api:2");
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.service().power()).isEqualTo("nano");
    }

    @Test
    void lessPowerForTheSameReleaseIsTakenAtOnce() {
        flow.manifest.initially("/lightsail/power", "medium");
        flow.untilSteady();
        flow.set("/lightsail/power", "nano").run();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "update");
        flow.untilSteady().assertQuiet();
    }

    @Test
    void morePowerAfterAFailedReleaseComesBeforeTheNextDeployment() {
        flow.untilSteady();
        flow.cloud.cannotStart("example.com/api:2");
        flow.set("/containers/0/image", "example.com/api:2").until("Stalled", True, Reason.DeploymentFailed);
        flow.set("/containers/0/image", "example.com/api:3").set("/lightsail/power", "small");
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy", "update", "deploy");
    }

    @ParameterizedTest
    @CsvSource({"small", "nano"})
    void anotherPowerIsNotSaidToBeWorkedOnWhileSuspended(String power) {
        flow.manifest.initially("/lightsail/power", "micro");
        flow.untilSteady();
        flow.set("/suspend", "true").run();
        flow.set("/lightsail/power", power);
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.told("Ready", "Reconciling", "Synced"))
                .containsExactly("Ready=False/PowerMismatch", "Reconciling=-", "Synced=False/PowerMismatch");
        assertThat(flow.store.status().plan()).singleElement().asString().contains(power);
        flow.assertQuiet();
        flow.set("/suspend", "false").untilSteady().assertQuiet();
    }
}
