package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.AccountCheck;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Services that people made by hand, and services that were ours before. */
class AdoptionFlowTest {
    private static final Map<String, String> NO_TAGS = Map.of();

    private final Flow flow = new Flow();

    @AfterEach
    void nothingForbiddenWasCalled() {
        assertThat(flow.cloud.offences()).isEmpty();
    }

    private void policy(String policy) {
        flow.manifest.initially("/adoptionPolicy", policy);
    }

    private void accept() {
        flow.annotate("lightkeeper.dev/accept-plan", flow.store.status().planHash());
    }

    @ParameterizedTest
    @ValueSource(strings = {"AdoptOrCreate", "AdoptOnly"})
    void aHandMadeServiceIsTaggedBeforeAnythingElseAndThenTakenOver(String policy) {
        policy(policy);
        Contents.madeByHand(flow, "example.com/api:old", Map.of(), NO_TAGS);
        flow.run();
        assertThat(flow.cloud.calls()).containsExactly("tag");
        assertThat(flow.told("Ready", "Reconciling"))
                .containsExactly("Ready=Unknown/Adopting", "Reconciling=True/Adopting");
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("tag", "deploy");
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
        assertThat(flow.cloud.service().tags()).containsEntry("lightkeeper.dev/owner", "shop/api");
    }

    @Test
    void whatRanBeforeIsKeptAsTheBaseline() {
        policy("AdoptOrCreate");
        Contents.madeByHand(flow, "example.com/api:old", Map.of(), NO_TAGS);
        flow.untilSteady();
        assertThat(flow.store.revision("baseline").content().images()).containsExactly("example.com/api:old");
        assertThat(flow.store.revision("baseline").awsVersion()).isEqualTo(1);
        assertThat(flow.store.revision("baseline").result()).isNull();
        assertThat(flow.store.status().lastVerifiedRevision()).isEqualTo("1");
    }

    @Test
    void aHandMadeServiceThatRunsTheManifestIsTakenOverWithoutADeployment() {
        policy("AdoptOrCreate");
        Contents.madeByHand(flow, Manifest.IMAGE, Map.of(), NO_TAGS);
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("tag");
        assertThat(flow.store.status().lastVerifiedRevision()).isEqualTo("1");
        assertThat(flow.store.revision("baseline")).isNull();
    }

    @Test
    void variablesThatTheManifestLacksAreNotTakenAwayUnlessSomebodyAcceptsIt() {
        policy("AdoptOrCreate");
        Contents.madeByHand(flow, "example.com/api:old", Map.of("SMTP_HOST", "mail", "A", "b"), NO_TAGS);
        flow.until("Stalled", True, Reason.AdoptionWouldRemoveEnvironment);
        assertThat(flow.told("Ready", "Degraded"))
                .containsExactly("Ready=False/AdoptionWouldRemoveEnvironment", "Degraded=False/NotDegraded");
        assertThat(flow.store.status().plan()).containsExactly("remove variables A, SMTP_HOST of container \"api\"");
        assertThat(flow.message("Stalled"))
                .contains("lightkeeper.dev/accept-plan=" + flow.store.status().planHash());
        flow.assertQuiet();
        assertThat(flow.cloud.calls()).as("not even tagged").isEmpty();
        accept();
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("tag", "deploy");
        assertThat(flow.store.status().plan()).isEmpty();
        assertThat(flow.store.status().planHash()).isNull();
    }

    @Test
    void adoptionWaitsForADeploymentOfSomebodyElseAndThenAsksAboutItsVariables() {
        policy("AdoptOrCreate");
        Contents.madeByHand(flow, "example.com/api:old", Map.of(), NO_TAGS);
        flow.cloud
                .service()
                .deploy(
                        Contents.content(flow, "example.com/api:old", Map.of("SMTP_HOST", "mail")),
                        flow.clock.instant(),
                        Duration.ofMinutes(3));
        flow.run();
        assertThat(flow.told("Ready", "Reconciling"))
                .containsExactly("Ready=Unknown/WaitingForTransition", "Reconciling=True/WaitingForTransition");
        assertThat(flow.cloud.calls()).as("not even tagged").isEmpty();
        flow.until("Stalled", True, Reason.AdoptionWouldRemoveEnvironment);
        assertThat(flow.store.status().plan()).containsExactly("remove variables SMTP_HOST of container \"api\"");
        assertThat(flow.cloud.calls()).as("not even tagged").isEmpty();
    }

    @Test
    void anAcceptanceHoldsOnlyForWhatWasShown() {
        policy("AdoptOrCreate");
        Contents.madeByHand(flow, "example.com/api:old", Map.of("A", "b"), NO_TAGS);
        flow.until("Stalled", True, Reason.AdoptionWouldRemoveEnvironment);
        String shown = flow.store.status().planHash();
        Contents.deployByHand(flow, "example.com/api:old", Map.of("A", "b", "B", "c"));
        accept();
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.told("Stalled")).containsExactly("Stalled=True/AdoptionWouldRemoveEnvironment");
        assertThat(flow.store.status().planHash()).isNotEqualTo(shown);
        assertThat(flow.cloud.calls()).isEmpty();
    }

    @Test
    void declaringTheVariablesIsAnotherWayOut() {
        policy("AdoptOrCreate");
        Contents.madeByHand(flow, "example.com/api:old", Map.of("A", "b"), NO_TAGS);
        flow.until("Stalled", True, Reason.AdoptionWouldRemoveEnvironment);
        flow.set("/containers/0/env", "[{name: A, value: b}]").untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("tag", "deploy");
    }

    @Test
    void theAccountHasToAllowAdoption() {
        policy("AdoptOrCreate");
        flow.cloud.account(new AccountCheck.Verified("111122223333", "us-east-2", true, false));
        Contents.madeByHand(flow, "example.com/api:old", Map.of(), NO_TAGS);
        flow.until("Stalled", True, Reason.AdoptionRefused);
        assertThat(flow.message("Stalled")).contains("access.allowAdoption: true");
        assertThat(flow.told("Synced")).containsExactly("Synced=Unknown/NotObserved");
        flow.assertQuiet();
        assertThat(flow.cloud.calls()).isEmpty();
        flow.cloud.account(new AccountCheck.Verified("111122223333", "us-east-2", true, true));
        flow.untilSteady().assertQuiet();
    }

    @Test
    void adoptOnlyNeverMakesAService() {
        policy("AdoptOnly");
        flow.until("Stalled", True, Reason.ServiceMissing);
        assertThat(flow.message("Stalled")).contains("AdoptOnly");
        assertThat(flow.told("Ready", "Available"))
                .containsExactly("Ready=False/ServiceMissing", "Available=False/NotServing");
        flow.assertQuiet();
        assertThat(flow.cloud.calls()).isEmpty();
        Contents.madeByHand(flow, Manifest.IMAGE, Map.of(), NO_TAGS);
        flow.untilSteady().assertQuiet();
    }

    @Test
    void adoptOrCreateMakesAServiceWhereThereIsNone() {
        policy("AdoptOrCreate");
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
    }

    @Test
    void aServiceThatAnotherReleasedMayBeAdopted() {
        policy("AdoptOrCreate");
        Contents.madeByHand(
                flow,
                Manifest.IMAGE,
                Map.of(),
                Map.of(
                        "lightkeeper.dev/cluster", "another",
                        "lightkeeper.dev/owner", "shop/old",
                        "lightkeeper.dev/released", "true"));
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("tag");
        assertThat(flow.cloud.service().tags())
                .containsEntry("lightkeeper.dev/owner", "shop/api")
                .doesNotContainKey("lightkeeper.dev/released");
    }

    @Test
    void aServiceOfALiveOwnerIsNeverAdopted() {
        policy("AdoptOrCreate");
        Contents.madeByHand(
                flow,
                Manifest.IMAGE,
                Map.of(),
                Map.of("lightkeeper.dev/cluster", "another", "lightkeeper.dev/owner", "shop/old"));
        flow.until("Stalled", True, Reason.AlreadyManaged);
        flow.assertQuiet();
        assertThat(flow.cloud.calls()).isEmpty();
    }

    @Test
    void anObserverShowsWhatAdoptionWouldDo() {
        policy("AdoptOrCreate");
        flow.manifest.initially("/managementPolicy", "Observe");
        Contents.madeByHand(flow, "example.com/api:old", Map.of("A", "b"), NO_TAGS);
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.told("Ready", "Synced", "Stalled", "Reconciling", "Available"))
                .containsExactly(
                        "Ready=False/ImageMismatch",
                        "Synced=False/ImageMismatch",
                        "Stalled=-",
                        "Reconciling=-",
                        "Available=True/Passing");
        assertThat(flow.store.status().plan())
                .hasSize(3)
                .anySatisfy(line -> assertThat(line).contains("remove variables A"))
                .anySatisfy(line -> assertThat(line).contains("deploy " + Manifest.IMAGE))
                .anySatisfy(line -> assertThat(line).contains("change tags of api"));
        assertThat(flow.store.status().planHash()).isNotNull();
        flow.assertQuiet();
        assertThat(flow.cloud.calls()).isEmpty();
        accept();
        flow.set("/managementPolicy", "Enforce").untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("tag", "deploy");
    }

    @Test
    void anObserverOfAnEmptyServiceIsNotSaidToWork() {
        policy("AdoptOrCreate");
        flow.manifest.initially("/managementPolicy", "Observe");
        flow.cloud.make("nano", 2, NO_TAGS);
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.told("Ready", "Reconciling", "Stalled", "Available"))
                .containsExactly(
                        "Ready=False/ContentMismatch", "Reconciling=-", "Stalled=-", "Available=False/NotServing");
        flow.assertQuiet();
    }

    @Test
    void aReCreatedResourceFindsItsServiceAndAsksBeforeItTakesVariablesAway() {
        Contents.madeByHand(
                flow,
                "example.com/api:old",
                Map.of("A", "b"),
                Map.of("lightkeeper.dev/cluster", Flow.CLUSTER, "lightkeeper.dev/owner", "shop/api"));
        flow.until("Stalled", True, Reason.AdoptionWouldRemoveEnvironment);
        flow.assertQuiet();
        assertThat(flow.cloud.calls()).isEmpty();
        accept();
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("deploy");
    }

    @Test
    void anEmptyHandMadeServiceIsAdoptedWithoutABaseline() {
        policy("AdoptOrCreate");
        flow.cloud.make("nano", 2, NO_TAGS);
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("tag", "deploy");
        assertThat(flow.store.revision("baseline")).isNull();
    }

    @Test
    void aServiceThatWasOnlyObservedIsNoneOfOursWhenThePolicyBecomesCreateOnly() {
        policy("AdoptOrCreate");
        flow.manifest.initially("/managementPolicy", "Observe");
        Contents.madeByHand(flow, "example.com/api:old", Map.of(), NO_TAGS);
        flow.pass(Duration.ofMinutes(5));
        flow.set("/adoptionPolicy", "CreateOnly").set("/managementPolicy", "Enforce");
        flow.until("Stalled", True, Reason.AdoptionRefused);
        flow.pass(Duration.ofMinutes(10));
        assertThat(flow.cloud.calls()).isEmpty();
    }

    @Test
    void aTakeOverWhoseTagWasRefusedIsNoneOfOursWhenThePolicyBecomesCreateOnly() {
        policy("AdoptOrCreate");
        Contents.madeByHand(flow, "example.com/api:old", Map.of(), NO_TAGS);
        flow.nextCall(new FakeCloud.Fault.Refuses(new Failure.Denied("AccessDenied", "TagResource", "denied")));
        flow.run();
        flow.set("/adoptionPolicy", "CreateOnly").until("Stalled", True, Reason.AdoptionRefused);
        flow.pass(Duration.ofMinutes(30));
        assertThat(flow.cloud.calls()).isEmpty();
    }

    @Test
    void theEnvironmentIsGuardedStillAfterTheFirstDeploymentOfATakeOverFailed() {
        policy("AdoptOrCreate");
        flow.manifest.initially("/containers/0/env", "[{name: A, value: b}]");
        Contents.madeByHand(flow, "example.com/api:old", Map.of("A", "b"), NO_TAGS);
        flow.cloud.cannotStart(Manifest.IMAGE);
        flow.until("Stalled", True, Reason.DeploymentFailed);
        flow.set("/containers/0/env", "[]").set("/containers/0/image", "example.com/api:2");
        flow.until("Stalled", True, Reason.AdoptionWouldRemoveEnvironment);
        assertThat(flow.cloud.calls()).containsExactly("tag", "deploy");
        accept();
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("tag", "deploy", "deploy");
    }
}
