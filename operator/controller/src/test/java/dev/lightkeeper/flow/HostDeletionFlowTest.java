package dev.lightkeeper.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.observe.AccountCheck;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The end of a resource whose service is on EC2 hosts. */
class HostDeletionFlowTest {
    private static final Map<String, String> NOWHERE = Map.of("i-1", "null []", "i-2", "null []");

    private final Flow flow = Flow.onHosts();

    @AfterEach
    void nothingForbiddenWasDone() {
        assertThat(flow.fleet.offences()).isEmpty();
    }

    private void blockedBy(String words) {
        flow.delete().until(() -> flow.message("Stalled").contains(words));
        flow.pass(Duration.ofMinutes(10));
        assertThat(flow.isReleased()).isFalse();
        assertThat(flow.fleet.running()).isNotEqualTo(NOWHERE);
    }

    @Test
    void whatWasNeverBroughtToAHostIsReleasedAtOnce() {
        flow.fleet.host("i-1").state = "stopped";
        flow.fleet.host("i-2").state = "stopped";
        flow.set("/deletionPolicy", "Delete").until("Ready", ConditionStatus.Unknown, Reason.NothingSelected);

        flow.delete().until(flow::isReleased);

        assertThat(flow.fleet.audit()).isEmpty();
    }

    @Test
    void aPolicyThatIsNotKnownRemovesNothing() {
        flow.untilSteady();
        flow.set("/deletionPolicy", "Obliterate");
        blockedBy("spec.deletionPolicy");

        flow.set("/deletionPolicy", "Retain").until(flow::isReleased);
    }

    @Test
    void hostsOfAnotherAccountAreNotTouched() {
        flow.set("/deletionPolicy", "Delete").untilSteady();
        flow.fleet.account(new AccountCheck.Verified("999988887777", "us-east-2", true, false));
        blockedBy("the service cannot be taken off its hosts");

        flow.fleet.account(new AccountCheck.Verified("111122223333", "us-east-2", true, false));
        flow.until(flow::isReleased);
        assertThat(flow.fleet.running()).isEqualTo(NOWHERE);
    }

    @Test
    void aSuspendedResourceRemovesNothing() {
        flow.set("/deletionPolicy", "Delete").untilSteady();
        flow.set("/suspend", "true");
        blockedBy("suspended");

        flow.set("/suspend", "false").until(flow::isReleased);
    }

    @Test
    void theAccountHasToAllowIt() {
        flow.set("/deletionPolicy", "Delete").untilSteady();
        flow.fleet.account(new AccountCheck.Verified("111122223333", "us-east-2", false, false));
        blockedBy("access.allowDeletion");
    }

    @Test
    void anAccountThatMayNotBeUsedIsWaitedFor() {
        flow.set("/deletionPolicy", "Delete").untilSteady();
        flow.fleet.account(new AccountCheck.Refused(Reason.WrongAccount, "the credentials belong to another account"));
        flow.fleet.answers(false);
        blockedBy("the credentials belong to another account");
    }

    @Test
    void silenceOfAwsIsWaitedFor() {
        flow.set("/deletionPolicy", "Delete").untilSteady();
        AccountCheck usable = new AccountCheck.Verified("111122223333", "us-east-2", true, false);
        flow.fleet.answers(false);
        flow.delete().pass(Duration.ofMinutes(5));
        flow.fleet.account(new AccountCheck.Unavailable(FakeCloud.UNREACHABLE, null));
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.isReleased()).isFalse();

        flow.fleet.account(usable);
        flow.fleet.answers(true);
        flow.until(flow::isReleased);
        assertThat(flow.fleet.running()).isEqualTo(NOWHERE);
    }

    @Test
    void aRollThatIsUnderWayIsOver() {
        flow.set("/deletionPolicy", "Delete");
        flow.until(() -> flow.fleet.audit().stream().anyMatch("activate i-1"::equals));

        flow.delete().until(flow::isReleased);

        assertThat(flow.fleet.audit()).doesNotContain("activate i-2");
        assertThat(flow.fleet.running()).isEqualTo(NOWHERE);
    }

    @Test
    void whatFailedIsRemovedToo() {
        flow.set("/deletionPolicy", "Delete");
        flow.fleet.sick(Manifest.IMAGE);
        flow.until("Stalled", ConditionStatus.True, Reason.DeploymentFailed);

        flow.delete().until(flow::isReleased);

        assertThat(flow.fleet.running()).isEqualTo(NOWHERE);
    }
}
