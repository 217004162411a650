package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.False;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.Unknown;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Reason;
import org.junit.jupiter.api.Test;

/** The stale image of incident I1, told. */
class UpToDateFlowTest {
    private final Flow flow = new Flow();

    @Test
    void aNewerImageOfTheSameLabelIsToldAndNeverAffectsReady() {
        flow.cloud.store(":api.release.162");
        flow.cloud.store(":api.other.900");
        flow.manifest.initially("/containers/0/image", "':api.release.162'");
        flow.untilSteady();
        assertThat(flow.told("UpToDate")).containsExactly("UpToDate=True/Passing");
        int told = flow.events.size();
        flow.cloud.store(":api.release.165");
        flow.cloud.store(":api.release.99");
        flow.until("UpToDate", False, Reason.NewerImagePushed);
        assertThat(flow.message("UpToDate"))
                .isEqualTo(":api.release.165 was pushed after :api.release.162, which is declared");
        assertThat(flow.store.status().lightsail().newestImages()).containsExactly(":api.release.165");
        assertThat(flow.told("Ready", "Degraded")).containsExactly("Ready=True/Verified", "Degraded=False/NotDegraded");
        assertThat(flow.events).hasSize(told);
        flow.assertQuiet();
    }

    @Test
    void whatCannotBeReadStaysAsItWas() {
        flow.cloud.store(":api.release.162");
        flow.cloud.store(":api.release.165");
        flow.manifest.initially("/containers/0/image", "':api.release.162'");
        flow.until("UpToDate", False, Reason.NewerImagePushed).untilSteady();
        flow.cloud.listsImages(false);
        flow.assertQuiet();
        assertThat(flow.store.status().lightsail().newestImages()).containsExactly(":api.release.165");
    }

    @Test
    void imagesOfOtherRegistriesCannotBeCompared() {
        flow.untilSteady();
        assertThat(flow.is("UpToDate", Unknown, Reason.NotRequested)).isTrue();
        assertThat(flow.is("Ready", True, Reason.Verified)).isTrue();
    }
}
