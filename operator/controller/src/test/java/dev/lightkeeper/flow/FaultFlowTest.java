package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.False;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.flow.FakeCloud.Fault;
import dev.lightkeeper.plan.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls that are lost, refused or raced. */
class FaultFlowTest {
    static final Fault DENIED = new Fault.Refuses(
            new Failure.Denied("AccessDeniedException", "lightsail:Mutate", "the identity may not do this"));
    private static final Fault THROTTLED = new Fault.Refuses(new Failure.Throttled("too many requests"));
    private static final Fault CONFLICT =
            new Fault.Refuses(new Failure.Conflict("InvalidInputException", "the service is in transition"));
    private static final Fault QUOTA =
            new Fault.Refuses(new Failure.Terminal("QuotaExceeded", "the AWS account's quota is used up"));
    private static final Fault UNREACHABLE = new Fault.Refuses(FakeCloud.UNREACHABLE);

    private final Flow flow = new Flow();

    @AfterEach
    void nothingForbiddenWasCalled() {
        assertThat(flow.cloud.offences()).isEmpty();
    }

    static Stream<Fault> passing() {
        return Stream.of(new Fault.LostBefore(), new Fault.LostAfter(), THROTTLED, CONFLICT, UNREACHABLE, DENIED);
    }

    @ParameterizedTest
    @MethodSource("passing")
    void aCreationThatMeetsAFaultIsDoneOnceInTheEnd(Fault fault) {
        flow.nextCall(fault).untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
    }

    @ParameterizedTest
    @MethodSource("passing")
    void aDeploymentThatMeetsAFaultIsDoneOnceInTheEnd(Fault fault) {
        flow.untilSteady();
        flow.nextCall(fault)
                .set("/containers/0/image", "example.com/api:2")
                .untilSteady()
                .assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
        assertThat(flow.store.status().currentRevision()).isEqualTo("2");
    }

    @ParameterizedTest
    @MethodSource("passing")
    void aChangeOfCapacityThatMeetsAFaultIsDoneOnceInTheEnd(Fault fault) {
        flow.untilSteady();
        flow.nextCall(fault).set("/scale", "3").run();
        flow.until(() -> flow.cloud.service().scale() == 3).untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "update");
    }

    @ParameterizedTest
    @MethodSource("passing")
    void aRepairThatMeetsAFaultIsDoneOnceInTheEnd(Fault fault) {
        flow.untilSteady();
        flow.pass(Duration.ofMinutes(10));
        Contents.deployByHand(flow, "example.com/api:stale");
        flow.nextCall(fault);
        flow.until(() -> flow.cloud.calls().size() == 3).untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
    }

    @Test
    void callsThatGetNoAnswerAreMadeAgainWithGrowingDelay() {
        for (int i = 0; i < 4; i++) {
            flow.nextCall(new Fault.LostBefore());
        }
        Instant began = flow.clock.instant();
        flow.untilSteady().assertQuiet();
        assertThat(Duration.between(began, flow.cloud.audit().getFirst().at())).isGreaterThan(Duration.ofMinutes(4));
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
    }

    @Test
    void aDeniedCallIsStalledAndTriedAgainSlowly() {
        flow.nextCall(DENIED).run();
        assertThat(flow.told("Ready", "Stalled", "Reconciling", "Degraded"))
                .containsExactly(
                        "Ready=False/AccountNotVerified",
                        "Stalled=True/AccessDenied",
                        "Reconciling=-",
                        "Degraded=False/NotDegraded");
        assertThat(flow.message("Stalled")).contains("lightsail:Mutate");
        Instant denied = flow.clock.instant();
        flow.until(() -> !flow.cloud.calls().isEmpty());
        assertThat(Duration.between(denied, flow.clock.instant()))
                .isBetween(Duration.ofMinutes(9), Duration.ofMinutes(11));
        flow.untilSteady().assertQuiet();
    }

    @Test
    void aFullQuotaIsStalledAndHeals() {
        flow.nextCall(new Fault.Refuses(new Failure.Terminal("QuotaExceeded", "no more container services")))
                .run();
        assertThat(flow.told("Stalled", "Degraded"))
                .containsExactly("Stalled=True/QuotaExceeded", "Degraded=False/NotDegraded");
        flow.untilSteady().assertQuiet();
    }

    @Test
    void aQuotaThatStopsADeploymentHealsToo() {
        flow.untilSteady();
        flow.nextCall(new Fault.Refuses(new Failure.Terminal("QuotaExceeded", "too many deployments")));
        flow.set("/containers/0/image", "example.com/api:2").run();
        assertThat(flow.told("Stalled", "Degraded"))
                .containsExactly("Stalled=True/QuotaExceeded", "Degraded=False/NotDegraded");
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).hasSize(3);
    }

    @Test
    void aReleaseThatAwsRefusesForGoodIsNotTriedAgainUntilItChanges() {
        flow.untilSteady();
        flow.nextCall(new Fault.Refuses(new Failure.Terminal("InvalidInputException", "the image name is not valid")));
        flow.set("/containers/0/image", "example.com/api:2").run();
        assertThat(flow.told("Ready", "Stalled", "Available"))
                .containsExactly("Ready=False/RequestRefused", "Stalled=True/RequestRefused", "Available=True/Passing");
        flow.assertQuiet();
        assertThat(flow.cloud.calls()).hasSize(2);
        flow.set("/containers/0/image", "example.com/api:3").untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).hasSize(3);
    }

    @Test
    void somebodyElsesWriteBeforeTheIntentEndsTheRunWithoutACall() {
        flow.store.conflictOnce();
        assertThat(flow.step().abandoned()).isTrue();
        assertThat(flow.cloud.calls()).isEmpty();
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
    }

    @Test
    void aDeploymentIsAdoptedAlthoughTheListOfDeploymentsIsSilentForAWhile() {
        flow.untilSteady();
        flow.cloud.listsDeployments(false);
        flow.nextCall(new Fault.LostAfter()).set("/containers/0/image", "example.com/api:2");
        flow.pass(Duration.ofMinutes(10));
        assertThat(flow.cloud.calls()).hasSize(3);
        flow.cloud.listsDeployments(true);
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).hasSize(3);
    }

    @Test
    void nothingIsDeployedWhileTheStoredImagesCannotBeListed() {
        flow.manifest.initially("/containers/0/image", "':api.main.7'");
        flow.cloud.store(":api.main.7");
        flow.cloud.listsImages(false);
        flow.pass(Duration.ofMinutes(10));
        assertThat(flow.told("Ready", "Reconciling"))
                .containsExactly("Ready=Unknown/Preflight", "Reconciling=True/Preflight");
        assertThat(flow.cloud.calls()).containsExactly("create");
        flow.cloud.listsImages(true);
        flow.untilSteady().assertQuiet();
    }

    @Test
    void anImageThatAppearsLateGetsTheWholeTimeToActivate() {
        flow.manifest.initially("/containers/0/image", "':api.main.7'");
        flow.until("Stalled", True, Reason.ImageNotFound);
        flow.cloud.store(":api.main.7");
        flow.until(() -> flow.cloud.calls().contains("deploy"));
        while (!flow.is("Reconciling", True, Reason.Verifying)) {
            assertThat(flow.told("Stalled")).containsExactly("Stalled=-");
            flow.step();
        }
    }

    @Test
    void silenceOfAwsDuringARolloutEndsNothing() {
        flow.untilSteady();
        flow.set("/containers/0/image", "example.com/api:2").run();
        flow.cloud.answers(false);
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.told("Stalled", "Ready")).containsExactly("Stalled=-", "Ready=Unknown/Deploying");
        flow.cloud.answers(true);
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).isEqualTo(List.of("create", "deploy", "deploy"));
    }

    @Test
    void theClockOfAVerificationStandsStillWhileAwsIsSilent() {
        flow.prober.answers(FakeProber.status(503));
        flow.until(() -> flow.is("Reconciling", True, Reason.Verifying));
        Instant deadline = flow.store.status().rollout().deadlineTime();
        flow.cloud.answers(false);
        flow.pass(Duration.ofMinutes(20));
        assertThat(flow.store.status().failed()).isNull();
        flow.cloud.answers(true);
        flow.pass(Duration.ofMinutes(1));
        assertThat(flow.store.status().failed()).isNull();
        assertThat(flow.store.status().rollout().deadlineTime()).isAfter(deadline.plus(Duration.ofMinutes(19)));
        flow.prober.answers(FakeProber.status(200));
        flow.untilSteady().assertQuiet();
    }

    @Test
    void theClockOfAVerificationStandsStillWhileSuspended() {
        flow.prober.answers(FakeProber.status(503));
        flow.until(() -> flow.is("Reconciling", True, Reason.Verifying));
        flow.annotate("lightkeeper.dev/suspend", "true");
        flow.pass(Duration.ofMinutes(20));
        assertThat(flow.store.status().failed()).isNull();
        flow.annotate("lightkeeper.dev/suspend", null);
        flow.until("Stalled", True, Reason.NoRollbackTarget);
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
    }

    @Test
    void restartInAnOutageOfAwsKeepsWhatWasTold() {
        flow.untilSteady();
        flow.cloud.answers(false);
        flow.pass(Duration.ofMinutes(2));
        flow.restart();
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.told("Ready", "Reconciling")).containsExactly("Ready=True/Verified", "Reconciling=-");
        flow.pass(Duration.ofMinutes(10));
        assertThat(flow.told("Ready")).containsExactly("Ready=Unknown/ObservationStale");
        flow.restart();
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.told("Ready")).containsExactly("Ready=Unknown/ObservationStale");
    }

    @ParameterizedTest
    @MethodSource("passing")
    void aServiceThatIsMadeAgainOnRequestIsMadeOnceWhateverBecomesOfTheCall(Fault fault) {
        flow.untilSteady();
        flow.cloud.remove();
        flow.until("Stalled", True, Reason.ServiceDisappeared);
        flow.nextCall(fault)
                .annotate("lightkeeper.dev/retry-requested-at", "now")
                .untilSteady()
                .assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "create", "deploy");
    }

    @ParameterizedTest
    @MethodSource("passing")
    void aChangeOfTagsThatMeetsAFaultIsDoneOnceInTheEnd(Fault fault) {
        flow.untilSteady();
        flow.cloud.service().tags().put("lightkeeper.dev/released", "true");
        flow.nextCall(fault);
        flow.until(() -> flow.cloud.calls().size() == 3).untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "tag");
    }

    @ParameterizedTest
    @MethodSource("passing")
    void aChangeOfAccessThatMeetsAFaultIsDoneOnceInTheEnd(Fault fault) {
        flow.untilSteady();
        flow.nextCall(fault).set("/lightsail/ecrImagePuller", "Enabled").run();
        flow.until(() -> flow.cloud.calls().size() == 3).untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "update");
    }

    @ParameterizedTest
    @MethodSource("passing")
    void aDeletionThatMeetsAFaultIsDoneOnceInTheEnd(Fault fault) {
        flow.manifest.initially("/deletionPolicy", "Delete");
        flow.untilSteady();
        flow.nextCall(fault).delete();
        while (!flow.run().released()) {
            flow.clock.advance(Duration.ofSeconds(15));
        }
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "delete");
        assertThat(flow.cloud.found()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("refusing")
    void aChangeThatAwsKeepsRefusingIsAskedForMoreAndMoreRarely(Fault fault) {
        flow.untilSteady();
        flow.cloud.refuses(fault);
        flow.set("/scale", "3");
        flow.pass(Duration.ofHours(1));
        List<Instant> asked = flow.cloud.refusedAt();
        List<Duration> pauses = new ArrayList<>();
        for (int i = 1; i < asked.size(); i++) {
            pauses.add(Duration.between(asked.get(i - 1), asked.get(i)));
        }
        assertThat(pauses).hasSizeBetween(6, 12);
        assertThat(pauses.subList(0, 6)).isSorted();
        assertThat(pauses.getLast()).isBetween(Duration.ofMinutes(8), Duration.ofMinutes(15));
        flow.cloud.refuses(null);
        flow.until(() -> flow.cloud.service().scale() == 3).untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "update");
    }

    @ParameterizedTest
    @MethodSource("brief")
    void aRepairOfTagsThatIsNotTakenAtOnceSaysNothingAboutReady(Fault fault) {
        flow.untilSteady();
        flow.cloud.service().tags().put("lightkeeper.dev/released", "true");
        flow.nextCall(fault);
        flow.until(() -> flow.is("Synced", False, Reason.TagMismatch));
        assertThat(flow.told("Ready", "Reconciling"))
                .containsExactly("Ready=True/Verified", "Reconciling=True/TagMismatch");
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "tag");
    }

    @ParameterizedTest
    @MethodSource("brief")
    void aRepairOfScaleThatIsNotTakenAtOnceSaysNothingAboutReady(Fault fault) {
        flow.untilSteady();
        flow.cloud.service().scaleNow(1);
        flow.nextCall(fault);
        flow.until(() -> flow.is("Synced", False, Reason.ScaleMismatch));
        assertThat(flow.told("Ready", "Reconciling"))
                .containsExactly("Ready=True/Verified", "Reconciling=True/ScaleMismatch");
        flow.untilSteady().assertQuiet();
    }

    static Stream<Fault> brief() {
        return Stream.of(THROTTLED, CONFLICT, UNREACHABLE, new Fault.LostBefore());
    }

    @Test
    void rejectedCredentialsAreNoMissingPermissionAndHealAtOnce() {
        flow.untilSteady();
        flow.nextCall(new Fault.Refuses(new Failure.Denied(
                "CredentialsInvalid", "lightsail:UpdateContainerService", "AWS does not accept the credentials")));
        flow.set("/scale", "3").run();
        assertThat(flow.told("Ready", "Stalled", "AccountVerified"))
                .containsExactly(
                        "Ready=False/AccountNotVerified",
                        "Stalled=True/CredentialsInvalid",
                        "AccountVerified=False/CredentialsInvalid");
        assertThat(flow.message("Stalled")).doesNotContain("grant");
        flow.pass(Duration.ofMinutes(2));
        assertThat(flow.cloud.service().scale()).isEqualTo(3);
        flow.untilSteady().assertQuiet();
    }

    @ParameterizedTest
    @MethodSource("lasting")
    void aRefusedIncreaseOfScaleKeepsNoDeploymentBack(Fault fault) {
        flow.untilSteady();
        flow.cloud.refuses(Action.UpdateCapacity.class, fault);
        flow.set("/scale", "3").pass(Duration.ofMinutes(2));
        flow.set("/containers/0/image", "example.com/api:2").pass(Duration.ofMinutes(20));
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
        assertThat(flow.store.status().lastVerifiedRevision()).isEqualTo("2");
        assertThat(flow.told("Ready")).allMatch(ready -> ready.startsWith("Ready=False/"));
        assertThat(flow.cloud.refusedAt()).as("asked for again slowly").hasSizeBetween(3, 5);
        flow.assertQuiet();

        flow.cloud.refuses(Action.UpdateCapacity.class, null);
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.service().scale()).isEqualTo(3);
    }

    /** The new release may not fit into the old power. */
    @Test
    void aRefusedIncreaseOfPowerKeepsItsDeploymentBack() {
        flow.untilSteady();
        flow.cloud.refuses(Action.UpdateCapacity.class, QUOTA);
        flow.set("/lightsail/power", "micro");
        flow.set("/containers/0/image", "example.com/api:2").pass(Duration.ofMinutes(20));
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
        flow.cloud.refuses(Action.UpdateCapacity.class, null);
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "update", "deploy");
    }

    /** A deployment comes after the increase that the same spec asks for, whatever delays the increase for a moment. */
    @ParameterizedTest
    @MethodSource("brief")
    void aDeploymentWaitsForAnIncreaseThatIsOnlyDelayed(Fault fault) {
        flow.untilSteady();
        flow.manifest.set("/scale", "3");
        flow.nextCall(fault).set("/containers/0/image", "example.com/api:2").untilSteady();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "update", "deploy");
    }

    @Test
    void aRefusedChangeOfDomainsKeepsNoRepairOfTagsBack() {
        flow.untilSteady();
        flow.cloud.refuses(
                Action.UpdateAccess.class,
                new Fault.Refuses(new Failure.Terminal("CertificateNotFound", "AWS does not know the certificate")));
        flow.set("/lightsail/ecrImagePuller", "Enabled").pass(Duration.ofMinutes(1));
        flow.cloud.service().tags().put("lightkeeper.dev/released", "true");
        flow.pass(Duration.ofMinutes(2));
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "tag");
        assertThat(flow.told("Stalled")).containsExactly("Stalled=True/RequestRefused");
        flow.assertQuiet();
    }

    @Test
    void aRefusedReleaseKeepsNoRepairOfScaleBack() {
        flow.untilSteady();
        flow.cloud.refuses(
                Action.Deploy.class,
                new Fault.Refuses(new Failure.Terminal("InvalidInputException", "the image name is not valid")));
        flow.set("/containers/0/image", "example.com/api:2").pass(Duration.ofMinutes(1));
        assertThat(flow.told("Stalled")).containsExactly("Stalled=True/RequestRefused");
        flow.cloud.service().scaleNow(1);
        flow.pass(Duration.ofMinutes(3));
        assertThat(flow.cloud.service().scale()).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("lasting")
    void aRefusedIncreaseKeepsNoRepairOfDomainsOrTagsBack(Fault fault) {
        flow.untilSteady();
        flow.cloud.refuses(Action.UpdateCapacity.class, fault);
        flow.set("/scale", "3").pass(Duration.ofMinutes(1));
        flow.cloud.service().tags().put("lightkeeper.dev/released", "true");
        flow.set("/lightsail/ecrImagePuller", "Enabled").pass(Duration.ofMinutes(3));
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "update", "tag");
        flow.assertQuiet();
    }

    @ParameterizedTest
    @MethodSource("lasting")
    void aRefusedDeploymentKeepsNothingElseBack(Fault fault) {
        flow.untilSteady();
        flow.cloud.refuses(Action.Deploy.class, fault);
        flow.set("/containers/0/image", "example.com/api:2").pass(Duration.ofMinutes(1));
        flow.cloud.service().tags().put("lightkeeper.dev/released", "true");
        flow.cloud.service().scaleNow(1);
        flow.set("/lightsail/ecrImagePuller", "Enabled").pass(Duration.ofMinutes(5));
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "update", "update", "tag");
        assertThat(flow.cloud.service().scale()).isEqualTo(2);
        assertThat(flow.told("Stalled")).allMatch(stalled -> stalled.startsWith("Stalled=True/"));
        flow.cloud.refuses(Action.Deploy.class, null);
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly("example.com/api:2");
    }

    @Test
    void aRetryRequestAsksForWhatWasRefusedAtOnce() {
        flow.untilSteady();
        flow.cloud.refuses(Action.UpdateCapacity.class, QUOTA);
        flow.set("/scale", "3").pass(Duration.ofMinutes(1));
        flow.cloud.refuses(Action.UpdateCapacity.class, null);
        flow.annotate("lightkeeper.dev/retry-requested-at", "now").pass(Duration.ofMinutes(1));
        assertThat(flow.cloud.service().scale()).isEqualTo(3);
    }

    static Stream<Fault> lasting() {
        return Stream.of(QUOTA, DENIED);
    }

    static Stream<Fault> refusing() {
        return Stream.of(new Fault.LostBefore(), THROTTLED, UNREACHABLE);
    }

    @Test
    void aStaleReadAfterAChangeDoesNotMakeItTwice() {
        flow.untilSteady();
        flow.cloud.staleFor(Duration.ofSeconds(25));
        flow.set("/scale", "3");
        flow.pass(Duration.ofMinutes(3));
        flow.cloud.service().tags().put("lightkeeper.dev/released", "true");
        flow.pass(Duration.ofMinutes(3));
        flow.set("/containers/0/image", "example.com/api:2").untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "update", "tag", "deploy");
    }
}
