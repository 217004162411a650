package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.False;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Annotations;
import dev.lightkeeper.api.v1alpha1.HistoryEntry;
import dev.lightkeeper.api.v1alpha1.HostStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RevisionResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What stands in the way of a release on hosts: problems of hosts and their surroundings are waited for, and end by
 * themselves; problems of the release are its failure. Nothing that runs is changed by either.
 */
class HostPreflightFlowTest {
    private static final String SECOND = "example.com/api:2";
    private static final String THIRD = "example.com/api:3";
    private static final String FULL = "20 MiB are free (DiskFull)";

    private final Flow flow = Flow.onHosts();

    @AfterEach
    void nothingForbiddenWasDone() {
        assertThat(flow.fleet.offences()).isEmpty();
    }

    private static Map<String, String> everywhere(String revision, String image) {
        return Map.of("i-1", "%s [%s]".formatted(revision, image), "i-2", "%s [%s]".formatted(revision, image));
    }

    private void untilBlocked() {
        flow.until("Ready", False, Reason.Preflight);
    }

    private List<RevisionResult> results() {
        return flow.store.status().history().stream().map(HistoryEntry::result).toList();
    }

    private long sent(String verb) {
        return flow.fleet.audit().stream().filter(it -> it.startsWith(verb)).count();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "20 MiB are free (DiskFull)",
                "there is no docker (ToolMissing)",
                "docker is 19.03 (ToolTooOld)",
                "there is no user ubuntu (UserMissing)",
                "/shop/A cannot be read (ParameterDenied)",
                "there is no parameter /shop/A:3 (ParameterMissing)",
                "something else listens on port 3697 (PortTaken)",
                "the clock of this host is wrong (ClockSkew)",
                "it runs under Pm2 for root (RuntimeDiffers)",
                "a word of a later script (Whatever)",
            })
    void problemOfAHostIsNamedChangesNothingAndEndsByItself(String problem) {
        flow.untilSteady();
        flow.fleet.finds("i-2", problem);
        Journal journal = new Journal(flow);

        flow.set("/containers/0/image", SECOND);
        untilBlocked();

        assertThat(flow.told("Reconciling", "Stalled", "Available", "Degraded"))
                .containsExactly(
                        "Reconciling=True/Preflight",
                        "Stalled=-",
                        "Available=True/Passing",
                        "Degraded=False/NotDegraded");
        assertThat(flow.message("Ready")).contains("revision 2", "host i-2: " + problem, "nothing was changed");
        flow.pass(Duration.ofMinutes(10));
        assertThat(flow.is("Ready", False, Reason.Preflight)).isTrue();
        assertThat(flow.fleet.running()).isEqualTo(everywhere("1", Manifest.IMAGE));
        assertThat(sent("prepare")).isEqualTo(1);
        assertThat(flow.store.status().failed()).isNull();

        flow.fleet.finds("i-2", null);
        flow.untilSteady().assertQuiet();

        assertThat(flow.fleet.running()).isEqualTo(everywhere("2", SECOND));
        assertThat(results()).containsExactlyInAnyOrder(RevisionResult.Verified, RevisionResult.Verified);
        assertThat(journal.transitions()).doesNotContainKeys("Available", "Stalled");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "registry.example.com refused the login of robot (RegistryLoginFailed)",
                "pull access denied (ImagePullDenied)",
                "i/o timeout (ImagePullFailed)",
                "no space left (DiskFull)",
                "could not resolve host (CloneFailed)",
                "parameter /shop/A:3 has a line break (ParameterInvalid)",
            })
    void problemOfPreparingAHostIsNamedChangesNothingAndEndsByItself(String problem) {
        flow.untilSteady();
        flow.fleet.cannotPrepare("i-2", problem);

        flow.set("/containers/0/image", SECOND);
        untilBlocked();

        assertThat(flow.message("Ready")).contains("host i-2: " + problem).doesNotContain("i-1");
        flow.pass(Duration.ofMinutes(10));
        assertThat(flow.fleet.running()).isEqualTo(everywhere("1", Manifest.IMAGE));
        assertThat(flow.store.status().failed()).isNull();

        flow.fleet.cannotPrepare("i-2", null);
        flow.untilSteady().assertQuiet();
        assertThat(flow.fleet.running()).isEqualTo(everywhere("2", SECOND));
        assertThat(sent("activate")).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "there is no such image (ImageNotFound)",
                "there is no tag v2 (RevisionNotFound)",
                "npm run build ended with 1 (BuildFailed)",
                "the build changed files (DirtyTree)",
                "there is no dist/main.js (ScriptMissing)",
                "no file matches scripts/*.sh (ExecutableMissing)",
            })
    void problemOfTheReleaseIsItsFailure(String problem) {
        flow.untilSteady();
        flow.fleet.cannotPrepare("i-2", problem);

        flow.set("/containers/0/image", SECOND).until("Stalled", True, Reason.DeploymentFailed);

        assertThat(flow.message("Stalled")).contains("host i-2: " + problem, "nothing was switched over");
        assertThat(flow.fleet.running()).isEqualTo(everywhere("1", Manifest.IMAGE));
        int sent = flow.fleet.audit().size();
        flow.fleet.cannotPrepare("i-2", null);
        flow.pass(Duration.ofMinutes(30));
        assertThat(flow.fleet.audit()).as("a bad release is not tried again").hasSize(sent);
    }

    @Test
    void hostsAreAskedAgainLessAndLessOften() {
        flow.untilSteady();
        flow.fleet.finds("i-2", FULL);
        flow.set("/containers/0/image", SECOND);
        untilBlocked();
        List<Instant> asked = new ArrayList<>();
        flow.store.afterWrite(() -> {
            while (asked.size() < sent("inspect")) {
                asked.add(flow.clock.instant());
            }
        });
        flow.pass(Duration.ofMinutes(60));

        long first = asked.stream()
                .filter(at -> at.isBefore(asked.getFirst().plusSeconds(60)))
                .count();
        assertThat(first).isBetween(2L, 4L);
        assertThat(sent("inspect")).isBetween(8L, 14L);
        assertThat(Duration.between(asked.get(asked.size() - 2), asked.getLast()))
                .isBetween(Duration.ofSeconds(590), Duration.ofSeconds(640));
    }

    @Test
    void whatLastsIsStalledAtTheProgressDeadlineAndGoesOnAllTheSame() {
        flow.untilSteady();
        flow.fleet.finds("i-2", FULL);

        flow.set("/containers/0/image", SECOND).until("Stalled", True, Reason.ProgressDeadlineExceeded);

        assertThat(flow.message("Stalled")).contains("host i-2: " + FULL);
        assertThat(flow.told("Ready", "Degraded", "Available"))
                .containsExactly(
                        "Ready=False/ProgressDeadlineExceeded", "Degraded=False/NotDegraded", "Available=True/Passing");
        flow.fleet.finds("i-2", null);
        flow.untilSteady().assertQuiet();
        assertThat(flow.fleet.running()).isEqualTo(everywhere("2", SECOND));
    }

    @Test
    void retryAsksTheHostsAtOnce() {
        flow.untilSteady();
        flow.fleet.finds("i-2", FULL);
        flow.set("/containers/0/image", SECOND);
        untilBlocked();
        flow.pass(Duration.ofMinutes(25));
        long asked = sent("inspect");
        flow.fleet.finds("i-2", null);

        flow.annotate(Annotations.RETRY_REQUESTED_AT, "now").run();

        assertThat(sent("inspect")).isEqualTo(asked + 1);
        flow.untilSteady();
        assertThat(flow.fleet.running()).isEqualTo(everywhere("2", SECOND));
    }

    @Test
    void anotherReleaseTakesThePlaceOfOneThatReachedNoHost() {
        flow.untilSteady();
        flow.fleet.finds("i-2", FULL);
        flow.set("/containers/0/image", SECOND);
        untilBlocked();

        flow.set("/containers/0/image", THIRD)
                .until(() -> flow.message("Ready").contains("revision 3 is brought to no host yet"));
        flow.fleet.finds("i-2", null);
        flow.untilSteady().assertQuiet();

        assertThat(flow.fleet.running()).isEqualTo(everywhere("3", THIRD));
        assertThat(results()).contains(RevisionResult.Superseded).doesNotContain(RevisionResult.Failed);
        assertThat(flow.store.status().failed()).isNull();
    }

    @Test
    void manifestThatGoesBackWhileItIsBlockedEndsAtOnce() {
        flow.untilSteady();
        flow.fleet.finds("i-2", FULL);
        flow.set("/containers/0/image", SECOND);
        untilBlocked();

        flow.set("/containers/0/image", Manifest.IMAGE).untilSteady().assertQuiet();

        assertThat(flow.is("Ready", True, Reason.Verified)).isTrue();
        assertThat(sent("activate")).isEqualTo(2);
    }

    @Test
    void rotatedParameterTakesThePlaceOfTheVersionThatCannotBeRead() {
        flow.parameters.put("/shop/api/TOKEN", "a first token");
        flow.manifest.initially("/containers/0/envFrom", "[{ssmPath: {path: /shop/api/}}]");
        flow.untilSteady();
        flow.fleet.cannotPrepare("i-1", "parameter /shop/api/TOKEN:2 has a line break (ParameterInvalid)");
        flow.parameters.put("/shop/api/TOKEN", "a second token");
        untilBlocked();

        flow.fleet.cannotPrepare("i-1", null);
        flow.parameters.put("/shop/api/TOKEN", "a third token");
        flow.until(() ->
                "/shop/api/TOKEN:3".equals(flow.fleet.host("i-2").environment().get("TOKEN")));
        flow.untilSteady().assertQuiet();
    }

    @Test
    void firstReleaseIsWaitedForToo() {
        flow.fleet.finds("i-1", FULL);
        untilBlocked();
        flow.pass(Duration.ofMinutes(20));
        assertThat(flow.fleet.audit()).containsOnly("inspect i-1 i-2");

        flow.fleet.finds("i-1", null);
        flow.untilSteady();
        assertThat(flow.fleet.running()).isEqualTo(everywhere("1", Manifest.IMAGE));
    }

    @Test
    void badReleasesAreNotCountedTogetherWithBlockedOnes() {
        flow.untilSteady();
        for (int release = 2; release < 6; release++) {
            flow.fleet.finds("i-2", FULL);
            flow.set("/containers/0/image", "example.com/api:" + release);
            untilBlocked();
        }
        flow.fleet.finds("i-2", null);
        flow.untilSteady();
        assertThat(flow.is("Ready", True, Reason.Verified)).isTrue();
        assertThat(flow.store.status().failed()).isNull();
    }

    @Test
    void driftThatCannotBeRepairedNowStaysToldWithItsObstacle() {
        flow.untilSteady();
        flow.fleet.finds("i-2", FULL);
        flow.fleet.host("i-2").kill("api");

        flow.until(() -> flow.message("Ready").contains(FULL));

        assertThat(flow.told("Ready", "Degraded", "Synced"))
                .containsExactly(
                        "Ready=False/ContentMismatch", "Degraded=True/ContentMismatch", "Synced=False/ContentMismatch");
        assertThat(flow.message("Ready")).contains("host i-2: \"api\" does not run");
        flow.fleet.finds("i-2", null);
        flow.untilSteady().assertQuiet();
        assertThat(flow.fleet.running()).isEqualTo(everywhere("1", Manifest.IMAGE));
    }

    @Test
    void hostThatJoinsInTheMiddleAndLacksSomethingIsWaitedFor() {
        flow.untilSteady();
        flow.set("/containers/0/image", SECOND);
        flow.until(() -> flow.fleet.running().get("i-1").startsWith("2"));
        flow.fleet.host("i-2").state = "terminated";
        flow.fleet.add("i-3");
        flow.fleet.finds("i-3", FULL);

        flow.until(() -> flow.message("Ready").contains("not all hosts have revision 2 yet: host i-3: " + FULL));
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.fleet.running().get("i-1")).isEqualTo("2 [%s]".formatted(SECOND));

        flow.fleet.finds("i-3", null);
        flow.untilSteady();
        assertThat(flow.fleet.running()).isEqualTo(Map.of("i-1", "2 [" + SECOND + "]", "i-3", "2 [" + SECOND + "]"));
    }

    @Test
    void hostThatIsAwayInPreflightIsWaitedForAndNothingIsHeldAgainstTheRelease() {
        flow.untilSteady();
        flow.fleet.host("i-2").online = false;
        flow.set("/containers/0/image", SECOND)
                .until(() -> flow.message("Ready").contains("i-2"));
        flow.pass(Duration.ofMinutes(10));
        assertThat(flow.fleet.running().get("i-1")).startsWith("1");
        assertThat(flow.store.status().failed()).isNull();

        flow.fleet.host("i-2").online = true;
        flow.untilSteady();
        assertThat(flow.fleet.running()).isEqualTo(everywhere("2", SECOND));
    }

    @ParameterizedTest
    @CsvSource({
        "60,     ",
        "61,   its clock is more than a minute ahead of AWS's",
        "-61,  its clock is more than a minute behind AWS's",
        "-400, its clock is more than 5 minutes behind AWS's"
    })
    void clockThatIsWrongIsToldOfItsHost(long ahead, String words) {
        flow.untilSteady();
        flow.fleet.host("i-2").clockAhead = Duration.ofSeconds(ahead);
        flow.pass(Duration.ofMinutes(5)).assertQuiet();

        assertThat(host("i-1").message()).isNull();
        assertThat(host("i-2").message()).satisfies(told -> {
            if (words == null) {
                assertThat(told).isNull();
            } else {
                assertThat(told).startsWith(words);
            }
        });
        assertThat(flow.is("Ready", True, Reason.Verified)).isTrue();

        flow.fleet.host("i-2").clockAhead = Duration.ZERO;
        flow.pass(Duration.ofMinutes(5)).assertQuiet();
        assertThat(host("i-2").message()).isNull();
    }

    @Test
    void whatIsWrongWithAServiceIsToldBeforeTheClockOfItsHost() {
        flow.untilSteady();
        flow.fleet.host("i-2").clockAhead = Duration.ofSeconds(100);
        flow.fleet.sick(Manifest.IMAGE);
        flow.until("Ready", False, Reason.ReadinessFailed);
        assertThat(host("i-2").message()).contains("answered 500").doesNotContain("clock");
    }

    @Test
    void releaseWaitsForClocksThatAwsAccepts() {
        flow.untilSteady();
        flow.fleet.host("i-2").clockAhead = Duration.ofMinutes(-6);
        flow.set("/containers/0/image", SECOND);
        untilBlocked();

        assertThat(flow.message("Ready"))
                .contains("host i-2: its clock is more than 5 minutes behind AWS's", "(ClockSkew)");
        flow.pass(Duration.ofMinutes(10)).assertQuiet();
        assertThat(sent("inspect")).as("of the first release").isEqualTo(1);

        flow.fleet.host("i-2").clockAhead = Duration.ofMinutes(-4);
        flow.untilSteady();
        assertThat(flow.fleet.running()).isEqualTo(everywhere("2", SECOND));
    }

    private HostStatus host(String id) {
        return flow.store.status().hosts().stream()
                .filter(host -> host.instanceId().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
