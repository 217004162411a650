package dev.lightkeeper.plan.hosts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Ec2Runtime;
import dev.lightkeeper.api.v1alpha1.HostCommandStatus;
import dev.lightkeeper.api.v1alpha1.HostStatus;
import dev.lightkeeper.api.v1alpha1.HostStep;
import dev.lightkeeper.api.v1alpha1.RollKind;
import dev.lightkeeper.api.v1alpha1.RollObstacle;
import dev.lightkeeper.api.v1alpha1.RollPhase;
import dev.lightkeeper.api.v1alpha1.RollStatus;
import dev.lightkeeper.desired.Content;
import dev.lightkeeper.desired.Content.ContainerContent;
import dev.lightkeeper.desired.Contract;
import dev.lightkeeper.desired.DigestedContent;
import dev.lightkeeper.desired.Digester;
import dev.lightkeeper.desired.HostTemplate;
import dev.lightkeeper.desired.Template;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.HostOutcome;
import dev.lightkeeper.observe.HostProblem;
import dev.lightkeeper.observe.HostReport;
import dev.lightkeeper.observe.LiveCommand;
import dev.lightkeeper.observe.LiveHost;
import dev.lightkeeper.observe.LiveHosts;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.plan.RevisionRecord;
import dev.lightkeeper.plan.hosts.RollScene.Demand;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The next step of a roll of revision 2 over three hosts that run revision 1, whatever has happened before. */
@NullUnmarked
class RollRulesTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final List<String> IDS = List.of("i-1", "i-2", "i-3");

    private final Map<String, HostStatus> known = new TreeMap<>();
    private final Map<String, LiveHost> live = new TreeMap<>();
    private RollPhase phase = RollPhase.Rolling;
    private RollKind kind = RollKind.Deploy;
    private HostCommandStatus command;
    private Observed<LiveCommand> found = Observed.notLooked();
    private String servingRevision = "1";
    private boolean resolvable = true;
    private boolean proves = true;
    private int maxUnavailable = 1;
    private int least;
    private Demand demand = Demand.WANTED;
    private boolean bringsBack;
    private String message;
    private RollObstacle obstacle;
    private Duration clockAhead = Duration.ZERO;

    RollRulesTest() {
        IDS.forEach(id -> host(id, null, null, runs("1", null)));
    }

    private void host(String id, HostStep step, Boolean ready, HostReport.Installed installed) {
        known.put(
                id,
                new HostStatus(
                        id, "running", installed == null ? null : installed.revision(), step, ready, null, null));
        live.put(
                id,
                new LiveHost(id, "running", true, new Observed.Present<>(new HostReport(NOW, clockAhead, installed))));
    }

    private static HostReport.Installed runs(String revision, String previous) {
        return new HostReport.Installed(
                "cluster",
                revision,
                previous,
                "print-" + revision,
                "o",
                false,
                List.of(new HostReport.Workload(
                        "api",
                        HostReport.State.RUNNING,
                        "api:" + revision,
                        "ubuntu",
                        HostReport.Environment.EQUAL,
                        false)));
    }

    private static RevisionRecord record() {
        DigestedContent content = new Content(
                        new TreeMap<>(Map.of(
                                "api", new ContainerContent("api:2", List.of(), new TreeMap<>(), new TreeMap<>()))),
                        null)
                .digested(new Digester("0123456789abcdef".getBytes(UTF_8)));
        return new RevisionRecord(
                "2",
                "print-2",
                "declared",
                content,
                "hosts",
                "contract",
                new Contract(null, null, new TreeMap<>()),
                new Template(
                        List.of(),
                        null,
                        null,
                        new HostTemplate(Ec2Runtime.Docker, "ubuntu", 30, null, List.of(), List.of(), List.of(), null)),
                null,
                null,
                null);
    }

    private RollStep next() {
        RollStatus roll =
                new RollStatus(7L, "2", kind, phase, NOW, null, 6L, servingRevision, 3, message, obstacle, command);
        LiveHosts hosts = new LiveHosts(new ArrayList<>(live.values()), found);
        List<HostStatus> remembered = new ArrayList<>(known.values());
        return RollRules.next(new RollScene(
                roll,
                remembered,
                Roster.of(hosts, remembered, 3),
                hosts,
                record(),
                resolvable,
                demand,
                bringsBack,
                maxUnavailable,
                least,
                proves,
                Duration.ofSeconds(60),
                Duration.ofSeconds(15),
                Duration.ofSeconds(600),
                "uid",
                NOW.plusSeconds(5)));
    }

    private String sent() {
        HostCommandStatus send = next().send();
        return send == null ? "nothing" : send.verb() + " " + send.instanceIds();
    }

    private void outstanding(String verb, Map<String, HostOutcome> outcomes) {
        command = new HostCommandStatus(verb, "uid.7.3", "c", List.copyOf(outcomes.keySet()), NOW);
        found = new Observed.Present<>(new LiveCommand("c", outcomes));
    }

    @Test
    void allHostsAreAskedBeforeAnyIsTouched() {
        phase = RollPhase.Preflight;
        assertThat(sent()).isEqualTo("inspect [i-1, i-2, i-3]");
        assertThat(next().send().operationId()).isEqualTo("uid.7.4");
    }

    @Test
    void nothingBeginsWhileOneHostIsSilent() {
        phase = RollPhase.Preflight;
        live.put("i-3", new LiveHost("i-3", "running", false, Observed.notLooked()));
        assertThat(sent()).isEqualTo("nothing");
        assertThat(next().unreachable()).isEqualTo("i-3");
    }

    @Test
    void releaseThatCannotBeResolvedNowIsWaitedFor() {
        phase = RollPhase.Preflight;
        resolvable = false;
        assertThat(sent()).isEqualTo("nothing");
        assertThat(next().roll().phase()).isEqualTo(RollPhase.Preflight);
    }

    @Test
    void hostsThatRanTheRevisionBeforeOnlyGoBack() {
        phase = RollPhase.Preflight;
        resolvable = false;
        IDS.forEach(id -> host(id, null, null, runs("1", "2")));
        assertThat(sent()).isEqualTo("rollback [i-1]");
    }

    private static HostOutcome found(String code) {
        return new HostOutcome.Done(List.of(new HostProblem(code, "so it is")));
    }

    @ParameterizedTest
    @CsvSource({"inspect, Preflight", "prepare, Preparing"})
    void problemOfTheReleaseEndsItBeforeAnythingIsTouched(String verb, RollPhase begun) {
        phase = begun;
        outstanding(verb, Map.of("i-1", found("DiskFull"), "i-2", new HostOutcome.Failed("BuildFailed", "no")));
        assertThat(next().roll().phase()).isEqualTo(RollPhase.Failed);
        assertThat(next().roll().message())
                .contains("host i-1: so it is (DiskFull)", "host i-2: no (BuildFailed)", "; nothing was switched over");
    }

    @ParameterizedTest
    @CsvSource({
        "inspect, Preflight, DiskFull",
        "prepare, Preparing, ImagePullDenied",
        "inspect, Preflight, AWordOfALaterScript"
    })
    void problemOfAHostIsWaitedFor(String verb, RollPhase begun, String code) {
        phase = begun;
        outstanding(verb, Map.of("i-1", new HostOutcome.Done(List.of()), "i-2", found(code)));
        RollStep step = next();
        assertThat(step.send()).isNull();
        assertThat(step.roll().phase()).isEqualTo(begun);
        assertThat(step.roll().message()).isEqualTo("host i-2: so it is (%s)".formatted(code));
        assertThat(step.roll().obstacle()).isEqualTo(new RollObstacle(NOW.plusSeconds(5), NOW.plusSeconds(20)));
        assertThat(step.hosts().get(1).step()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"0, 15", "14, 15", "16, 16", "90, 90", "900, 600"})
    void hostsAreAskedAgainAfterAboutAsLongAsItHasLasted(long lasted, long pause) {
        phase = RollPhase.Preflight;
        obstacle = new RollObstacle(NOW.plusSeconds(5 - lasted), NOW);
        outstanding("inspect", Map.of("i-2", found("DiskFull")));
        assertThat(next().roll().obstacle()).isEqualTo(new RollObstacle(obstacle.since(), NOW.plusSeconds(5 + pause)));
    }

    @Test
    void whatIsKnownOfAnObstacleOnlyInPartIsTakenAsNew() {
        phase = RollPhase.Preflight;
        obstacle = new RollObstacle(null, null);
        outstanding("inspect", Map.of("i-2", found("DiskFull")));
        assertThat(next().roll().obstacle().since()).isEqualTo(NOW.plusSeconds(5));
    }

    @ParameterizedTest
    @CsvSource({"Preflight, inspect", "Preparing, prepare", "Rolling, prepare"})
    void noHostIsAskedBeforeItsTimeHasCome(RollPhase begun, String verb) {
        phase = begun;
        message = "host i-2: so it is (DiskFull)";
        obstacle = new RollObstacle(NOW, NOW.plusSeconds(6));
        assertThat(sent()).isEqualTo("nothing");
        obstacle = new RollObstacle(NOW, NOW.plusSeconds(5));
        assertThat(sent()).isEqualTo(verb + " [i-1, i-2, i-3]");
        assertThat(next().roll().message()).as("stays told meanwhile").isEqualTo(message);
        obstacle = new RollObstacle(NOW, null);
        assertThat(sent()).isEqualTo(verb + " [i-1, i-2, i-3]");
    }

    @ParameterizedTest
    @CsvSource({"inspect, Preflight", "prepare, Preparing"})
    void whatIsGoneIsToldNoLonger(String verb, RollPhase begun) {
        phase = begun;
        message = "host i-2: so it is (DiskFull)";
        obstacle = new RollObstacle(NOW, NOW);
        Map<String, HostOutcome> fine = new TreeMap<>();
        IDS.forEach(id -> fine.put(id, new HostOutcome.Done(List.of())));
        outstanding(verb, fine);
        assertThat(next().roll().obstacle()).isNull();
        assertThat(next().roll().message()).isNull();
        fine.put("i-2", new HostOutcome.Failed("Busy", "another operation runs"));
        outstanding(verb, fine);
        assertThat(next().roll().obstacle()).isEqualTo(obstacle);
    }

    @ParameterizedTest
    @CsvSource({"inspect, Preflight", "prepare, Preparing"})
    void whatHasNoAnswerIsToldAndAskedAgainAfterAWhile(String verb, RollPhase begun) {
        phase = begun;
        outstanding(
                verb, Map.of("i-1", new HostOutcome.Done(List.of()), "i-2", new HostOutcome.NotRun("Undeliverable")));
        assertThat(next().roll().message()).isEqualTo("host i-2: %s did not reach it (Undeliverable)".formatted(verb));
        outstanding(verb, Map.of("i-2", new HostOutcome.MayHaveRun("ExecutionTimedOut")));
        assertThat(next().roll().message())
                .isEqualTo("host i-2: %s did not end in time (ExecutionTimedOut)".formatted(verb));
        assertThat(next().roll().obstacle().retryTime()).isAfter(NOW);
        assertThat(next().send()).isNull();
    }

    @Test
    void missingHostThatCannotBeMadeUpForEndsItsRoll() {
        kind = RollKind.Scale;
        phase = RollPhase.Preflight;
        outstanding("inspect", Map.of("i-2", found("DiskFull")));
        assertThat(next().roll().phase()).isEqualTo(RollPhase.Failed);
    }

    @Test
    void theFirstIsProvedAloneThenAsManyAsMayBeAway() {
        maxUnavailable = 2;
        IDS.forEach(id -> host(id, HostStep.Prepared, null, runs("1", null)));
        assertThat(sent()).isEqualTo("activate [i-1]");
        host("i-1", HostStep.Activated, null, runs("2", "1"));
        assertThat(sent()).isEqualTo("nothing");
        host("i-1", HostStep.Activated, true, runs("2", "1"));
        assertThat(sent()).isEqualTo("activate [i-2, i-3]");
    }

    @Test
    void withoutAPortTheRuntimeSaysWhetherAHostWorks() {
        proves = false;
        IDS.forEach(id -> host(id, HostStep.Prepared, null, runs("1", null)));
        host("i-1", HostStep.Activated, null, runs("2", "1"));
        assertThat(sent()).isEqualTo("activate [i-2]");
        host("i-1", HostStep.Activated, null, runs("1", null));
        assertThat(next().roll().message()).contains("host i-1: it does not run as it should");
    }

    @Test
    void itIsLiveWhenEveryHostIsVerified() {
        IDS.forEach(id -> host(id, HostStep.Verified, true, runs("2", "1")));
        assertThat(next().roll().phase()).isEqualTo(RollPhase.Live);
        assertThat(next().roll().liveNumber()).isEqualTo(7);
    }

    @Test
    void hostsThatRunItAlreadyAreLeftAlone() {
        host("i-1", null, null, runs("2", "1"));
        host("i-2", HostStep.Prepared, null, runs("1", null));
        host("i-3", HostStep.Prepared, null, runs("1", null));
        assertThat(sent()).isEqualTo("activate [i-2]");
    }

    @Test
    void restartTouchesHostsThatRunIt() {
        servingRevision = "2";
        IDS.forEach(id -> host(id, HostStep.Prepared, null, runs("2", "1")));
        assertThat(sent()).isEqualTo("activate [i-1]");
    }

    @Test
    void failureTakesBackAllThatWereTouched() {
        host("i-1", HostStep.Verified, true, runs("2", "1"));
        host("i-2", HostStep.Activated, false, runs("2", "1"));
        host("i-3", HostStep.Prepared, null, runs("1", null));
        assertThat(sent()).isEqualTo("rollback [i-2]");
        assertThat(next().roll().phase()).isEqualTo(RollPhase.TakingBack);
        assertThat(next().roll().message()).startsWith("host i-2:");
    }

    @Test
    void whatWasProvedIsTakenBackAfterWhatFailedAndAsManyAtATimeAsMayBeAway() {
        phase = RollPhase.TakingBack;
        host("i-1", HostStep.Verified, true, runs("2", "1"));
        host("i-2", HostStep.Verified, true, runs("2", "1"));
        host("i-3", HostStep.TakenBack, null, runs("1", null));
        assertThat(sent()).isEqualTo("nothing");
        host("i-3", HostStep.TakenBack, true, runs("1", null));
        assertThat(sent()).isEqualTo("rollback [i-1]");
        maxUnavailable = 2;
        assertThat(sent()).isEqualTo("rollback [i-1, i-2]");
        least = 3;
        assertThat(sent()).isEqualTo("nothing");
        assertThat(next().needed()).isEqualTo("i-1, i-2, i-3");
        host("i-3", HostStep.TakenBack, false, runs("1", null));
        assertThat(next().roll().phase()).isEqualTo(RollPhase.Failed);
        assertThat(next().roll().message()).contains("does not work on i-3");
    }

    @Test
    void hostThatIsAwayDoesNotKeepAnotherFromBeingTakenBack() {
        phase = RollPhase.TakingBack;
        host("i-1", HostStep.Failed, false, runs("2", "1"));
        host("i-2", HostStep.Activated, null, null);
        live.put("i-2", new LiveHost("i-2", "running", false, Observed.notLooked()));
        host("i-3", HostStep.Prepared, true, runs("1", null));
        assertThat(sent()).isEqualTo("rollback [i-1]");
        host("i-1", HostStep.TakenBack, true, runs("1", null));
        assertThat(sent()).isEqualTo("nothing");
        assertThat(next().unreachable()).isEqualTo("i-2");
        assertThat(next().roll().phase()).isEqualTo(RollPhase.TakingBack);
        host("i-2", HostStep.Failed, false, runs("2", "1"));
        live.put("i-2", new LiveHost("i-2", "running", false, live.get("i-2").report()));
        assertThat(sent()).isEqualTo("nothing");
    }

    @Test
    void hostsThatDoNotWorkAreSwitchedOverFirstAndTooFewThatDoAreLeftAlone() {
        least = 2;
        host("i-1", HostStep.Prepared, true, runs("1", null));
        host("i-2", HostStep.Prepared, false, runs("1", null));
        host("i-3", HostStep.Prepared, true, runs("1", null));
        assertThat(sent()).isEqualTo("activate [i-2]");
        host("i-2", HostStep.Verified, true, runs("2", "1"));
        assertThat(sent()).isEqualTo("activate [i-1]");
        live.put("i-2", new LiveHost("i-2", "terminated", false, Observed.notLooked()));
        assertThat(sent()).isEqualTo("nothing");
        assertThat(next().needed()).isEqualTo("i-1, i-3");
    }

    @Test
    void hostsThatCannotBeAskedWorkWhereSomethingLiesThere() {
        proves = false;
        least = 2;
        host("i-1", HostStep.Prepared, null, runs("1", null));
        host("i-2", HostStep.Prepared, null, null);
        host("i-3", HostStep.Prepared, null, runs("1", null));
        assertThat(sent()).isEqualTo("activate [i-2]");
        host("i-2", HostStep.Verified, null, runs("2", null));
        assertThat(sent()).isEqualTo("activate [i-1]");
    }

    @Test
    void hostThatStillRunsWhatItRanIsToldOnceMore() {
        IDS.forEach(id -> host(id, HostStep.Prepared, true, runs("1", null)));
        host("i-1", HostStep.Activated, true, runs("1", null));
        assertThat(next().hosts().getFirst().step()).isEqualTo(HostStep.Prepared);
        assertThat(sent()).isEqualTo("activate [i-1]");
    }

    @ParameterizedTest
    @CsvSource({"Preflight", "Preparing", "Rolling"})
    void rollThatNobodyWantsAnyMoreEndsWhereNothingWasTouched(RollPhase at) {
        phase = at;
        resolvable = false;
        demand = Demand.REPLACED;
        assertThat(next().roll().phase()).isEqualTo(RollPhase.Superseded);
        assertThat(next().roll().goesOn()).isFalse();
        assertThat(next().roll().liveRevision()).isEqualTo("1");
        phase = RollPhase.Superseded;
        assertThat(next().roll().phase()).isEqualTo(RollPhase.Superseded);
    }

    @ParameterizedTest
    @CsvSource({"Failed", "Live"})
    void rollThatIsOverIsNotSuperseded(RollPhase at) {
        phase = at;
        demand = Demand.REPLACED;
        assertThat(next().roll().phase()).isEqualTo(at);
    }

    @Test
    void rollThatNobodyWantsAnyMoreIsEndedWhereItWasBegunOnly() {
        resolvable = false;
        demand = Demand.REPLACED;
        host("i-1", HostStep.Verified, true, runs("2", "1"));
        host("i-2", HostStep.Prepared, true, runs("1", null));
        assertThat(sent()).isEqualTo("activate [i-2]");
        host("i-2", HostStep.Verified, true, runs("2", "1"));
        assertThat(next().roll().phase()).isEqualTo(RollPhase.Live);
    }

    @Test
    void takeBackEndsOnlyWhenItIsKnownWhetherItWorks() {
        phase = RollPhase.TakingBack;
        message = "host i-1: no";
        host("i-1", HostStep.TakenBack, null, runs("1", null));
        assertThat(next().roll().phase()).isEqualTo(RollPhase.TakingBack);
        host("i-1", HostStep.TakenBack, true, runs("1", null));
        assertThat(next().roll().message()).isEqualTo("host i-1: no; revision 1 was started again there and works");
        host("i-1", HostStep.TakenBack, false, runs("1", null));
        assertThat(next().roll().message())
                .isEqualTo("host i-1: no; revision 1 was started again, but does not work on i-1");
    }

    @Test
    void firstReleaseThatFailsHasNothingToGoBackTo() {
        servingRevision = null;
        host("i-1", HostStep.Activated, false, runs("2", null));
        assertThat(sent()).isEqualTo("nothing");
        assertThat(next().roll().phase()).isEqualTo(RollPhase.Failed);
    }

    @Test
    void commandThatIsOutstandingIsNeverSentAgain() {
        command = new HostCommandStatus("activate", "uid.7.3", "c", List.of("i-1"), NOW);
        found = new Observed.Unknown<>(new Failure.Transient("Timeout", "no answer", false));
        assertThat(sent()).isEqualTo("nothing");
        found = new Observed.Present<>(new LiveCommand("c", Map.of()));
        assertThat(sent()).isEqualTo("nothing");
    }

    @ParameterizedTest
    @CsvSource({"5, false", "59, false", "60, true"})
    void commandWithoutAnIdIsForgottenOnlyWhenItMustBeListed(long age, boolean forgotten) {
        IDS.forEach(id -> host(id, HostStep.Prepared, null, runs("1", null)));
        command = new HostCommandStatus("activate", "uid.7.3", null, List.of("i-1"), NOW.plusSeconds(5 - age));
        found = new Observed.Absent<>();
        assertThat(next().roll().command() == null).isEqualTo(forgotten);
        assertThat(next().send() != null).isEqualTo(forgotten);
    }

    @ParameterizedTest
    @CsvSource({"activate, Activated", "rollback, Activated", "prepare, "})
    void whatMayHaveRunIsDecidedByTheHost(String verb, HostStep step) {
        outstanding(verb, Map.of("i-1", new HostOutcome.MayHaveRun("ExecutionTimedOut")));
        assertThat(next().hosts().getFirst().step()).isEqualTo(step);
        assertThat(next().roll().command()).isNull();
    }

    @Test
    void whatDidNotRunIsSentAgainInALaterRun() {
        IDS.forEach(id -> host(id, HostStep.Prepared, null, runs("1", null)));
        outstanding("activate", Map.of("i-1", new HostOutcome.NotRun("DeliveryTimedOut")));
        RollStep step = next();
        assertThat(step.send()).isNull();
        assertThat(step.roll().command()).isNull();
        assertThat(step.hosts().getFirst().step()).isEqualTo(HostStep.Prepared);
    }

    @Test
    void missingHostThatIsMadeUpForChangesNoVersion() {
        kind = RollKind.Scale;
        servingRevision = "2";
        IDS.forEach(id -> host(id, null, null, runs("2", "1")));
        assertThat(next().roll().phase()).isEqualTo(RollPhase.Live);
        assertThat(next().roll().liveNumber()).isEqualTo(6);
    }

    @ParameterizedTest
    @CsvSource({"300, inspect", "-300, inspect", "301, nothing", "-301, nothing"})
    void hostWhoseRequestsAwsRefusesForItsClockIsWaitedFor(long ahead, String verb) {
        phase = RollPhase.Preflight;
        clockAhead = Duration.ofSeconds(ahead);
        host("i-2", null, null, runs("1", null));
        clockAhead = Duration.ZERO;
        assertThat(sent()).startsWith(verb);
        if (verb.equals("nothing")) {
            assertThat(next().roll().message())
                    .startsWith("host i-2: its clock is more than 5 minutes " + (ahead < 0 ? "behind" : "ahead of"))
                    .endsWith("(ClockSkew)");
            assertThat(next().roll().obstacle()).isEqualTo(new RollObstacle(NOW.plusSeconds(5), null));
            obstacle = new RollObstacle(NOW, NOW);
            assertThat(next().roll().obstacle()).isEqualTo(new RollObstacle(NOW, null));
            obstacle = new RollObstacle(null, null);
            assertThat(next().roll().obstacle()).isEqualTo(new RollObstacle(NOW.plusSeconds(5), null));
        }
    }

    private void away(String id) {
        HostStatus before = known.get(id);
        known.put(id, new HostStatus(id, HostStatus.UNREACHABLE, before.revision(), before.step(), null, null, null));
        live.put(id, new LiveHost(id, "running", false, Observed.notLooked()));
    }

    @Test
    void hostsThatArePreparedDoNotWaitForOneThatIsAway() {
        least = 1;
        host("i-1", HostStep.Verified, true, runs("2", "1"));
        host("i-2", HostStep.Prepared, true, runs("1", null));
        host("i-3", HostStep.Prepared, true, runs("1", null));
        away("i-3");
        assertThat(sent()).isEqualTo("activate [i-2]");
        assertThat(next().unreachable()).isEqualTo("i-3");
        least = 2;
        assertThat(sent()).as("two are left that are known to work").isEqualTo("nothing");
        assertThat(next().needed()).isEqualTo("i-1, i-2");
        host("i-2", HostStep.Verified, true, runs("2", "1"));
        assertThat(sent()).isEqualTo("nothing");
        assertThat(next().roll().phase()).isEqualTo(RollPhase.Rolling);
        assertThat(next().unreachable()).isEqualTo("i-3");
    }

    @Test
    void hostsThatArePreparedDoNotWaitForOneThatJoinsAndLacksSomething() {
        message = "host i-3: so it is (DiskFull)";
        obstacle = new RollObstacle(NOW, NOW.plusSeconds(60));
        host("i-1", HostStep.Verified, true, runs("2", "1"));
        host("i-2", HostStep.Prepared, true, runs("1", null));
        host("i-3", null, null, null);
        assertThat(sent()).isEqualTo("activate [i-2]");
        assertThat(next().roll().obstacle()).isEqualTo(obstacle);
        host("i-2", HostStep.Prepared, true, runs("1", null));
        outstanding("activate", Map.of("i-2", new HostOutcome.Done(List.of())));
        assertThat(next().roll().obstacle())
                .as("is not gone because of another host")
                .isEqualTo(obstacle);
        command = null;
        host("i-2", HostStep.Verified, true, runs("2", "1"));
        assertThat(sent()).isEqualTo("nothing");
        assertThat(next().roll().phase()).isEqualTo(RollPhase.Rolling);
        obstacle = new RollObstacle(NOW, NOW);
        assertThat(sent()).isEqualTo("prepare [i-3]");
        live.put("i-3", new LiveHost("i-3", "terminated", false, Observed.notLooked()));
        assertThat(next().roll().phase()).isEqualTo(RollPhase.Live);
        assertThat(next().roll().obstacle()).isNull();
    }

    @Test
    void whatIsInTheWayOfAHostThatIsGoneIsToldNoLonger() {
        message = "host i-3: so it is (DiskFull)";
        obstacle = new RollObstacle(NOW, NOW.plusSeconds(60));
        host("i-1", HostStep.Activated, null, runs("2", "1"));
        host("i-2", HostStep.Prepared, true, runs("1", null));
        live.remove("i-3");
        assertThat(next().roll().obstacle()).as("while another one is proved").isEqualTo(obstacle);
        host("i-1", HostStep.Verified, true, runs("2", "1"));
        assertThat(next().roll().obstacle()).isNull();
        assertThat(next().roll().message()).isNull();
    }

    @Test
    void hostThatJoinsWithAClockThatAwsRefusesIsNotAsked() {
        host("i-1", HostStep.Verified, true, runs("2", "1"));
        host("i-2", HostStep.Verified, true, runs("2", "1"));
        clockAhead = Duration.ofMinutes(6);
        host("i-3", null, null, null);
        assertThat(sent()).isEqualTo("nothing");
        assertThat(next().roll().message()).contains("host i-3: its clock", "(ClockSkew)");
        obstacle = new RollObstacle(NOW, NOW.plusSeconds(60));
        message = "host i-9: so it is (DiskFull)";
        assertThat(next().roll().message()).isEqualTo(message);
    }

    @Test
    void canaryThatWentAwayIsWaitedFor() {
        IDS.forEach(id -> host(id, HostStep.Prepared, true, runs("1", null)));
        host("i-1", HostStep.Activated, null, runs("2", "1"));
        away("i-1");
        maxUnavailable = 2;
        assertThat(sent()).isEqualTo("nothing");
        assertThat(next().unreachable()).isEqualTo("i-1");
    }

    @Test
    void hostThatWasSwitchedOverAndWentAwayIsOneOfThoseThatMayBeAway() {
        host("i-1", HostStep.Verified, true, runs("2", "1"));
        host("i-2", HostStep.Activated, null, runs("2", "1"));
        away("i-2");
        host("i-3", HostStep.Prepared, true, runs("1", null));
        assertThat(sent()).isEqualTo("nothing");
        assertThat(next().needed()).isNull();
        maxUnavailable = 2;
        assertThat(sent()).isEqualTo("activate [i-3]");
        host("i-3", HostStep.Verified, true, runs("2", "1"));
        assertThat(next().roll().phase()).isEqualTo(RollPhase.Rolling);
        assertThat(next().unreachable()).isEqualTo("i-2");
    }

    @Test
    void hostThatWasAwaySinceItWasProvedIsProvedOnceMore() {
        host("i-1", HostStep.Verified, null, runs("2", "1"));
        host("i-2", HostStep.Prepared, true, runs("1", null));
        host("i-3", HostStep.Prepared, true, runs("1", null));
        assertThat(sent()).isEqualTo("nothing");
        away("i-1");
        assertThat(sent()).as("while it is away").isEqualTo("activate [i-2]");
        assertThat(next().unreachable()).isNull();
        host("i-1", HostStep.Verified, false, runs("2", "1"));
        assertThat(sent()).isEqualTo("rollback [i-1]");
        assertThat(next().roll().phase()).isEqualTo(RollPhase.TakingBack);
    }

    @Test
    void hostThatIsNotNeededAnyMoreIsNotProvedAgain() {
        IDS.forEach(id -> host(id, HostStep.Verified, true, runs("2", "1")));
        host("i-4", HostStep.Verified, null, null);
        assertThat(next().roll().phase()).isEqualTo(RollPhase.Live);
    }

    @Test
    void missingHostIsMadeUpForWhateverBecomesOfAnotherThatIsAway() {
        kind = RollKind.Scale;
        phase = RollPhase.Preflight;
        servingRevision = "2";
        host("i-1", null, true, runs("2", "1"));
        away("i-2");
        host("i-3", null, null, null);
        assertThat(sent()).isEqualTo("inspect [i-3]");
        phase = RollPhase.Rolling;
        host("i-3", HostStep.Verified, true, runs("2", null));
        assertThat(next().roll().phase()).isEqualTo(RollPhase.Live);
    }

    @Test
    void whatIsBroughtBackWaitsForNoHost() {
        bringsBack = true;
        phase = RollPhase.Preflight;
        resolvable = false;
        clockAhead = Duration.ofMinutes(6);
        host("i-1", null, false, runs("1", "2"));
        away("i-2");
        host("i-3", null, false, runs("1", null));
        assertThat(sent()).isEqualTo("rollback [i-1]");
        assertThat(next().unreachable()).isEqualTo("i-2");
        phase = RollPhase.Rolling;
        host("i-1", HostStep.Verified, true, runs("2", "1"));
        assertThat(next().roll().message()).contains("host i-3: its clock");
        clockAhead = Duration.ZERO;
        host("i-3", null, false, runs("1", null));
        assertThat(next().roll().message()).contains("host i-3: revision 2 does not lie there");
        resolvable = true;
        assertThat(sent()).isEqualTo("prepare [i-3]");
    }

    @Test
    void hostThatCannotHaveWhatIsBroughtBackUndoesNothing() {
        bringsBack = true;
        host("i-1", HostStep.Verified, true, runs("2", "1"));
        outstanding("prepare", Map.of("i-3", new HostOutcome.Failed("ImageNotFound", "no")));
        assertThat(next().roll().phase()).isEqualTo(RollPhase.Rolling);
        assertThat(next().roll().obstacle()).isNotNull();
        Map<String, HostOutcome> all = new TreeMap<>();
        IDS.forEach(id -> all.put(id, new HostOutcome.Failed("ImageNotFound", "no")));
        IDS.forEach(id -> host(id, null, null, runs("1", null)));
        outstanding("prepare", all);
        assertThat(next().roll().phase()).as("nobody can have it").isEqualTo(RollPhase.Failed);
    }

    @Test
    void hostThatFailsUndoesNothingOfWhatIsBackAndIsTriedAgain() {
        bringsBack = true;
        host("i-1", HostStep.Verified, true, runs("2", "1"));
        host("i-2", null, false, runs("1", "2"));
        host("i-3", null, false, runs("1", "2"));
        outstanding("rollback", Map.of("i-2", new HostOutcome.Failed("StartFailed", "no")));
        RollStep step = next();
        assertThat(step.roll().phase()).isEqualTo(RollPhase.Rolling);
        assertThat(step.roll().message()).isEqualTo("host i-2: no (StartFailed)");
        assertThat(step.hosts().get(1).step()).isEqualTo(HostStep.Failed);
        command = null;
        host("i-2", HostStep.Failed, null, runs("1", "2"));
        host("i-3", HostStep.Verified, true, runs("2", "1"));
        obstacle = new RollObstacle(NOW, NOW.plusSeconds(60));
        assertThat(sent()).isEqualTo("nothing");
        obstacle = new RollObstacle(NOW, NOW);
        assertThat(sent()).isEqualTo("rollback [i-2]");
        assertThat(next().roll().obstacle()).isEqualTo(obstacle);
    }

    @Test
    void hostThatIsBackButDoesNotAnswerIsForTheVerification() {
        bringsBack = true;
        host("i-1", HostStep.Verified, true, runs("2", "1"));
        host("i-2", HostStep.Verified, true, runs("2", "1"));
        host("i-3", HostStep.Activated, false, runs("2", "1"));
        assertThat(next().roll().phase()).isEqualTo(RollPhase.Live);
    }

    @Test
    void canaryThatFailsEndsWhatIsBroughtBackToo() {
        bringsBack = true;
        IDS.forEach(id -> host(id, null, false, runs("1", "2")));
        host("i-1", HostStep.Activated, false, runs("2", "1"));
        assertThat(next().roll().phase()).isEqualTo(RollPhase.TakingBack);
    }

    @Test
    void commandThatNeverCameToAHostIsNoFailureOfWhatIsBroughtBack() {
        bringsBack = true;
        IDS.forEach(id -> host(id, null, false, runs("1", "2")));
        host("i-1", HostStep.Activated, false, runs("1", "2"));
        assertThat(next().hosts().getFirst().step()).isEqualTo(HostStep.Prepared);
        assertThat(sent()).isEqualTo("rollback [i-1]");
    }

    @Test
    void whoeverAsksToGoBackIsNotGivenMoreOfTheRelease() {
        demand = Demand.UNWANTED;
        host("i-1", HostStep.Verified, true, runs("2", "1"));
        host("i-2", HostStep.Prepared, true, runs("1", null));
        away("i-3");
        assertThat(sent()).isEqualTo("nothing");
        assertThat(next().roll().phase()).isEqualTo(RollPhase.Live);
        host("i-1", HostStep.Activated, null, runs("2", "1"));
        assertThat(next().roll().phase()).as("while it is not known").isEqualTo(RollPhase.Rolling);
        away("i-1");
        assertThat(next().roll().phase()).isEqualTo(RollPhase.Live);
        demand = Demand.REPLACED;
        assertThat(next().roll().phase()).as("no canary, no other").isEqualTo(RollPhase.Rolling);
    }

    @Test
    void whatIsBroughtBackAndReplacedGoesOnWhereItNeedsNothing() {
        bringsBack = true;
        demand = Demand.REPLACED;
        host("i-1", HostStep.Verified, true, runs("2", "1"));
        host("i-2", null, false, runs("1", "2"));
        host("i-3", null, false, runs("1", null));
        assertThat(sent()).isEqualTo("rollback [i-2]");
        host("i-2", HostStep.Verified, true, runs("2", "1"));
        assertThat(next().roll().phase()).isEqualTo(RollPhase.Live);
    }

    @Test
    void whatWasProvedIsTakenBackWhileAnotherHostIsAway() {
        phase = RollPhase.TakingBack;
        host("i-1", HostStep.Verified, true, runs("2", "1"));
        host("i-2", HostStep.TakenBack, true, runs("1", null));
        host("i-3", HostStep.Activated, null, runs("2", "1"));
        away("i-3");
        assertThat(sent()).as("one may be away, and one is").isEqualTo("nothing");
        maxUnavailable = 2;
        assertThat(sent()).isEqualTo("rollback [i-1]");
        host("i-1", HostStep.TakenBack, true, runs("1", null));
        away("i-2");
        assertThat(next().roll().phase()).isEqualTo(RollPhase.TakingBack);
        assertThat(next().unreachable()).isEqualTo("i-2, i-3");
    }

    @Test
    void hostThatIsOnlyAwayIsNotSaidToBeBad() {
        phase = RollPhase.TakingBack;
        host("i-1", HostStep.TakenBack, true, runs("1", null));
        away("i-1");
        assertThat(next().roll().phase()).isEqualTo(RollPhase.TakingBack);
    }
}
