package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.False;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.Unknown;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Annotations;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.observe.HostOutcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A rollback goes to each host that can have it, and waits for none; whoever is left follows when it can. */
class HostRollbackFlowTest {
    private static final String SECOND = "example.com/api:2";
    private static final String THIRD = "example.com/api:3";
    private static final String FULL = "20 MiB are free (DiskFull)";

    private final Flow flow = Flow.onHosts(3);

    @AfterEach
    void nothingForbiddenWasDone() {
        assertThat(flow.fleet.offences()).isEmpty();
    }

    private String on(String host) {
        return String.valueOf(flow.fleet.host(host).current);
    }

    private List<String> everywhere() {
        return flow.fleet.hosts().stream()
                .filter(host -> host.state.equals("running"))
                .map(host -> on(host.id))
                .toList();
    }

    private void secondIsReady() {
        flow.untilSteady();
        flow.set("/containers/0/image", SECOND).untilReady();
    }

    private void secondIsTakenBackWhileTheLastHostIsAway() {
        secondIsReady();
        flow.fleet.host("i-3").online = false;
        flow.fleet.sick(SECOND);
        flow.until(() -> on("i-1").equals("1") && on("i-2").equals("1"));
    }

    private void rollbackRequested() {
        flow.annotate(Annotations.ROLLBACK_REQUESTED_AT, "now");
    }

    private long sent(String verb) {
        return flow.fleet.audit().stream().filter(it -> it.startsWith(verb)).count();
    }

    @Test
    void hostThatIsAwayDoesNotKeepTheOthersFromGoingBack() {
        secondIsTakenBackWhileTheLastHostIsAway();
        flow.until(() -> flow.is("Available", True, Reason.Passing));

        assertThat(on("i-3")).isEqualTo("2");
        assertThat(flow.told("Ready", "Degraded", "Stalled"))
                .containsExactly("Ready=False/RollingBack", "Degraded=True/RollingBack", "Stalled=-");
        assertThat(flow.message("Ready")).contains("back to revision 1", "SSM does not reach host i-3");

        flow.until("Stalled", True, Reason.ProgressDeadlineExceeded);
        assertThat(flow.told("Ready", "Degraded", "Available"))
                .containsExactly("Ready=False/RollingBack", "Degraded=True/RollingBack", "Available=True/Passing");
        assertThat(flow.message("Synced")).contains("host i-1: runs revision 1, not 2");
        assertThat(flow.message("Stalled")).contains("SSM does not reach host i-3");

        flow.fleet.host("i-3").online = true;
        flow.until("Stalled", True, Reason.RolledBack);
        assertThat(everywhere()).containsExactly("1", "1", "1");
    }

    @Test
    void hostThatLacksSomethingNeedsNothingWhereTheReleaseLiesThere() {
        secondIsReady();
        flow.fleet.finds("i-1", FULL);
        flow.fleet.cannotPrepare("i-2", "pull access denied (ImagePullDenied)");
        flow.fleet.host("i-3").clockAhead = Duration.ofMinutes(6);
        flow.fleet.sick(SECOND);
        long asked = sent("inspect") + sent("prepare");

        flow.until("Stalled", True, Reason.RolledBack);

        assertThat(everywhere()).containsExactly("1", "1", "1");
        assertThat(sent("inspect") + sent("prepare")).isEqualTo(asked);
    }

    @Test
    void hostThatCannotHaveTheReleaseFollowsWhenItCan() {
        secondIsReady();
        flow.fleet.host("i-3").state = "terminated";
        flow.fleet.add("i-4");
        flow.until(() -> on("i-4").equals("2")).untilReady();
        flow.fleet.cannotPrepare("i-4", "there is no such image (ImageNotFound)");
        flow.fleet.sick(SECOND);

        flow.until(() -> on("i-1").equals("1") && on("i-2").equals("1"));
        flow.until(() -> flow.message("Ready").contains("host i-4: there is no such image (ImageNotFound)"));
        assertThat(flow.is("Ready", False, Reason.RollingBack)).isTrue();
        flow.pass(Duration.ofMinutes(8));
        assertThat(flow.is("Available", True, Reason.Passing)).isTrue();

        flow.fleet.cannotPrepare("i-4", null);
        flow.until("Stalled", True, Reason.RolledBack);
        assertThat(everywhere()).containsExactly("1", "1", "1");
    }

    @Test
    void requestedRollbackDoesNotWaitForAHostThatIsAway() {
        flow.set("/minimumScale", "2");
        secondIsReady();
        flow.fleet.host("i-2").online = false;

        rollbackRequested();
        flow.until(() -> on("i-1").equals("1") && on("i-3").equals("1"));

        flow.until(() -> flow.message("Ready").contains("SSM does not reach host i-2"));
        assertThat(flow.is("Ready", False, Reason.ManualRollback)).isTrue();
        flow.fleet.host("i-2").online = true;
        flow.until("Stalled", True, Reason.ManualRollback);
        assertThat(everywhere()).containsExactly("1", "1", "1");
    }

    private void releaseIsHeldUpByThirdHost() {
        flow.set("/minimumScale", "2").untilSteady();
        flow.set("/containers/0/image", SECOND);
        flow.until(() -> on("i-1").equals("2"));
        flow.fleet.host("i-3").online = false;
        flow.until("Ready", Unknown, Reason.HostUnreachable).pass(Duration.ofMinutes(5));
        assertThat(on("i-3")).isEqualTo("1");
    }

    @Test
    void rollbackRequestedInTheMiddleOfAReleaseThatWaitsForAHostIsMadeAtOnce() {
        releaseIsHeldUpByThirdHost();

        rollbackRequested();
        flow.until(() -> on("i-1").equals("1") && on("i-2").equals("1"));

        flow.fleet.host("i-3").online = true;
        flow.until("Stalled", True, Reason.ManualRollback);
        assertThat(everywhere()).containsExactly("1", "1", "1");
    }

    @Test
    void manifestThatGoesBackIsARollbackToo() {
        releaseIsHeldUpByThirdHost();

        flow.set("/containers/0/image", Manifest.IMAGE)
                .until(() -> on("i-1").equals("1") && on("i-2").equals("1"));

        flow.fleet.host("i-3").online = true;
        flow.untilSteady();
        assertThat(everywhere()).containsExactly("1", "1", "1");
    }

    @Test
    void takeBackDoesNotWaitForAHostThatIsAway() {
        flow.set("/ec2/maxUnavailable", "2").set("/minimumScale", "2").untilSteady();
        flow.fleet.fails("i-2", "activate", new HostOutcome.Failed("StartFailed", "the container did not start"));
        flow.set("/containers/0/image", SECOND);
        flow.until(() -> on("i-3").equals("2"));
        flow.fleet.host("i-3").online = false;

        flow.until(() -> on("i-1").equals("1"));

        assertThat(on("i-3")).isEqualTo("2");
        assertThat(flow.message("Ready")).contains("SSM does not reach host i-3, which goes back to revision 1");
        flow.fleet.host("i-3").online = true;
        flow.until("Stalled", True, Reason.DeploymentFailed);
        assertThat(everywhere()).containsExactly("1", "1", "1");
    }

    @Test
    void releaseWhoseParameterIsGoneGoesBackWhereItLies() {
        flow.parameters.put("/shop/api/TOKEN", "a token");
        flow.manifest.initially(
                "/containers/0/env", "[{name: TOKEN, valueFrom: {ssmParameterRef: {name: /shop/api/TOKEN}}}]");
        flow.untilSteady();
        flow.set("/containers/0/env", "[]").set("/containers/0/image", SECOND).untilReady();
        flow.fleet.host("i-3").state = "terminated";
        flow.fleet.add("i-4");
        flow.until(() -> on("i-4").equals("2")).untilReady();
        flow.parameters.delete("/shop/api/TOKEN");
        flow.fleet.sick(SECOND);

        flow.until(() -> on("i-1").equals("1") && on("i-2").equals("1"));

        flow.until(() -> flow.message("Ready").contains("host i-4"));
        flow.parameters.put("/shop/api/TOKEN", "a token");
        flow.until("Stalled", True, Reason.RolledBack);
        assertThat(everywhere()).containsExactly("1", "1", "1");
    }

    @Test
    void hostThatFailsLaterDoesNotUndoARollbackThatWorks() {
        secondIsTakenBackWhileTheLastHostIsAway();
        flow.fleet.fails("i-3", "rollback", new HostOutcome.Failed("StartFailed", "port 3697 is taken"));
        flow.fleet.host("i-3").online = true;

        flow.until(() -> flow.message("Ready").contains("host i-3: port 3697 is taken (StartFailed)"));
        flow.pass(Duration.ofMinutes(4));
        assertThat(everywhere()).containsExactly("1", "1", "2");
        assertThat(sent("rollback i-3")).isBetween(2L, 10L);
        assertThat(flow.is("Ready", False, Reason.RollingBack)).isTrue();

        flow.fleet.fails("i-3", "rollback", null);
        flow.until("Stalled", True, Reason.RolledBack);
        assertThat(everywhere()).containsExactly("1", "1", "1");
    }

    @Test
    void newReleaseTakesThePlaceOfARollbackThatWaitsForAHost() {
        secondIsTakenBackWhileTheLastHostIsAway();

        flow.set("/containers/0/image", THIRD)
                .until(() -> "3".equals(flow.store.status().updateRevision()));
        flow.fleet.host("i-3").state = "terminated";
        flow.fleet.add("i-4");
        flow.untilSteady();

        assertThat(everywhere()).containsExactly("3", "3", "3");
    }
}
