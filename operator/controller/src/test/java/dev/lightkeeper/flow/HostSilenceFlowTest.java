package dev.lightkeeper.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.CheckResult;
import dev.lightkeeper.api.v1alpha1.CheckStatus;
import dev.lightkeeper.api.v1alpha1.CheckType;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.HostStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.observe.HostReport;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts of which something bad was known when they fell silent: neither is that forgotten, nor held against the others. */
class HostSilenceFlowTest {
    private static final String SECOND = "example.com/api:2";
    private static final Map<String, String> SECOND_EVERYWHERE =
            Map.of("i-1", "2 [%s]".formatted(SECOND), "i-2", "2 [%s]".formatted(SECOND));

    private final Flow flow = Flow.onHosts();

    private HostStatus host(String id) {
        return flow.store.status().hosts().stream()
                .filter(host -> host.instanceId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void driftOfAHostThatGoesSilentIsNeverToldAsMended() {
        flow.set("/driftPolicy", "Report").untilSteady();
        flow.fleet.host("i-1").running.put("api", "example.com/api:0");
        flow.until("Ready", ConditionStatus.False, Reason.ImageMismatch);

        flow.fleet.host("i-1").online = false;
        Set<String> told = everTold();
        flow.pass(Duration.ofMinutes(15));
        flow.restart();
        flow.pass(Duration.ofMinutes(5));

        assertThat(flow.told("Ready", "Synced", "EnvironmentValid", "Reconciling"))
                .containsExactly(
                        "Ready=Unknown/HostUnreachable",
                        "Synced=Unknown/NotObserved",
                        "EnvironmentValid=True/Passing",
                        "Reconciling=True/HostUnreachable");
        assertThat(flow.message("Ready")).contains("host i-1", "did not run as declared when it was last looked at");
        assertThat(told).doesNotContain("Ready=True/Verified", "Synced=True/InSync");
        assertThat(check(CheckType.Image)).isEqualTo(CheckResult.Unknown);
        assertThat(host("i-1").differs()).isTrue();
        flow.assertQuiet();

        flow.fleet.host("i-1").online = true;
        flow.until("Ready", ConditionStatus.False, Reason.ImageMismatch);
        flow.fleet.host("i-1").running.put("api", Manifest.IMAGE);
        flow.untilSteady();
        assertThat(flow.told("Synced")).containsExactly("Synced=True/InSync");
        assertThat(host("i-1").differs()).isNull();
    }

    /** What is told of the service from now on. */
    private Set<String> everTold() {
        Set<String> told = new TreeSet<>();
        flow.store.afterWrite(
                () -> told.addAll(flow.told("Ready", "Synced", "Degraded", "ReadinessPassed", "EndpointsPassed")));
        return told;
    }

    private CheckResult check(CheckType type) {
        return flow.store.status().checks().stream()
                .filter(check -> check.type() == type)
                .map(CheckStatus::status)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void driftOfAHostThatIsHeardOfNoMoreIsNeverToldAsMended() {
        flow.set("/driftPolicy", "Report").untilSteady();
        flow.fleet.host("i-1").running.put("api", "example.com/api:0");
        flow.until("Ready", ConditionStatus.False, Reason.ImageMismatch);

        flow.fleet.host("i-1").mute = true;
        flow.pass(Duration.ofMinutes(20));

        assertThat(flow.told("Ready", "Synced"))
                .containsExactly("Ready=Unknown/HostUnreachable", "Synced=Unknown/NotObserved");
        flow.fleet.cureAll();
        flow.fleet.host("i-1").running.put("api", Manifest.IMAGE);
        flow.untilSteady();
    }

    @Test
    void driftOfAHostThatGoesSilentIsNotHeldAgainstTheRelease() {
        flow.set("/driftPolicy", "Report").untilSteady();
        flow.set("/containers/0/image", SECOND).untilReady();
        flow.fleet.host("i-1").running.put("api", "example.com/api:0");
        flow.until("Ready", ConditionStatus.False, Reason.ImageMismatch);
        int before = flow.fleet.audit().size();

        flow.fleet.host("i-1").online = false;
        flow.pass(Duration.ofMinutes(30));

        assertThat(flow.is("Ready", ConditionStatus.Unknown, Reason.HostUnreachable))
                .isTrue();
        assertThat(flow.store.status().failed()).isNull();
        assertThat(flow.fleet.audit()).hasSize(before);
    }

    @Test
    void driftThatIsMendedByHandSoonAfterTheReleaseIsNotHeldAgainstIt() {
        flow.set("/driftPolicy", "Report").untilSteady();
        flow.set("/containers/0/image", SECOND).untilReady();
        flow.fleet.host("i-1").running.put("api", "example.com/api:0");
        flow.until("Ready", ConditionStatus.False, Reason.ImageMismatch);

        flow.fleet.host("i-1").running.put("api", SECOND);
        flow.untilSteady();
        assertThat(flow.fleet.running()).isEqualTo(SECOND_EVERYWHERE);
    }

    @Test
    void environmentOfAHostThatGoesSilentIsNeverToldAsMended() {
        flow.set("/driftPolicy", "Report").untilSteady();
        flow.fleet.host("i-1").environment = HostReport.Environment.DIFFERS;
        flow.until("EnvironmentValid", ConditionStatus.False, Reason.EnvironmentMismatch);

        flow.fleet.host("i-1").online = false;
        flow.pass(Duration.ofMinutes(5));

        assertThat(flow.told("Ready", "EnvironmentValid"))
                .containsExactly("Ready=Unknown/HostUnreachable", "EnvironmentValid=Unknown/NotObserved");
        flow.fleet.host("i-1").online = true;
        flow.fleet.host("i-1").environment = HostReport.Environment.EQUAL;
        flow.untilSteady();
    }

    @Test
    void otherDriftIsToldWhileAHostThatHadItIsSilent() {
        Flow three = Flow.onHosts(3);
        three.set("/driftPolicy", "Report").untilSteady();
        three.fleet.host("i-1").running.put("api", "example.com/api:0");
        three.until("Ready", ConditionStatus.False, Reason.ImageMismatch);
        three.fleet.host("i-1").online = false;
        three.pass(Duration.ofMinutes(5));

        three.fleet.host("i-2").running.put("api", "example.com/api:0");
        three.until("Synced", ConditionStatus.False, Reason.ImageMismatch);
        assertThat(three.message("Synced")).contains("host i-2").doesNotContain("i-1");
        assertThat(three.is("Ready", ConditionStatus.False, Reason.ImageMismatch))
                .isTrue();
        three.fleet.host("i-2").running.put("api", Manifest.IMAGE);
        three.until("Synced", ConditionStatus.Unknown, Reason.NotObserved);
        assertThat(three.message("Synced")).contains("host i-1");
    }

    @Test
    void failureOfAnotherHostIsOverWhenItAnswersAgainWhileAHostThatDriftedIsSilent() {
        flow.set("/driftPolicy", "Report").untilSteady();
        flow.fleet.host("i-1").running.put("api", "example.com/api:0");
        flow.until("Ready", ConditionStatus.False, Reason.ImageMismatch);
        flow.fleet.host("i-1").online = false;
        flow.fleet.host("i-2").sick = true;
        flow.until("Degraded", ConditionStatus.True, Reason.ReadinessFailed);

        flow.fleet.host("i-2").sick = false;
        flow.until("Degraded", ConditionStatus.False, Reason.NotDegraded);
        assertThat(flow.is("Ready", ConditionStatus.Unknown, Reason.HostUnreachable))
                .isTrue();
    }

    @Test
    void hostThatDriftsAndGoesSilentIsMendedWhenItAnswersAndBlocksNoneThatTakesItsPlace() {
        flow.untilSteady();
        flow.fleet.host("i-1").kill("api");
        flow.until("Degraded", ConditionStatus.True, Reason.ContentMismatch);
        flow.fleet.host("i-1").online = false;
        Set<String> told = everTold();
        flow.pass(Duration.ofMinutes(20));
        assertThat(flow.told("Ready", "Degraded", "Stalled"))
                .containsExactly("Ready=Unknown/HostUnreachable", "Degraded=True/ContentMismatch", "Stalled=-");
        assertThat(told).doesNotContain("Ready=True/Verified", "Synced=True/InSync", "Degraded=False/NotDegraded");

        flow.fleet.host("i-1").state = "terminated";
        flow.fleet.add("i-3");
        flow.untilSteady();
        assertThat(flow.told("Synced", "Degraded")).containsExactly("Synced=True/InSync", "Degraded=False/NotDegraded");
    }

    @Test
    void newReleaseReachesAHostThatDriftedWhenItIsBack() {
        flow.set("/driftPolicy", "Report").untilSteady();
        flow.fleet.host("i-1").running.put("api", "example.com/api:0");
        flow.until("Ready", ConditionStatus.False, Reason.ImageMismatch);
        flow.fleet.host("i-1").online = false;
        flow.set("/containers/0/image", SECOND).pass(Duration.ofMinutes(5));
        assertThat(flow.is("Ready", ConditionStatus.Unknown, Reason.HostUnreachable))
                .isTrue();
        flow.set("/containers/0/image", Manifest.IMAGE).pass(Duration.ofMinutes(5));
        assertThat(flow.told("Ready", "Synced"))
                .containsExactly("Ready=Unknown/HostUnreachable", "Synced=Unknown/NotObserved");

        flow.set("/containers/0/image", SECOND).pass(Duration.ofMinutes(5));
        flow.fleet.host("i-1").online = true;
        flow.untilSteady();
        assertThat(flow.fleet.running()).isEqualTo(SECOND_EVERYWHERE);
        flow.fleet.host("i-1").online = false;
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.told("Ready", "Synced")).containsExactly("Ready=True/Verified", "Synced=True/InSync");
    }

    private Flow oneOfTwoIsSick() {
        flow.manifest.initially("/minimumScale", "1");
        flow.untilSteady().fleet.host("i-2").sick = true;
        return flow.until("Degraded", ConditionStatus.True, Reason.ReadinessFailed);
    }

    @Test
    void hostThatFailsAndGoesSilentGivesNoAllClear() {
        oneOfTwoIsSick();
        flow.fleet.host("i-2").online = false;
        Set<String> told = everTold();

        flow.pass(Duration.ofMinutes(15));
        flow.restart();
        flow.pass(Duration.ofMinutes(5));

        assertThat(flow.told("Ready", "Degraded", "ReadinessPassed", "Available", "Synced"))
                .containsExactly(
                        "Ready=Unknown/HostUnreachable",
                        "Degraded=True/ReadinessFailed",
                        "ReadinessPassed=Unknown/NotObserved",
                        "Available=True/Passing",
                        "Synced=True/InSync");
        assertThat(flow.message("Ready")).contains("host i-2", "did not answer readiness when it was last asked");
        assertThat(told)
                .doesNotContain("Ready=True/Verified", "ReadinessPassed=True/Passing", "Degraded=False/NotDegraded");
        flow.assertQuiet();

        flow.fleet.host("i-2").online = true;
        flow.fleet.host("i-2").sick = false;
        flow.untilSteady();
        assertThat(flow.told("Degraded", "ReadinessPassed"))
                .containsExactly("Degraded=False/NotDegraded", "ReadinessPassed=True/Passing");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hostOfWhichOneEndpointFailsAndThatGoesSilentGivesNoAllClear(boolean restarted) {
        flow.manifest.initially("/minimumScale", "1");
        flow.set("/verification/endpoints", "[{name: api, path: /api, port: 3697, method: GET, enforcement: Required}]")
                .untilSteady()
                .fleet
                .host("i-2")
                .broken
                .add("/api");
        flow.until("Degraded", ConditionStatus.True, Reason.EndpointsFailed);
        flow.fleet.host("i-2").online = false;
        Set<String> told = everTold();
        if (restarted) {
            flow.restart();
        }

        flow.pass(Duration.ofMinutes(15));
        flow.restart();
        flow.pass(Duration.ofMinutes(15));

        assertThat(flow.told("Ready", "Degraded", "EndpointsPassed", "ReadinessPassed"))
                .containsExactly(
                        "Ready=Unknown/Verifying",
                        "Degraded=True/EndpointsFailed",
                        "EndpointsPassed=Unknown/NotObserved",
                        "ReadinessPassed=True/Passing");
        assertThat(flow.message("EndpointsPassed")).contains("host i-2: SSM does not reach it");
        assertThat(told)
                .doesNotContain("Ready=True/Verified", "EndpointsPassed=True/Passing", "Degraded=False/NotDegraded");
        flow.assertQuiet();

        flow.fleet.host("i-2").cure();
        flow.untilSteady();
        assertThat(flow.told("Degraded", "EndpointsPassed"))
                .containsExactly("Degraded=False/NotDegraded", "EndpointsPassed=True/Passing");
    }

    @Test
    void endpointThatFailedOnAHostThatAnswersAgainIsWellAlthoughAnotherIsSilent() {
        flow.manifest.initially("/minimumScale", "1");
        flow.set("/verification/endpoints", "[{name: api, path: /api, port: 3697, method: GET, enforcement: Required}]")
                .untilSteady()
                .fleet
                .host("i-2")
                .broken
                .add("/api");
        flow.until("Degraded", ConditionStatus.True, Reason.EndpointsFailed);
        flow.fleet.host("i-1").online = false;
        flow.pass(Duration.ofMinutes(5));
        flow.fleet.host("i-2").cure();

        flow.until("EndpointsPassed", ConditionStatus.True, Reason.Passing);
        assertThat(flow.told("Degraded")).containsExactly("Degraded=False/NotDegraded");
    }

    @Test
    void hostThatFailsGoesSilentAndIsReplacedIsForgotten() {
        oneOfTwoIsSick().fleet.host("i-2").online = false;
        flow.pass(Duration.ofMinutes(10));

        flow.fleet.host("i-2").state = "terminated";
        flow.fleet.add("i-3");

        flow.untilSteady();
        assertThat(flow.told("Degraded", "ReadinessPassed"))
                .containsExactly("Degraded=False/NotDegraded", "ReadinessPassed=True/Passing");
    }

    @Test
    void hostThatFailsGoesSilentAndIsAskedForNoMoreHoldsNothingUp() {
        oneOfTwoIsSick().fleet.host("i-2").online = false;
        flow.pass(Duration.ofMinutes(10));

        flow.set("/scale", "1").untilReady();

        assertThat(flow.told("Degraded")).containsExactly("Degraded=False/NotDegraded");
    }

    @Test
    void tooFewHostsThatAreKnownToAnswerAreNotKnownToBeTooFew() {
        flow.untilSteady().fleet.host("i-2").sick = true;
        flow.until("Available", ConditionStatus.False, Reason.ReadinessFailed);

        flow.fleet.host("i-2").online = false;
        flow.until("Available", ConditionStatus.Unknown, Reason.NotObserved);
        assertThat(host("i-2").ready()).isFalse();
        assertThat(flow.store.status().readyReplicas()).isEqualTo(1);
    }

    @Test
    void hostsOfWhichOneFailedAreToldWhenAllAreSilentAndWhenOnlyTheOtherComesBack() {
        oneOfTwoIsSick().fleet.host("i-1").online = false;
        flow.fleet.host("i-2").online = false;
        flow.until("Ready", ConditionStatus.Unknown, Reason.ObservationStale);
        assertThat(flow.is("Degraded", ConditionStatus.True, Reason.ReadinessFailed))
                .isTrue();

        flow.fleet.host("i-1").online = true;
        flow.pass(Duration.ofMinutes(10));
        assertThat(flow.told("Ready", "Degraded"))
                .containsExactly("Ready=Unknown/HostUnreachable", "Degraded=True/ReadinessFailed");
    }
}
