package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.observe.AccountCheck;
import dev.lightkeeper.reconcile.RunResult;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The end of a resource. */
class DeletionFlowTest {
    private final Flow flow = new Flow();

    @AfterEach
    void nothingForbiddenWasCalled() {
        assertThat(flow.cloud.offences()).isEmpty();
    }

    private void untilReleased() {
        RunResult result = flow.step();
        for (int runs = 0; !result.released(); runs++) {
            assertThat(runs).as("still not released: %s", flow).isLessThan(100);
            result = flow.step();
        }
    }

    @Test
    void retainLeavesTheServiceRunningAndMarksItReleased() {
        flow.untilSteady();
        flow.delete();
        assertThat(flow.step().released()).isTrue();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "tag");
        assertThat(flow.cloud.service().tags()).containsEntry("lightkeeper.dev/released", "true");
        assertThat(flow.told("Ready", "Reconciling"))
                .containsExactly("Ready=False/Deleting", "Reconciling=True/Deleting");
    }

    @Test
    void whatNamesNoTargetIsReleasedAtOnce() {
        flow.manifest.initially("/lightsail", null);
        flow.delete();
        assertThat(flow.step().released()).isTrue();
        assertThat(flow.cloud.calls()).isEmpty();
    }

    @Test
    void retainNeedsNoAccountAndNeverWaits() {
        flow.untilSteady();
        flow.cloud.account(new AccountCheck.Refused(Reason.AccountNotFound, "there is no such AwsAccount"));
        flow.delete();
        assertThat(flow.step().released()).isTrue();
        assertThat(flow.cloud.calls()).hasSize(2);
    }

    @Test
    void retainIgnoresThatAwsDoesNotTakeTheMark() {
        flow.untilSteady();
        flow.nextCall(new FakeCloud.Fault.LostBefore()).delete();
        assertThat(flow.step().released()).isTrue();
    }

    @Test
    void deleteRemovesTheServiceAndWaitsUntilItIsGone() {
        flow.manifest.initially("/deletionPolicy", "Delete");
        flow.untilSteady();
        flow.delete();
        assertThat(flow.step().released()).isFalse();
        assertThat(flow.told("Ready", "Reconciling"))
                .containsExactly("Ready=False/Deleting", "Reconciling=True/Deleting");
        untilReleased();
        assertThat(flow.cloud.found()).isEmpty();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "delete");
    }

    @Test
    void aResourceForEc2IsLetGoAtOnceBecauseNothingWasMadeForIt() {
        flow.manifest
                .initially("/deletionPolicy", "Delete")
                .initially("/lightsail", "null")
                .initially("/ec2", "{hosts: {select: {tags: {app: api}}}, runtime: Docker, runAs: ubuntu}");
        flow.until("Stalled", True, Reason.InvalidSpec);
        flow.delete();
        assertThat(flow.step().released()).isTrue();
        assertThat(flow.cloud.calls()).isEmpty();
    }

    @Test
    void deleteWaitsOutATransition() {
        flow.manifest.initially("/deletionPolicy", "Delete");
        flow.until(() -> flow.cloud.calls().contains("deploy"));
        flow.delete();
        untilReleased();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "delete");
    }

    @Test
    void deleteOfWhatWasNeverMadeIsDoneAtOnce() {
        flow.manifest.initially("/deletionPolicy", "Delete");
        flow.delete();
        assertThat(flow.step().released()).isTrue();
        assertThat(flow.cloud.calls()).isEmpty();
    }

    @Test
    void deleteIsBlockedWhileSuspendedAndGoesOnAfterwards() {
        flow.manifest.initially("/deletionPolicy", "Delete");
        flow.untilSteady();
        flow.annotate("lightkeeper.dev/suspend", "true").delete();
        flow.until("Stalled", True, Reason.DeletionBlocked);
        assertThat(flow.told("Ready")).containsExactly("Ready=False/DeletionBlocked");
        flow.assertQuiet();
        flow.annotate("lightkeeper.dev/suspend", null);
        untilReleased();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "delete");
    }

    @Test
    void deleteIsBlockedWhereTheAccountDoesNotAllowItAndRetainUnblocks() {
        flow.manifest.initially("/deletionPolicy", "Delete");
        flow.untilSteady();
        flow.cloud.account(new AccountCheck.Verified("111122223333", "us-east-2", false, true));
        flow.delete().until("Stalled", True, Reason.DeletionBlocked);
        assertThat(flow.message("Stalled")).contains("access.allowDeletion");
        flow.assertQuiet();
        flow.set("/deletionPolicy", "Retain");
        assertThat(flow.step().released()).isTrue();
        assertThat(flow.cloud.found()).isPresent();
    }

    @Test
    void deleteIsBlockedWhileTheAccountIsNotRight() {
        flow.manifest.initially("/deletionPolicy", "Delete");
        flow.untilSteady();
        flow.cloud.account(new AccountCheck.Refused(Reason.WrongAccount, "the credentials belong to another account"));
        flow.delete().until("Stalled", True, Reason.DeletionBlocked);
        flow.assertQuiet();
        assertThat(flow.cloud.calls()).hasSize(2);
    }

    @Test
    void silenceOfAwsDelaysADeletionAndIsNoAbsence() {
        flow.manifest.initially("/deletionPolicy", "Delete");
        flow.untilSteady();
        flow.cloud.answers(false);
        flow.delete();
        flow.pass(Duration.ofMinutes(30));
        assertThat(flow.told("Ready", "Stalled")).containsExactly("Ready=False/Deleting", "Stalled=-");
        flow.cloud.answers(true);
        untilReleased();
        assertThat(flow.cloud.found()).isEmpty();
    }

    @Test
    void aServiceOfAnotherInTheSameNameIsNotDeleted() {
        flow.manifest.initially("/deletionPolicy", "Delete");
        flow.untilSteady();
        flow.cloud.make("nano", 2, Map.of("lightkeeper.dev/cluster", "another", "lightkeeper.dev/owner", "a/b"));
        flow.delete();
        untilReleased();
        assertThat(flow.cloud.found()).isPresent();
        assertThat(flow.cloud.calls()).doesNotContain("delete");
    }

    @Test
    void deletionReadsNoReferences() {
        flow.references.secret("db", Map.of("url", "postgres://u:hunter2@db"));
        flow.manifest
                .initially("/containers/0/envFrom", "[{secretRef: {name: db}}]")
                .initially("/deletionPolicy", "Delete");
        flow.untilSteady();
        flow.references.readable(false);
        flow.delete();
        untilReleased();
        assertThat(flow.cloud.found()).isEmpty();
    }

    @Test
    void aDisabledServiceIsDeleted() {
        flow.manifest.initially("/deletionPolicy", "Delete");
        flow.untilSteady();
        flow.cloud.service().disable();
        flow.delete();
        untilReleased();
        assertThat(flow.cloud.found()).isEmpty();
    }

    @Test
    void aLostAnswerToADeletionIsLookedUp() {
        flow.manifest.initially("/deletionPolicy", "Delete");
        flow.untilSteady();
        flow.nextCall(new FakeCloud.Fault.LostAfter()).delete();
        untilReleased();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "delete");
    }

    @Test
    void aDeletionThatAwsDeniesIsToldAndTriedAgain() {
        flow.manifest.initially("/deletionPolicy", "Delete");
        flow.untilSteady();
        flow.nextCall(FaultFlowTest.DENIED).delete().step();
        assertThat(flow.told("Stalled")).containsExactly("Stalled=True/AccessDenied");
        untilReleased();
        assertThat(flow.cloud.found()).isEmpty();
    }
}
