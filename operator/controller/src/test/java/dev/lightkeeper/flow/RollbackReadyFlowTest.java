package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.False;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Reason;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whether a bad release could be taken back is told before it is needed. */
class RollbackReadyFlowTest {
    private static final String STORED = ":api.release.7";

    private final Flow flow = new Flow();

    @AfterEach
    void nothingForbiddenWasCalled() {
        assertThat(flow.cloud.offences()).isEmpty();
    }

    private void steadyOnAStoredImage() {
        flow.cloud.store(STORED);
        flow.manifest.initially("/containers/0/image", "'" + STORED + "'");
        flow.untilSteady();
    }

    @Test
    void nothingCanBeTakenBackBeforeARevisionWasVerifiedAndBaked() {
        flow.untilReady();
        assertThat(flow.told("RollbackReady")).containsExactly("RollbackReady=False/NoVerifiedRevision");
        flow.untilSteady();
        assertThat(flow.told("RollbackReady")).containsExactly("RollbackReady=True/VerifiedRevisionKept");
    }

    @Test
    void imagesOfOtherRegistriesCannotBeCheckedAndTheMessageSaysSo() {
        flow.untilSteady();
        assertThat(flow.message("RollbackReady")).contains(Manifest.IMAGE).contains("cannot be checked");
    }

    @Test
    void aStoredImageThatIsDeletedInSteadyStateIsToldAndHealsByItself() {
        steadyOnAStoredImage();
        assertThat(flow.message("RollbackReady")).isEqualTo("revision 1 is verified and kept");
        int events = flow.events.size();
        flow.cloud.unstore(STORED);
        flow.until("RollbackReady", False, Reason.ImageMissing).assertQuiet();
        assertThat(flow.message("RollbackReady")).contains(STORED).contains("revision 1");
        assertThat(flow.told("Ready", "Degraded")).containsExactly("Ready=True/Verified", "Degraded=False/NotDegraded");
        assertThat(flow.events).hasSize(events);
        flow.cloud.store(STORED);
        flow.until("RollbackReady", True, Reason.VerifiedRevisionKept).assertQuiet();
    }

    @Test
    void whatCannotBeListedStaysAsItWas() {
        steadyOnAStoredImage();
        flow.cloud.listsImages(false);
        flow.assertQuiet();
        assertThat(flow.told("RollbackReady")).containsExactly("RollbackReady=True/VerifiedRevisionKept");
        flow.cloud.listsImages(true);
        flow.cloud.unstore(STORED);
        flow.until("RollbackReady", False, Reason.ImageMissing);
        flow.cloud.listsImages(false);
        flow.restart();
        flow.assertQuiet();
    }

    @Test
    void aTargetThatWasVerifiedWhileTheImagesCannotBeListedIsUnknown() {
        steadyOnAStoredImage();
        flow.cloud.store(":api.release.8");
        flow.set("/containers/0/image", "':api.release.8'").untilReady();
        flow.cloud.listsImages(false);
        flow.untilSteady();
        assertThat(flow.told("RollbackReady")).containsExactly("RollbackReady=Unknown/NotObserved");
    }

    @Test
    void aReleaseFromAnotherRegistryIsNotTakenBackToAStoredImageThatIsGone() {
        steadyOnAStoredImage();
        flow.prober.sick("example.com/api:2");
        flow.set("/containers/0/image", "example.com/api:2").until("Reconciling", True, Reason.Verifying);
        flow.cloud.unstore(STORED);
        flow.until("Stalled", True, Reason.NoRollbackTarget);
        assertThat(flow.message("Stalled")).contains(STORED);
        assertThat(flow.told("RollbackReady")).containsExactly("RollbackReady=False/ImageMissing");
        assertThat(flow.cloud.service().images()).containsExactly("example.com/api:2");
    }

    @Test
    void aRollbackThatIsRequestedToAStoredImageThatIsGoneIsRefused() {
        steadyOnAStoredImage();
        flow.set("/containers/0/image", "example.com/api:2").untilSteady();
        flow.cloud.unstore(STORED);
        flow.annotate("lightkeeper.dev/rollback-requested-at", "monday").pass(Duration.ofMinutes(5));
        assertThat(flow.events).anyMatch(notice -> notice.reason() == Reason.RollbackRefused);
        assertThat(flow.cloud.service().images()).containsExactly("example.com/api:2");
    }

    @Test
    void anImageThatIsGoneIsStillToldWhileTheResourceIsDeleted() {
        steadyOnAStoredImage();
        flow.cloud.unstore(STORED);
        flow.until("RollbackReady", False, Reason.ImageMissing);
        flow.set("/deletionPolicy", "Delete").delete().run();
        assertThat(flow.told("RollbackReady")).containsExactly("RollbackReady=False/ImageMissing");
    }
}
