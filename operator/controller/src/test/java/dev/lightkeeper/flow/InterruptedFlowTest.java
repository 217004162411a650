package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.False;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.plan.RevisionRecord;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What crashes at every call and random sequences have found, each as the shortest story that shows it. */
class InterruptedFlowTest {
    private static final String BAD = "example.com/api:bad";

    private final Flow flow = new Flow();

    private void killBefore(String call) {
        flow.outside.watch(new Outside.Watcher() {
            @Override
            public void before(int number, String name) {
                if (name.equals(call)) {
                    throw new Killed();
                }
            }
        });
        assertThatThrownBy(() -> flow.pass(Duration.ofHours(1))).isInstanceOf(Killed.class);
        flow.outside.watchNoMore();
        flow.restart();
    }

    @Test
    void aFailedRevisionIsMarkedBeforeTheIntentOfItsRollback() {
        flow.untilSteady();
        flow.prober.sick(BAD);
        flow.set("/containers/0/image", BAD);
        flow.until(() -> flow.cloud.calls().size() == 3);
        killBefore("Deploy");
        assertThat(flow.store.revision("2").result()).isEqualTo(RevisionRecord.Result.Failed);
        flow.until("Stalled", True, Reason.RolledBack);
        flow.annotate("lightkeeper.dev/rollback-to", "2")
                .annotate("lightkeeper.dev/rollback-requested-at", "now")
                .run();
        assertThat(flow.events.getLast().message()).contains("revision 2 has failed");
    }

    @Test
    void aRetryThatIsRequestedWhileNobodyKnowsWhatIsThereIsMadeLater() {
        flow.untilSteady();
        flow.cloud.remove();
        flow.until("Stalled", True, Reason.ServiceDisappeared);
        flow.cloud.answers(false);
        flow.annotate("lightkeeper.dev/retry-requested-at", "now").run();
        flow.pass(Duration.ofMinutes(3));
        flow.cloud.answers(true);
        flow.untilSteady();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "create", "deploy");
    }

    @Test
    void whatIsLoweredAgainInAGenerationThatAsksForNothingSaysNothingAboutReady() {
        flow.untilSteady();
        flow.cloud.service().scaleNow(4);
        flow.set("/suspend", "true").pass(Duration.ofMinutes(40));
        flow.set("/suspend", "false").run();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "update");
        assertThat(flow.told("Ready", "Reconciling"))
                .containsExactly("Ready=True/Verified", "Reconciling=True/ScaleMismatch");
    }

    @Test
    void aRetryCorrectsThePowerThatWasLeftAlsoWhenADeploymentGoesFirst() {
        flow.untilSteady();
        flow.prober.sick(Manifest.IMAGE);
        flow.until("Degraded", True, Reason.ReadinessFailed);
        flow.cloud.service().powerNow("small");
        flow.pass(Duration.ofMinutes(2));
        Contents.deployByHand(flow, "example.com/api:hotfix");
        flow.until("Stalled", True, Reason.ForeignDeployment);
        flow.prober.cured(Manifest.IMAGE);
        flow.annotate("lightkeeper.dev/retry-requested-at", "now").untilSteady().pass(Duration.ofMinutes(5));
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
        assertThat(flow.cloud.service().power()).isEqualTo("nano");
        assertThat(flow.is("Synced", True, Reason.InSync)).isTrue();
    }

    @Test
    void scaleThatIsLoweredByHandDuringARolloutIsAPartOfTheRollout() {
        flow.untilSteady();
        flow.set("/containers/0/image", BAD).until("Reconciling", True, Reason.Verifying);
        flow.cloud.service().scaleNow(1);
        flow.until(() -> flow.cloud.calls().contains("update"));
        assertThat(flow.told("Ready")).containsExactly("Ready=Unknown/Capacity");
        flow.untilSteady();
    }

    @Test
    void aDomainThatIsDetachedWhileAReleaseAnswersBadlyIsLeft() {
        flow.manifest.initially(
                "/lightsail/publicDomainNames", "[{certificateName: shop, domainNames: [api.example.com]}]");
        flow.untilSteady();
        flow.prober.sick(BAD);
        flow.set("/containers/0/image", BAD).until("ReadinessPassed", False, Reason.ReadinessFailed);
        assertThat(flow.is("Reconciling", True, Reason.Verifying)).isTrue();
        flow.cloud.service().domainsNow(Map.of());
        flow.pass(Duration.ofMinutes(2));
        assertThat(flow.cloud.calls()).containsOnlyOnce("update");
    }

    @Test
    void aServiceThatDisappearedIsNotInSync() {
        flow.untilSteady();
        flow.cloud.remove();
        flow.until("Stalled", True, Reason.ServiceDisappeared);
        assertThat(flow.is("Synced", False, Reason.ServiceMissing)).isTrue();
    }

    @Test
    void tagsThatAreStillToBeSetAreNotInSyncWhileTheServiceIsInTransition() {
        flow.untilSteady();
        flow.set("/lightsail/publicDomainNames", "[{certificateName: shop, domainNames: [api.example.com]}]")
                .set("/lightsail/tags", "{team: shop}");
        flow.until(() -> flow.cloud.calls().size() == 3).step();
        assertThat(flow.cloud.service().tags()).doesNotContainKey("team");
        assertThat(flow.told("Synced")).doesNotContain("Synced=True/InSync");
    }
}
