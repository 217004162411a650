package dev.lightkeeper.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.lightkeeper.api.v1alpha1.Annotations;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.HostStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RollPhase;
import dev.lightkeeper.observe.HostOutcome;
import dev.lightkeeper.observe.HostReport;
import dev.lightkeeper.plan.RevisionRecord;
import dev.lightkeeper.verify.TryLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A service on EC2 hosts: brought there host by host, proved, taken back and kept. */
class HostFlowTest {
    private static final String SECOND = "example.com/api:2";
    private static final Map<String, String> FIRST_EVERYWHERE = everywhere("1", Manifest.IMAGE);
    private static final Map<String, String> SECOND_EVERYWHERE = everywhere("2", SECOND);

    private final Flow flow = Flow.onHosts();

    private static Map<String, String> everywhere(String revision, String image) {
        return Map.of("i-1", "%s [%s]".formatted(revision, image), "i-2", "%s [%s]".formatted(revision, image));
    }

    private List<String> sentSince(int before) {
        return flow.fleet.audit().subList(before, flow.fleet.audit().size());
    }

    private HostStatus host(String id) {
        return flow.store.status().hosts().stream()
                .filter(host -> host.instanceId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void firstDeploymentIsMadeHostByHostAndProved() {
        flow.untilSteady();

        assertThat(flow.fleet.running()).isEqualTo(FIRST_EVERYWHERE);
        assertThat(flow.fleet.audit())
                .containsExactly("inspect i-1 i-2", "prepare i-1 i-2", "activate i-1", "activate i-2");
        assertThat(flow.told("Ready", "Available", "Synced", "ReadinessPassed", "EnvironmentValid", "Degraded"))
                .containsExactly(
                        "Ready=True/Verified",
                        "Available=True/Passing",
                        "Synced=True/InSync",
                        "ReadinessPassed=True/Passing",
                        "EnvironmentValid=True/Passing",
                        "Degraded=False/NotDegraded");
        assertThat(flow.store.status().lastVerifiedRevision()).isEqualTo("1");
        assertThat(flow.store.status().readyReplicas()).isEqualTo(2);
        assertThat(flow.store.status().summary().scale()).isEqualTo("2/2");
        assertThat(flow.fleet.offences()).isEmpty();
        flow.assertQuiet();
    }

    @Test
    void newReleaseReplacesTheOldOneHostByHost() {
        flow.untilSteady();
        flow.set("/containers/0/image", SECOND).untilSteady();

        assertThat(flow.fleet.running()).isEqualTo(SECOND_EVERYWHERE);
        assertThat(flow.is("Ready", ConditionStatus.True, Reason.Verified)).isTrue();
        assertThat(flow.store.status().currentRevision()).isEqualTo("2");
        flow.assertQuiet();
    }

    @Test
    void canaryThatDoesNotAnswerIsTakenBackBeforeAnotherHostIsTouched() {
        flow.untilSteady();
        int before = flow.fleet.audit().size();
        flow.fleet.sick(SECOND);

        flow.set("/containers/0/image", SECOND).until("Stalled", ConditionStatus.True, Reason.DeploymentFailed);

        assertThat(sentSince(before))
                .containsExactly("inspect i-1 i-2", "prepare i-1 i-2", "activate i-1", "rollback i-1");
        assertThat(flow.fleet.running()).isEqualTo(FIRST_EVERYWHERE);
        assertThat(flow.told("Ready", "Available", "Degraded"))
                .containsExactly(
                        "Ready=False/DeploymentFailed", "Available=True/Passing", "Degraded=True/DeploymentFailed");
        assertThat(flow.message("Stalled")).contains("host i-1", "revision 1 was started again there and works");
        assertThat(flow.store.status().currentRevision()).isEqualTo("1");
        assertThat(flow.fleet.offences()).isEmpty();
        flow.pass(Duration.ofMinutes(10));
        assertThat(sentSince(before)).hasSize(4);
    }

    @Test
    void checkIsJudgedByItsOwnAnswersWhenThoseOfOthersAreMissing() {
        flow.set("/verification/endpoints", "[{name: api, path: /api, port: 3697, method: GET, enforcement: Required}]")
                .untilSteady();
        flow.fleet.answersOnly(1);
        flow.fleet.sick(Manifest.IMAGE);

        flow.until("ReadinessPassed", ConditionStatus.False, Reason.ReadinessFailed);
    }

    @Test
    void takenBackHostIsJudgedByTheContractOfItsRevision() {
        flow.untilSteady();
        flow.fleet.lacks(Manifest.IMAGE, "/health/status");
        flow.fleet.lacks(SECOND, "/health/status");
        Journal journal = new Journal(flow);

        flow.set("/containers/0/image", SECOND)
                .set("/readiness/path", "/health/status")
                .until("Stalled", ConditionStatus.True, Reason.DeploymentFailed);

        assertThat(flow.message("Stalled"))
                .contains("host i-1: GET /health/status: answered 404, expected 200-299")
                .contains("revision 1 was started again there and works");
        flow.pass(Duration.ofMinutes(30));
        assertThat(journal.transitions()).doesNotContainKey("Available");
        assertThat(flow.told("Ready", "Available", "ReadinessPassed"))
                .containsExactly(
                        "Ready=False/DeploymentFailed", "Available=True/Passing", "ReadinessPassed=True/Passing");
        assertThat(flow.fleet.askedOf("i-2")).endsWith("/health/ready");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 10})
    void hostInARollFailsAfterAsManyMissesAsDeclared(int retries) {
        flow.set("/verification/retries", String.valueOf(retries))
                .set("/verification/backoff", "{initialSeconds: 20, factor: 1, maxSeconds: 20}")
                .untilSteady();
        flow.fleet.sick(SECOND);
        flow.set("/containers/0/image", SECOND)
                .until(() -> flow.fleet.audit().getLast().equals("activate i-1"));
        Instant begun = flow.clock.instant();
        int asked = flow.fleet.askedOf("i-1").size();

        flow.until(() -> flow.fleet.audit().getLast().equals("rollback i-1"));

        assertThat(flow.fleet.askedOf("i-1")).hasSize(asked + retries);
        assertThat(Duration.between(begun, flow.clock.instant()))
                .isGreaterThan(Duration.ofSeconds(20L * (retries - 1)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 20, 30, 40, 50})
    void canaryThatDoesNotStartIsTakenBack(int seconds) {
        flow.untilSteady();
        flow.pass(Duration.ofSeconds(seconds));
        flow.fleet.cannotStart(SECOND);
        Journal journal = new Journal(flow);

        flow.set("/containers/0/image", SECOND).until("Stalled", ConditionStatus.True, Reason.DeploymentFailed);

        assertThat(flow.fleet.running()).isEqualTo(FIRST_EVERYWHERE);
        assertThat(flow.message("Stalled")).contains("host i-1: the container did not start (StartFailed)");
        int asked = flow.fleet.askedOf("i-2").size();
        flow.pass(Duration.ofMinutes(10));
        assertThat(flow.fleet.askedOf("i-2").size() - asked).isBetween(9, 11);
        assertThat(journal.transitions()).doesNotContainKey("Available");
    }

    @Test
    void firstReleaseThatFailsIsLeftForPeopleToLookAt() {
        flow.fleet.sick(Manifest.IMAGE);

        flow.until("Stalled", ConditionStatus.True, Reason.DeploymentFailed);

        assertThat(flow.fleet.audit()).containsExactly("inspect i-1 i-2", "prepare i-1 i-2", "activate i-1");
        assertThat(flow.is("Ready", ConditionStatus.False, Reason.DeploymentFailed))
                .isTrue();
    }

    @Test
    void releaseThatFailsSoonAfterItWasVerifiedIsTakenBackFromAllHosts() {
        flow.untilSteady();
        flow.set("/containers/0/image", SECOND).untilReady();
        int before = flow.fleet.audit().size();
        flow.fleet.sick(SECOND);

        flow.until("Stalled", ConditionStatus.True, Reason.RolledBack);

        assertThat(flow.fleet.running()).isEqualTo(FIRST_EVERYWHERE);
        assertThat(sentSince(before)).containsExactly("rollback i-1", "rollback i-2");
        assertThat(flow.told("Ready", "Degraded", "Available"))
                .containsExactly("Ready=False/RolledBack", "Degraded=True/RolledBack", "Available=True/Passing");
    }

    @Test
    void replacedHostGetsTheVerifiedRevisionAndReadyStays() {
        flow.untilSteady();
        int before = flow.fleet.audit().size();
        flow.fleet.host("i-1").state = "terminated";
        flow.fleet.add("i-3");
        Journal journal = new Journal(flow);

        flow.until(() -> "1 [example.com/api:1]".equals(flow.fleet.running().get("i-3")));
        flow.untilSteady();

        assertThat(sentSince(before)).containsExactly("inspect i-3", "prepare i-3", "activate i-3");
        assertThat(journal.transitions()).doesNotContainKey("Ready");
        assertThat(host("i-1").state()).isEqualTo("terminated");
        assertThat(host("i-3").ready()).isTrue();
        flow.assertQuiet();
    }

    @Test
    void missingHostWithoutASpareIsToldAndHealsWhenOneComes() {
        flow.untilSteady();
        flow.fleet.host("i-1").state = "stopped";

        flow.until("Degraded", ConditionStatus.True, Reason.ScaleMismatch);
        assertThat(flow.is("Synced", ConditionStatus.False, Reason.ScaleMismatch))
                .isTrue();
        assertThat(host("i-1").message()).contains("stopped");

        flow.fleet.host("i-1").state = "running";
        flow.untilSteady();
        assertThat(flow.fleet.running()).isEqualTo(FIRST_EVERYWHERE);
    }

    @Test
    void hostThatComesBackWithAnOlderRevisionIsBroughtForward() {
        flow.untilSteady();
        flow.fleet.host("i-2").state = "stopped";
        flow.fleet.add("i-3");
        flow.set("/containers/0/image", SECOND);
        flow.until(() -> "2 [example.com/api:2]".equals(flow.fleet.running().get("i-3")));
        flow.fleet.host("i-3").state = "terminated";
        flow.fleet.host("i-2").state = "running";

        flow.untilSteady();

        assertThat(flow.fleet.running()).isEqualTo(SECOND_EVERYWHERE);
    }

    @Test
    void killedContainerIsFoundToldAndStartedAgain() {
        flow.untilSteady();
        flow.fleet.host("i-2").kill("api");

        flow.until("Ready", ConditionStatus.False, Reason.ContentMismatch);
        assertThat(flow.message("Ready")).contains("host i-2: \"api\" does not run");

        flow.store.afterWrite(() -> {
            boolean wrong = flow.fleet.host("i-2").running.isEmpty();
            assertThat(wrong && flow.is("Synced", ConditionStatus.True, Reason.InSync))
                    .isFalse();
        });
        flow.untilSteady();
        assertThat(flow.fleet.running()).isEqualTo(FIRST_EVERYWHERE);
        assertThat(flow.fleet.offences()).isEmpty();
    }

    @Test
    void containerThatDoesNotStayUpIsLeftAtTheThirdTimeAndNobodyIsBlamedAlone() {
        flow.untilSteady();
        for (int i = 0; i < 2; i++) {
            flow.fleet.host("i-2").kill("api");
            flow.until("Ready", ConditionStatus.False, Reason.ContentMismatch);
            flow.untilSteady();
        }
        flow.fleet.host("i-2").kill("api");

        flow.until("Stalled", ConditionStatus.True, Reason.DriftReturned);
        assertThat(flow.message("Stalled"))
                .contains("host i-2: \"api\" does not run", "or it does not stay up", "retry-requested-at");
        assertThat(flow.fleet.offences()).isEmpty();
    }

    @Test
    void hostThatCannotBeMendedDoesNotRefuteWhatWasProvedOnAll() {
        Flow three = Flow.onHosts(3);
        three.manifest.initially("/minimumScale", "2").initially("/rollout/bakeSeconds", "60");
        three.untilSteady();
        three.fleet.host("i-1").sick = true;
        three.pass(Duration.ofMinutes(2));
        three.fleet.host("i-1").kill("api");

        three.pass(Duration.ofMinutes(30));
        assertThat(three.is("Ready", ConditionStatus.False, Reason.ReadinessFailed))
                .isTrue();
        assertThat(three.message("Ready")).contains("host i-1: answered 500");
        assertThat(three.store.revision("1").result()).isEqualTo(RevisionRecord.Result.Verified);
        assertThat(three.told("RollbackReady")).containsExactly("RollbackReady=True/VerifiedRevisionKept");

        three.fleet.cureAll();
        three.untilSteady();
    }

    @Test
    void lookThatIsOlderThanTheRollTellsNothing() {
        Instant before = flow.clock.instant();
        flow.untilReady();
        Journal journal = new Journal(flow);

        flow.fleet.seenAsOf(before);
        flow.pass(Duration.ofMinutes(2));
        flow.fleet.seenAsOf(null);
        flow.pass(Duration.ofMinutes(2));

        assertThat(journal.transitions()).doesNotContainKeys("Ready", "Available", "ReadinessPassed", "Synced");
        assertThat(flow.message("ReadinessPassed")).isEqualTo("GET /health/ready answers as expected");
    }

    @Test
    void driftOfAHostIsOfTheKindThatItIs() {
        flow.set("/driftPolicy", "Report").untilSteady();
        FakeHost host = flow.fleet.host("i-1");

        host.environment = HostReport.Environment.DIFFERS;
        flow.until("Synced", ConditionStatus.False, Reason.EnvironmentMismatch);
        host.environment = HostReport.Environment.EQUAL;
        host.running.put("api", "example.com/api:0");
        flow.until("Synced", ConditionStatus.False, Reason.ImageMismatch);
        host.running.put("api", Manifest.IMAGE);
        host.user = "root";
        flow.until("Synced", ConditionStatus.False, Reason.ContentMismatch);
        assertThat(flow.message("Synced")).contains("host i-1", "runs as root, declared is ubuntu");
        host.user = "ubuntu";
        host.loggingDiffers = true;
        flow.until(() -> flow.message("Synced").contains("the log driver or a log option of \"api\" is not that"));
        host.loggingDiffers = false;
        host.dirty = true;
        flow.until(() -> flow.message("Synced").contains("changed by hand"));
        host.dirty = false;
        flow.until("Synced", ConditionStatus.True, Reason.InSync);
    }

    @Test
    void hostThatIsSilentInTheMiddleIsWaitedFor() {
        flow.untilSteady();
        flow.set("/containers/0/image", SECOND);
        flow.until(() -> flow.fleet.running().get("i-1").startsWith("2"));
        flow.fleet.host("i-2").online = false;

        flow.until("Ready", ConditionStatus.Unknown, Reason.HostUnreachable);
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.store.status().failed()).isNull();

        flow.fleet.host("i-2").online = true;
        flow.untilSteady();
        assertThat(flow.fleet.running()).isEqualTo(SECOND_EVERYWHERE);
    }

    private static Flow threeOfWhichTwoSuffice() {
        Flow three = Flow.onHosts(3);
        three.manifest.initially("/minimumScale", "2");
        return three.untilSteady();
    }

    @Test
    void hostThatGoesAwayInTheMiddleHoldsUpNoneOfTheOthers() {
        Flow three = threeOfWhichTwoSuffice();
        three.set("/containers/0/image", SECOND);
        three.until(() -> "2".equals(three.fleet.host("i-1").current));
        three.fleet.host("i-2").online = false;

        three.until(() -> "2".equals(three.fleet.host("i-3").current));
        three.until("Ready", ConditionStatus.Unknown, Reason.HostUnreachable).pass(Duration.ofMinutes(5));
        assertThat(three.message("Ready")).contains("SSM does not reach host i-2, which gets revision 2 when it does");
        assertThat(three.told("Available", "Stalled")).containsExactly("Available=True/Passing", "Stalled=-");
        assertThat(three.fleet.host("i-2").current).isEqualTo("1");

        three.fleet.host("i-2").online = true;
        three.untilSteady().assertQuiet();
        assertThat(three.fleet.hosts()).allMatch(host -> "2".equals(host.current));
        assertThat(three.fleet.mostOut()).isEqualTo(1);
    }

    @Test
    void hostThatJoinsInTheMiddleHoldsUpNoneOfTheOthers() {
        Flow three = threeOfWhichTwoSuffice();
        three.set("/containers/0/image", SECOND);
        three.until(() -> "2".equals(three.fleet.host("i-1").current));
        three.fleet.host("i-2").state = "terminated";
        three.fleet.add("i-4");
        three.fleet.finds("i-4", "20 MiB are free (DiskFull)");

        three.until(() -> "2".equals(three.fleet.host("i-3").current));
        three.until(() -> three.message("Ready").contains("host i-4: 20 MiB are free (DiskFull)"));
        assertThat(three.message("Ready")).contains("not all hosts have revision 2 yet");
        three.until("Stalled", ConditionStatus.True, Reason.ProgressDeadlineExceeded);
        assertThat(three.message("Stalled")).contains("host i-4: 20 MiB are free (DiskFull)");

        three.fleet.finds("i-4", null);
        three.untilSteady().assertQuiet();
        assertThat(three.fleet.host("i-4").current).isEqualTo("2");
    }

    @Test
    void hostThatWasAwaySinceItWasProvedIsProvedAgainBeforeTheNextOneIsTouched() {
        Flow three = Flow.onHosts(3).untilSteady();
        three.set("/containers/0/image", SECOND);
        three.until(() -> three.fleet.audit().getLast().equals("activate i-2"));
        three.fleet.host("i-1").online = false;
        three.pass(Duration.ofMinutes(5));
        assertThat(three.fleet.host("i-3").current).isEqualTo("1");

        three.fleet.host("i-1").online = true;
        three.untilSteady();
        assertThat(three.fleet.hosts()).allMatch(host -> "2".equals(host.current));
        assertThat(three.fleet.mostOut()).isEqualTo(1);
    }

    @Test
    void hostThatIsAwayDoesNotKeepAMissingOneFromBeingMadeUpFor() {
        Flow three = threeOfWhichTwoSuffice();
        three.fleet.host("i-2").online = false;
        three.fleet.host("i-1").state = "terminated";
        three.fleet.add("i-4");

        three.until(() -> "1".equals(three.fleet.host("i-4").current));
        three.until(() -> !three.store.status().ec2().roll().goesOn());
        assertThat(three.told("Ready")).containsExactly("Ready=True/Verified");
    }

    @Test
    void hostThatIsAwayDoesNotKeepAnotherOneFromBeingMended() {
        Flow three = threeOfWhichTwoSuffice();
        three.fleet.host("i-2").online = false;
        three.fleet.host("i-1").kill("api");

        three.until(() -> three.fleet.host("i-1").running.isEmpty());
        three.until(() -> !three.fleet.host("i-1").running.isEmpty());
        three.until("Ready", ConditionStatus.True, Reason.Verified);
        assertThat(three.fleet.host("i-2").online).isFalse();
    }

    @Test
    void hostThatNeverAnswersAgainIsToldAtTheProgressDeadline() {
        flow.untilSteady();
        flow.fleet.host("i-2").online = false;

        flow.set("/containers/0/image", SECOND).until("Stalled", ConditionStatus.True, Reason.ProgressDeadlineExceeded);

        assertThat(flow.fleet.running().get("i-1")).startsWith("1");
    }

    @ParameterizedTest
    @EnumSource(FakeFleet.Fault.class)
    void lostAnswerIsLookedUpAndNothingIsToldTwice(FakeFleet.Fault fault) {
        for (int call = 0; call < 3; call++) {
            Flow other = Flow.onHosts();
            for (int i = 0; i < call; i++) {
                int sent = i + 1;
                other.until(() -> other.fleet.audit().size() == sent);
            }
            other.fleet.nextCall(fault);
            other.untilSteady();
            assertThat(other.fleet.running()).isEqualTo(FIRST_EVERYWHERE);
            assertThat(other.fleet.offences()).isEmpty();
            assertThat(other.fleet.audit())
                    .containsExactly("inspect i-1 i-2", "prepare i-1 i-2", "activate i-1", "activate i-2");
        }
    }

    @Test
    void commandThatMayHaveRunIsDecidedByTheHost() {
        flow.untilSteady();
        flow.set("/containers/0/image", SECOND);
        flow.until(() -> flow.fleet.audit().getLast().startsWith("prepare")
                && flow.fleet.audit().size() == 6);
        flow.until(() -> flow.fleet.audit().size() == 7);
        flow.fleet.unusually(id -> {
            flow.fleet.unusually(other -> null);
            flow.fleet.host(id).activate("2");
            return new HostOutcome.MayHaveRun("ExecutionTimedOut");
        });

        flow.untilSteady();
        assertThat(flow.fleet.running()).isEqualTo(SECOND_EVERYWHERE);
    }

    @Test
    void nothingSelectedIsNeverHealthy() {
        flow.fleet.host("i-1").state = "stopped";
        flow.fleet.host("i-2").state = "terminated";

        flow.until("Ready", ConditionStatus.Unknown, Reason.NothingSelected);
        assertThat(flow.fleet.audit()).isEmpty();

        flow.fleet.host("i-1").state = "running";
        flow.fleet.add("i-3");
        flow.untilReady();
    }

    @Test
    void serviceWhoseHostsAreAllGoneIsDown() {
        flow.untilSteady();
        flow.fleet.host("i-1").state = "terminated";
        flow.fleet.host("i-2").state = "terminated";

        flow.until("Stalled", ConditionStatus.True, Reason.NothingSelected);

        assertThat(flow.told("Ready", "Degraded", "Available"))
                .containsExactly(
                        "Ready=Unknown/NothingSelected", "Degraded=True/NothingSelected", "Available=False/NotServing");
        flow.fleet.add("i-3");
        flow.fleet.add("i-4");
        flow.untilSteady();
        assertThat(flow.told("Degraded")).containsExactly("Degraded=False/NotDegraded");
    }

    @Test
    void loadBalancerTellsWhetherHostsThatMatchNoMoreAnswer() {
        flow.manifest.initially("/ec2/publicUrl", "https://tech.example.com");
        flow.untilSteady();
        flow.fleet.host("i-1").matches = false;
        flow.fleet.host("i-2").matches = false;

        flow.until("Stalled", ConditionStatus.True, Reason.NothingSelected).pass(Duration.ofMinutes(5));
        assertThat(flow.told("Ready", "Degraded", "Available", "ReadinessPassed"))
                .containsExactly(
                        "Ready=Unknown/NothingSelected",
                        "Degraded=True/NothingSelected",
                        "Available=True/Passing",
                        "ReadinessPassed=True/Passing");

        flow.prober.answers(FakeProber.status(503));
        flow.until("Available", ConditionStatus.False, Reason.ReadinessFailed);
        assertThat(flow.told("Ready", "Degraded", "Stalled", "ReadinessPassed"))
                .containsExactly(
                        "Ready=False/NothingSelected",
                        "Degraded=True/NothingSelected",
                        "Stalled=True/NothingSelected",
                        "ReadinessPassed=False/ReadinessFailed");

        flow.prober.cutOff(true);
        flow.until("Available", ConditionStatus.Unknown, Reason.ProberIsolated);
        flow.prober.cutOff(false);
        flow.prober.answers(FakeProber.status(200));
        flow.fleet.host("i-1").matches = true;
        flow.fleet.host("i-2").matches = true;
        flow.untilSteady();
    }

    @Test
    void loadBalancerIsNotAskedForWhatWasNeverBroughtToAHost() {
        flow.fleet.host("i-1").matches = false;
        flow.fleet.host("i-2").matches = false;
        flow.set("/ec2/publicUrl", "https://tech.example.com")
                .until("Stalled", ConditionStatus.True, Reason.NothingSelected)
                .pass(Duration.ofMinutes(5));

        assertThat(flow.told("Available", "Degraded"))
                .containsExactly("Available=False/NotServing", "Degraded=False/NotDegraded");
        assertThat(flow.prober.requests()).isEmpty();
    }

    @Test
    void hostsThatVanishBeforeAnythingRanAreNoLoss() {
        flow.until(() -> !flow.fleet.audit().isEmpty());
        flow.fleet.host("i-1").state = "terminated";
        flow.fleet.host("i-2").state = "terminated";

        flow.until("Stalled", ConditionStatus.True, Reason.NothingSelected);

        assertThat(flow.told("Degraded")).containsExactly("Degraded=False/NotDegraded");
    }

    @Test
    void hostsThatAreAllSilentAreToldAndNothingIsClaimedOfThem() {
        flow.untilSteady();
        flow.fleet.host("i-1").online = false;
        flow.fleet.host("i-2").online = false;

        flow.until("Reconciling", ConditionStatus.True, Reason.HostUnreachable);
        assertThat(flow.message("Reconciling")).contains("SSM does not reach host i-1, i-2");
        assertThat(flow.store.status().hosts())
                .extracting(HostStatus::state, HostStatus::ready)
                .containsOnly(tuple(HostStatus.UNREACHABLE, null));
        assertThat(flow.told("Ready", "Available"))
                .containsExactly("Ready=True/Verified", "Available=Unknown/NotObserved");

        flow.until("Ready", ConditionStatus.Unknown, Reason.ObservationStale);
        assertThat(flow.message("Ready")).contains("SSM reaches none of the hosts");
        flow.fleet.host("i-1").online = true;
        flow.fleet.host("i-2").online = true;
        flow.untilSteady();
    }

    @Test
    void hostThatIsGoneIsNotHopedFor() {
        flow.untilSteady();
        flow.fleet.host("i-1").state = "terminated";

        flow.until("Degraded", ConditionStatus.True, Reason.ScaleMismatch);

        assertThat(flow.told("Available")).containsExactly("Available=False/ReadinessFailed");
        assertThat(flow.store.status().readyReplicas()).isEqualTo(1);
    }

    @Test
    void everyHostThatServesIsATryAndEveryAnswerIsMeasured() {
        flow.untilSteady();
        flow.measured.forget();
        flow.fleet.host("i-2").sick = true;

        flow.until(() -> flow.measured.tries().size() == 4);

        assertThat(flow.measured.tries())
                .containsOnly(TryLedger.Outcome.Pass, TryLedger.Outcome.Miss)
                .filteredOn(TryLedger.Outcome.Miss::equals)
                .hasSize(2);
        assertThat(flow.measured.answers())
                .containsOnly("readiness 200", "readiness 500")
                .hasSize(4);
    }

    @Test
    void hostInARollIsNotHeldAgainstTheService() {
        flow.untilSteady();
        flow.fleet.sick(SECOND);
        flow.measured.forget();

        flow.set("/containers/0/image", SECOND).until("Stalled", ConditionStatus.True, Reason.DeploymentFailed);

        assertThat(flow.measured.tries()).isNotEmpty().containsOnly(TryLedger.Outcome.Pass);
        assertThat(flow.measured.answers()).contains("readiness 500");
    }

    @Test
    void whereHostsAreNotAskedNoneIsKnownToBeReady() {
        flow.manifest.initially("/readiness/port", null);
        flow.set("/ec2/publicUrl", "https://tech.example.com")
                .until(() -> flow.fleet.running().equals(FIRST_EVERYWHERE))
                .pass(Duration.ofMinutes(2));

        assertThat(flow.store.status().readyReplicas()).isNull();
        assertThat(flow.store.status().replicas()).isEqualTo(2);
    }

    @Test
    void secretsInCommandsAreRefused() {
        flow.set("/containers/0/env", "[{name: TOKEN, valueFrom: {secretKeyRef: {name: api, key: token}}}]")
                .until("Stalled", ConditionStatus.True, Reason.InvalidSpec);

        assertThat(flow.message("Stalled")).contains("secretKeyRef of variable TOKEN", "ssmParameterRef");
        assertThat(flow.fleet.audit()).isEmpty();
    }

    private static final String SECRET = "[{name: Authorization, valueFrom: {secretKeyRef: {name: api, key: token}}}]";

    @Test
    void secretsInQuestionsToHostsAreRefused() {
        flow.set(
                        "/verification/endpoints",
                        "[{name: api, path: /api, method: GET, enforcement: Required, headers: %s}]".formatted(SECRET))
                .until("Stalled", ConditionStatus.True, Reason.InvalidSpec);

        assertThat(flow.message("Stalled")).contains("verification.endpoints[api].headers[].valueFrom is refused");
        assertThat(flow.fleet.audit()).isEmpty();
    }

    @Test
    void secretsInTheProofOfHostsBehindABalancerAreRefused() {
        flow.set("/ec2/publicUrl", "https://api.example.com")
                .set("/readiness/from", "Operator")
                .set("/readiness/headers", SECRET)
                .until("Stalled", ConditionStatus.True, Reason.InvalidSpec);

        assertThat(flow.message("Stalled")).contains("readiness.headers[].valueFrom is refused");
        assertThat(flow.fleet.audit()).isEmpty();
    }

    @Test
    void hostsAreAskedAtPortsOfTheServiceOnly() {
        flow.set(
                        "/verification/endpoints",
                        "[{name: docker, path: /info, port: 2375, method: GET, enforcement: Required}]")
                .until("Stalled", ConditionStatus.True, Reason.InvalidSpec);

        assertThat(flow.message("Stalled")).contains("verification.endpoints[docker].port 2375", "hostPort");
        assertThat(flow.fleet.audit()).isEmpty();
    }

    @Test
    void foreignOwnerIsLeftAlone() {
        FakeHost host = flow.fleet.host("i-1");
        host.owner = "another-cluster";
        host.releases.put("7", new FakeHost.Laid("f", Map.of("api", "x:1"), Map.of(), ""));
        host.activate("7");

        flow.until("Stalled", ConditionStatus.True, Reason.AlreadyManaged);
        assertThat(flow.fleet.audit()).isEmpty();
    }

    @Test
    void moreScaleTakesAnotherHostAndLessLeavesOne() {
        flow.untilSteady();
        flow.fleet.add("i-3");
        flow.set("/scale", "3");
        flow.until(() -> flow.fleet.running().get("i-3").startsWith("1"));
        flow.untilSteady();
        assertThat(flow.store.status().summary().scale()).isEqualTo("3/3");

        flow.set("/scale", "2");
        flow.until(() -> flow.fleet.running().get("i-3").startsWith("null"));
        flow.untilSteady();
        assertThat(flow.store.status().summary().scale()).isEqualTo("2/2");
        assertThat(flow.fleet.offences()).isEmpty();
    }

    @Test
    void scaleThatHasNoHostsIsNotReady() {
        flow.untilSteady();

        flow.set("/scale", "3").until("Ready", ConditionStatus.False, Reason.ScaleMismatch);

        assertThat(flow.message("Ready")).contains("fewer running instances match", "i-1, i-2");
        assertThat(flow.is("Degraded", ConditionStatus.False, Reason.NotDegraded))
                .isTrue();
        flow.fleet.host("i-1").online = false;
        flow.until("Ready", ConditionStatus.False, Reason.ScaleMismatch).pass(Duration.ofMinutes(5));
        flow.fleet.host("i-1").online = true;
        flow.fleet.add("i-3");
        flow.untilSteady();
        assertThat(flow.store.status().summary().scale()).isEqualTo("3/3");
    }

    @Test
    void lessThanScaleIsNoDangerAboveMinimumScale() {
        flow.set("/minimumScale", "1").untilSteady();
        flow.fleet.host("i-1").state = "stopped";

        flow.until("Synced", ConditionStatus.False, Reason.ScaleMismatch);

        assertThat(flow.told("Ready", "Degraded")).containsExactly("Ready=True/Verified", "Degraded=False/NotDegraded");
    }

    @Test
    void hostThatCannotMakeUpForAMissingOneIsTold() {
        flow.untilSteady();
        flow.fleet.add("i-3");
        flow.fleet.finds("i-3", "the disk is full (DiskFull)");

        flow.set("/scale", "3").until(() -> flow.message("Ready").contains("could not be made up for"));

        assertThat(flow.message("Ready")).contains("host i-3: the disk is full (DiskFull)");
        assertThat(flow.fleet.running()).containsAllEntriesOf(FIRST_EVERYWHERE);
        flow.fleet.finds("i-3", null);
        flow.untilSteady();
        assertThat(flow.store.status().summary().scale()).isEqualTo("3/3");
    }

    @Test
    void hostThatIsMissedNoMoreIsNotToldAsMissing() {
        flow.untilSteady();
        flow.fleet.add("i-3");
        flow.fleet.finds("i-3", "the disk is full (DiskFull)");
        flow.set("/scale", "3").until(() -> flow.message("Ready").contains("could not be made up for"));

        flow.set("/scale", "2").untilSteady();
        assertThat(flow.fleet.running()).containsAllEntriesOf(FIRST_EVERYWHERE);
        flow.assertQuiet();
    }

    @Test
    void hostThatBecomesWellByItselfIsNotToldAsMissing() {
        flow.untilSteady();
        flow.fleet.add("i-3").sick = true;
        flow.set("/scale", "3").until(() -> flow.store.status().ec2().roll().phase() == RollPhase.Failed);
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.told("Ready", "Reconciling")).containsExactly("Ready=False/ReadinessFailed", "Reconciling=-");

        flow.fleet.host("i-3").sick = false;
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.told("Ready", "Degraded", "Synced", "Reconciling"))
                .containsExactly(
                        "Ready=True/Verified", "Degraded=False/NotDegraded", "Synced=True/InSync", "Reconciling=-");
    }

    @Test
    void manifestThatGoesBackInTheMiddleOfARollEndsWhereItWas() {
        flow.untilSteady();
        flow.set("/containers/0/image", SECOND);
        flow.until(() -> flow.fleet.audit().getLast().equals("activate i-1"));

        flow.set("/containers/0/image", Manifest.IMAGE).untilSteady();

        assertThat(flow.fleet.running()).isEqualTo(FIRST_EVERYWHERE);
        assertThat(flow.is("Ready", ConditionStatus.True, Reason.Verified)).isTrue();
        assertThat(flow.fleet.offences()).isEmpty();
    }

    @Test
    void rollWhoseValuesAreGoneWaits() {
        flow.untilSteady();
        flow.set("/containers/0/image", SECOND);
        flow.until(() -> flow.fleet.audit().getLast().equals("activate i-1"));

        flow.set("/containers/0/env", "[{name: KEY, valueFrom: {configMapKeyRef: {name: nowhere, key: key}}}]");
        flow.until("EnvironmentValid", ConditionStatus.False, Reason.ReferenceNotFound);
        flow.pass(Duration.ofMinutes(10));

        flow.set("/containers/0/env", "[]").untilSteady();
        assertThat(flow.fleet.running()).isEqualTo(SECOND_EVERYWHERE);
    }

    @Test
    void replacedHostGetsTheRevisionThatIsKept() {
        flow.untilSteady();
        flow.set("/containers/0/image", SECOND).untilReady();
        flow.fleet.sick(SECOND);
        flow.until("Stalled", ConditionStatus.True, Reason.RolledBack);

        flow.fleet.host("i-1").state = "terminated";
        flow.fleet.add("i-3");

        flow.until(
                () -> ("1 [" + Manifest.IMAGE + "]").equals(flow.fleet.running().get("i-3")));
        assertThat(flow.fleet.offences()).isEmpty();
    }

    @Test
    void addressOfTheLoadBalancerIsTold() {
        flow.set("/ec2/publicUrl", "https://tech.example.com")
                .until(() -> flow.store.status().url() != null);

        assertThat(flow.store.status().url()).isEqualTo("https://tech.example.com/");
    }

    @Test
    void suspendedRollStandsStill() {
        flow.untilSteady();
        flow.set("/containers/0/image", SECOND);
        flow.until(() -> flow.fleet.audit().getLast().equals("activate i-1"));
        int before = flow.fleet.audit().size();
        flow.set("/suspend", "true").pass(Duration.ofMinutes(30));
        assertThat(sentSince(before)).isEmpty();

        flow.set("/suspend", "false").untilSteady();
        assertThat(flow.fleet.running()).isEqualTo(SECOND_EVERYWHERE);
    }

    @Test
    void restartIsMadeHostByHost() {
        flow.untilSteady();
        int before = flow.fleet.audit().size();
        flow.annotate(Annotations.RESTART_REQUESTED_AT, "now");
        flow.until(() -> !sentSince(before).isEmpty());
        flow.untilSteady();

        assertThat(sentSince(before)).contains("activate i-1", "activate i-2");
        assertThat(flow.fleet.offences()).isEmpty();
    }

    @Test
    void awsThatDoesNotAnswerChangesNothing() {
        flow.untilSteady();
        int before = flow.fleet.audit().size();
        flow.fleet.answers(false);
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.is("Ready", ConditionStatus.True, Reason.Verified)).isTrue();
        flow.until("Ready", ConditionStatus.Unknown, Reason.ObservationStale);
        flow.fleet.answers(true);
        flow.untilSteady();
        assertThat(sentSince(before)).isEmpty();
    }

    @Test
    void retainedServiceIsLeftRunning() {
        flow.untilSteady();
        flow.delete().until(flow::isReleased);
        assertThat(flow.fleet.running()).isEqualTo(FIRST_EVERYWHERE);
    }

    @Test
    void deletedServiceIsTakenOffItsHosts() {
        flow.set("/deletionPolicy", "Delete").untilSteady();
        flow.delete().until(flow::isReleased);
        assertThat(flow.fleet.running()).isEqualTo(Map.of("i-1", "null []", "i-2", "null []"));
        assertThat(flow.fleet.offences()).isEmpty();
    }

    @Test
    void releaseThatCouldNotBePreparedIsTakenOffTheHostsToo() {
        flow.fleet.cannotPrepare("i-2", "there is no such image (ImageNotFound)");
        flow.set("/deletionPolicy", "Delete").until("Stalled", ConditionStatus.True, Reason.DeploymentFailed);
        flow.delete().until(flow::isReleased);
        assertThat(flow.fleet.audit()).last().isEqualTo("remove i-1 i-2");
        assertThat(flow.fleet.hosts()).noneMatch(host -> host.known);
    }

    @Test
    void hostThatCouldNotPrepareLacksTheReleaseAndIsNoDrift() {
        flow.untilSteady();
        flow.fleet.add("i-0");
        flow.fleet.cannotPrepare("i-0", "no space is left (DiskFull)");

        flow.set("/scale", "3").until(() -> flow.message("Ready").contains("could not be made up for"));
        assertThat(flow.message("Synced")).doesNotContain("revision null");
        flow.set("/scale", "2").untilSteady();
        assertThat(flow.fleet.running()).containsAllEntriesOf(FIRST_EVERYWHERE);
        assertThat(flow.fleet.audit()).noneMatch(sent -> sent.startsWith("remove") && sent.matches(".*i-[12].*"));
    }

    @Test
    void retryAfterAFailureBringsTheReleaseOnceMore() {
        flow.untilSteady();
        flow.fleet.cannotPrepare("i-2", "there is no such image (ImageNotFound)");
        flow.set("/containers/0/image", SECOND).until("Stalled", ConditionStatus.True, Reason.DeploymentFailed);
        flow.fleet.cannotPrepare("i-2", null);

        flow.annotate(Annotations.RETRY_REQUESTED_AT, "now").untilSteady();
        assertThat(flow.fleet.running()).isEqualTo(SECOND_EVERYWHERE);
    }
}
