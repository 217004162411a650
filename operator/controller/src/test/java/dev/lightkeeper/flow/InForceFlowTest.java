package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.False;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.Unknown;
import static dev.lightkeeper.flow.FakeProber.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.observe.HostReport;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What others change while something that the spec refers to is missing or cannot be read: told, and left alone so long. */
class InForceFlowTest {
    private static final String STALE = "example.com/api:stale";
    private static final String FROM_SECRET = "[{name: DATABASE_URL, valueFrom: {secretKeyRef: {name: db, key: url}}}]";
    private static final String FROM_CONFIG_MAP =
            "[{name: MAX, valueFrom: {configMapKeyRef: {name: limits, key: max}}}]";
    private static final Map<String, String> SECRET = Map.of("url", "postgres://u:hunter2@db");

    private final Flow flow = new Flow();
    private final Flow hosts = Flow.onHosts();

    @AfterEach
    void nothingForbiddenWasCalled() {
        assertThat(flow.offences()).isEmpty();
        assertThat(hosts.offences()).isEmpty();
    }

    private void steady() {
        flow.references.secret("db", SECRET);
        flow.manifest.initially("/containers/0/env", FROM_SECRET);
        flow.untilSteady().pass(Duration.ofMinutes(10));
    }

    private void steadyOnHosts() {
        hosts.references.configMap("limits", Map.of("max", "10"));
        hosts.manifest.initially("/containers/0/env", FROM_CONFIG_MAP);
        hosts.untilSteady().pass(Duration.ofMinutes(10));
    }

    private static String check(Flow flow, String name) {
        return flow.store.status().checks().stream()
                .filter(check -> check.name().equals(name))
                .map(check -> "%s: %s".formatted(check.status(), check.message()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aStaleImageIsToldWhileTheSecretCannotBeReadAndCorrectedAfterwards() {
        steady();
        flow.references.readable(false);
        flow.pass(Duration.ofMinutes(2));
        Contents.deployByHand(flow, STALE);
        flow.pass(Duration.ofMinutes(1));
        assertThat(flow.told("Ready", "Synced", "Degraded", "Reconciling", "Stalled", "EnvironmentValid"))
                .containsExactly(
                        "Ready=False/ImageMismatch",
                        "Synced=False/ImageMismatch",
                        "Degraded=True/ImageMismatch",
                        "Reconciling=True/ImageMismatch",
                        "Stalled=-",
                        "EnvironmentValid=Unknown/ReferenceNotFound");
        assertThat(flow.message("Ready"))
                .startsWith(
                        "held against revision 1, which is in force: container \"api\" runs example.com/api:stale, declared is example.com/api:1; it is not corrected while this is so: ")
                .contains("\"db\"", "cannot be read");
        assertThat(check(flow, "image"))
                .startsWith("Failing: held against revision 1")
                .contains(STALE);
        assertThat(check(flow, "environment")).startsWith("Passing");
        flow.assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
        flow.references.readable(true);
        flow.until(() -> flow.cloud.calls().size() == 3).untilSteady().assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
        assertThat(check(flow, "image")).isEqualTo("Passing: the live image is the declared one");
    }

    @Test
    void aDeploymentThatWasSeenComingIsToldToo() {
        steady();
        flow.references.readable(false);
        flow.pass(Duration.ofMinutes(2));
        int _ = flow.cloud
                .service()
                .deploy(Contents.withImage(flow, STALE), flow.clock.instant(), Duration.ofMinutes(4));
        flow.pass(Duration.ofMinutes(2));
        assertThat(flow.told("Ready", "Reconciling"))
                .containsExactly("Ready=True/Verified", "Reconciling=True/WaitingForTransition");
        flow.until("Ready", False, Reason.ImageMismatch);
        flow.references.readable(true);
        flow.until(() -> flow.cloud.calls().size() == 3).untilSteady().assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
    }

    @Test
    void aVariableThatWasChangedIsNamedWithoutItsValue() {
        steady();
        flow.references.readable(false);
        Contents.deployByHand(flow, Manifest.IMAGE, Map.of("DATABASE_URL", "postgres://evil", "DEBUG", "1"));
        flow.until("Ready", False, Reason.EnvironmentMismatch);
        assertThat(flow.told("Synced")).containsExactly("Synced=False/EnvironmentMismatch");
        assertThat(flow.message("Ready"))
                .contains("differs in DATABASE_URL, DEBUG")
                .doesNotContain("evil");
        assertThat(check(flow, "environment"))
                .startsWith("Failing")
                .contains("DATABASE_URL, DEBUG")
                .doesNotContain("evil");
        assertThat(check(flow, "image")).startsWith("Passing");
        flow.assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
        flow.references.readable(true);
        flow.until(() -> flow.cloud.calls().size() == 3).untilSteady().assertQuiet();
    }

    @Test
    void aMissingSecretIsToldFirstAndWhatRunsByTheOtherConditions() {
        steady();
        flow.references.removeSecret("db");
        flow.until("Stalled", True, Reason.ReferenceNotFound);
        Contents.deployByHand(flow, STALE);
        flow.pass(Duration.ofMinutes(1));
        assertThat(flow.told("Ready", "Stalled", "Synced"))
                .containsExactly(
                        "Ready=False/ReferenceNotFound",
                        "Stalled=True/ReferenceNotFound",
                        "Synced=False/ImageMismatch");
        assertThat(check(flow, "image")).startsWith("Failing").contains(STALE);
        flow.assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
        flow.references.secret("db", SECRET);
        // It was not Ready when that was deployed, so it may be a fix.
        flow.until("Ready", False, Reason.ForeignDeployment).assertQuiet();
        flow.annotate("lightkeeper.dev/retry-requested-at", "now").untilSteady().assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
    }

    @Test
    void whatWasDeployedInAnIncidentIsLeftBeforeAndAfterTheSecretIsReadable() {
        steady();
        flow.references.readable(false);
        flow.prober.answers(status(503));
        flow.until("Degraded", True, Reason.ReadinessFailed);
        Contents.deployByHand(flow, "example.com/api:hotfix");
        flow.until("Stalled", True, Reason.ForeignDeployment);
        assertThat(flow.told("Ready", "Degraded", "Synced"))
                .containsExactly(
                        "Ready=False/ForeignDeployment",
                        "Degraded=True/ForeignDeployment",
                        "Synced=False/ImageMismatch");
        assertThat(flow.message("Stalled")).contains("version 2", "it may be a fix", "\"db\"", "cannot be read");
        flow.prober.answers(status(200));
        flow.pass(Duration.ofMinutes(30)).assertQuiet();
        flow.references.readable(true);
        flow.pass(Duration.ofMinutes(30)).assertQuiet();
        assertThat(flow.told("Ready", "Stalled"))
                .containsExactly("Ready=False/ForeignDeployment", "Stalled=True/ForeignDeployment");
        assertThat(flow.cloud.service().images()).containsExactly("example.com/api:hotfix");
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
    }

    @Test
    void aRetryThatIsRequestedMeanwhileHoldsWhenTheSecretIsReadable() {
        steady();
        flow.references.readable(false);
        flow.prober.answers(status(503));
        flow.until("Degraded", True, Reason.ReadinessFailed);
        Contents.deployByHand(flow, "example.com/api:hotfix");
        flow.until("Stalled", True, Reason.ForeignDeployment);
        flow.prober.answers(status(200));
        flow.annotate("lightkeeper.dev/retry-requested-at", "now").pass(Duration.ofMinutes(5));
        assertThat(flow.told("Ready")).containsExactly("Ready=False/ImageMismatch");
        flow.references.readable(true);
        flow.until(() -> flow.cloud.calls().size() == 3).untilSteady().assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
    }

    @Test
    void whatIsPutRightMeanwhileIsNotHeldAgainstTheService() {
        steady();
        flow.references.readable(false);
        Contents.deployByHand(flow, STALE);
        flow.until("Ready", False, Reason.ImageMismatch);
        Contents.deployByHand(flow, Manifest.IMAGE);
        flow.pass(Duration.ofMinutes(2));
        assertThat(flow.told("Ready", "Degraded", "Stalled"))
                .containsExactly("Ready=Unknown/Preflight", "Degraded=False/NotDegraded", "Stalled=-");
        assertThat(flow.message("Ready")).contains("\"db\"", "cannot be read");
        assertThat(check(flow, "image")).isEqualTo("Passing: the live image is that of the revision in force");
        flow.assertQuiet();
        flow.references.readable(true);
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
    }

    @Test
    void whatWasDeployedInAnIncidentAndPutRightIsStalledNoLonger() {
        steady();
        flow.references.readable(false);
        flow.prober.answers(status(503));
        flow.until("Degraded", True, Reason.ReadinessFailed);
        Contents.deployByHand(flow, "example.com/api:hotfix");
        flow.until("Stalled", True, Reason.ForeignDeployment);
        flow.prober.answers(status(200));
        Contents.deployByHand(flow, Manifest.IMAGE);
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.told("Ready", "Degraded", "Stalled"))
                .containsExactly("Ready=Unknown/Preflight", "Degraded=False/NotDegraded", "Stalled=-");
        flow.references.readable(true);
        flow.untilSteady().assertQuiet();
    }

    @Test
    void equalContentByAnotherHandCostsNoReady() {
        steady();
        flow.references.readable(false);
        Journal journal = new Journal(flow);
        int _ = flow.cloud
                .service()
                .deploy(Contents.withImage(flow, Manifest.IMAGE), flow.clock.instant(), Duration.ofMinutes(4));
        flow.pass(Duration.ofMinutes(20));
        assertThat(journal.transitions()).doesNotContainKeys("Ready", "Degraded", "Available");
        assertThat(flow.told("Ready", "Reconciling"))
                .containsExactly("Ready=True/Verified", "Reconciling=True/Preflight");
        flow.references.readable(true);
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
    }

    @Test
    void aMissingSecretIsNoReasonToStayReadyThroughATransition() {
        steady();
        flow.references.removeSecret("db");
        flow.until("Stalled", True, Reason.ReferenceNotFound);
        int _ = flow.cloud
                .service()
                .deploy(Contents.withImage(flow, Manifest.IMAGE), flow.clock.instant(), Duration.ofMinutes(4));
        flow.pass(Duration.ofMinutes(2));
        assertThat(flow.is("Ready", True, Reason.Verified)).isFalse();
        flow.until("Stalled", True, Reason.ReferenceNotFound);
    }

    @Test
    void aNewSpecThatCannotBeReadIsNotWhatRunsIsHeldAgainst() {
        flow.untilSteady().pass(Duration.ofMinutes(10));
        flow.references.readable(false);
        flow.set("/containers/0/env", FROM_SECRET)
                .set("/containers/0/image", "example.com/api:2")
                .run();
        assertThat(flow.told("Ready", "Synced"))
                .containsExactly("Ready=Unknown/Preflight", "Synced=Unknown/NotObserved");
        assertThat(check(flow, "image")).isEqualTo("Passing: the live image is that of the revision in force");
        flow.pass(Duration.ofMinutes(10));
        assertThat(flow.told("Ready")).containsExactly("Ready=Unknown/Preflight");
        Contents.deployByHand(flow, STALE);
        flow.until("Synced", False, Reason.ImageMismatch);
        assertThat(flow.told("Ready")).containsExactly("Ready=False/ForeignDeployment");
        assertThat(flow.message("Synced")).contains("revision 1", "declared is example.com/api:1");
        flow.references.readable(true);
        flow.references.secret("db", SECRET);
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly("example.com/api:2");
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/suspend: true", "/managementPolicy: Observe", "/driftPolicy: Report"})
    void whereNothingWouldBeDoneTheReasonForThatIsTold(String setting) {
        steady();
        String[] parts = setting.split(": ", 2);
        flow.set(parts[0], parts[1]).pass(Duration.ofMinutes(2));
        flow.references.readable(false);
        Contents.deployByHand(flow, STALE);
        flow.until("Ready", False, Reason.ImageMismatch);
        assertThat(flow.message("Ready")).contains(STALE, "nothing is done about it (");
        assertThat(flow.told("Synced", "Degraded"))
                .containsExactly("Synced=False/ImageMismatch", "Degraded=False/NotDegraded");
        flow.assertQuiet();
    }

    @Test
    void whatWasToldDegradedStaysSoWhenItIsSuspended() {
        steady();
        flow.references.readable(false);
        Contents.deployByHand(flow, STALE);
        flow.until("Degraded", True, Reason.ImageMismatch);
        flow.annotate("lightkeeper.dev/suspend", "true").pass(Duration.ofMinutes(5));
        assertThat(flow.told("Ready", "Degraded"))
                .containsExactly("Ready=False/ImageMismatch", "Degraded=True/ImageMismatch");
    }

    @Test
    void aFirstReleaseThatFailedIsToldByItsFailure() {
        flow.references.secret("db", SECRET);
        flow.manifest.initially("/containers/0/env", FROM_SECRET);
        flow.cloud.cannotStart(Manifest.IMAGE);
        flow.until("Stalled", True, Reason.DeploymentFailed);
        flow.references.readable(false);
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.told("Ready", "Stalled", "Synced"))
                .containsExactly(
                        "Ready=False/DeploymentFailed",
                        "Stalled=True/DeploymentFailed",
                        "Synced=False/ContentMismatch");
        assertThat(flow.message("Synced")).isEqualTo("nothing is deployed");
        flow.assertQuiet();
    }

    @Test
    void duringTheBakeAndBeforeARolloutBeginsTheRevisionInForceIsKnownToo() {
        flow.references.secret("db", SECRET);
        flow.manifest.initially("/containers/0/env", FROM_SECRET);
        flow.untilReady();
        flow.pass(Duration.ofMinutes(6));
        flow.references.readable(false);
        Contents.deployByHand(flow, STALE);
        flow.until("Synced", False, Reason.ImageMismatch);
        flow.references.readable(true);
        flow.untilSteady().pass(Duration.ofMinutes(10));
        flow.set("/containers/0/image", ":api.web.7").until("Ready", False, Reason.ImageNotFound);
        flow.references.readable(false);
        Contents.deployByHand(flow, STALE);
        flow.until(() -> flow.message("Synced").contains("in force"));
        assertThat(flow.message("Synced")).contains("runs example.com/api:stale, declared is example.com/api:1");
        assertThat(check(flow, "image")).startsWith("Failing");
    }

    @Test
    void whileAReleaseIsOnItsWayNothingIsHeldAgainstTheRevisionInForce() {
        steady();
        Contents.deployByHand(flow, STALE);
        flow.until(() -> flow.cloud.calls().size() == 3);
        flow.references.readable(false);
        flow.pass(Duration.ofMinutes(10));
        assertThat(flow.message("Synced")).doesNotContain("in force");
        flow.references.readable(true);
        flow.untilSteady().assertQuiet();
    }

    @Test
    void aHotfixOverARevisionThatWasBroughtBackIsTold() {
        steady();
        flow.cloud.cannotStart("example.com/api:2");
        flow.set("/containers/0/image", "example.com/api:2").until("Stalled", True, Reason.DeploymentFailed);
        flow.references.readable(false);
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.told("Stalled", "Synced"))
                .containsExactly("Stalled=True/DeploymentFailed", "Synced=Unknown/NotObserved");
        Contents.deployByHand(flow, "example.com/api:hotfix");
        flow.until("Stalled", True, Reason.ForeignDeployment);
        assertThat(check(flow, "image"))
                .startsWith("Failing: held against revision 1")
                .contains("hotfix");
        flow.assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly("example.com/api:hotfix");
    }

    @Test
    void driftThatReturnedStaysToldAsThat() {
        steady();
        for (int i = 0; i < 2; i++) {
            Contents.deployByHand(flow, STALE);
            int calls = flow.cloud.calls().size();
            flow.until(() -> flow.cloud.calls().size() > calls).untilReady().pass(Duration.ofMinutes(6));
        }
        Contents.deployByHand(flow, STALE);
        flow.until("Stalled", True, Reason.DriftReturned);
        flow.references.readable(false);
        flow.pass(Duration.ofMinutes(10));
        assertThat(flow.told("Ready", "Stalled", "Synced"))
                .containsExactly(
                        "Ready=False/DriftReturned", "Stalled=True/DriftReturned", "Synced=False/ImageMismatch");
    }

    @Test
    void aHostThatRunsAStaleImageIsToldWhileTheConfigMapCannotBeReadAndCorrectedAfterwards() {
        steadyOnHosts();
        int before = hosts.fleet.audit().size();
        hosts.references.readable(false);
        hosts.pass(Duration.ofMinutes(2));
        assertThat(hosts.told("Ready")).containsExactly("Ready=True/Verified");
        hosts.fleet.host("i-1").running.put("api", STALE);
        hosts.until("Ready", False, Reason.ImageMismatch);
        assertThat(hosts.told("Synced", "Degraded"))
                .containsExactly("Synced=False/ImageMismatch", "Degraded=True/ImageMismatch");
        assertThat(hosts.message("Ready"))
                .startsWith(
                        "held against revision 1, which is in force: host i-1: \"api\" runs example.com/api:stale, declared is example.com/api:1; it is not corrected while this is so: ")
                .contains("\"limits\"", "cannot be read");
        assertThat(check(hosts, "image")).startsWith("Failing").contains("host i-1", STALE);
        hosts.pass(Duration.ofMinutes(20)).assertQuiet();
        assertThat(hosts.fleet.audit()).hasSize(before);
        hosts.references.readable(true);
        hosts.untilSteady().assertQuiet();
        assertThat(hosts.fleet.running().get("i-1")).isEqualTo("1 [example.com/api:1]");
    }

    @Test
    void aHostWithAnotherEnvironmentIsToldAndOneThatIsRightAgainIsHeldAgainstNobody() {
        steadyOnHosts();
        hosts.references.readable(false);
        hosts.fleet.host("i-2").environment = HostReport.Environment.DIFFERS;
        hosts.until("Ready", False, Reason.EnvironmentMismatch);
        assertThat(check(hosts, "environment")).startsWith("Failing").contains("host i-2");
        hosts.fleet.host("i-2").environment = HostReport.Environment.EQUAL;
        hosts.until("Ready", Unknown, Reason.Preflight);
        assertThat(hosts.told("Degraded")).containsExactly("Degraded=False/NotDegraded");
        assertThat(check(hosts, "environment")).startsWith("Passing");
        hosts.references.readable(true);
        hosts.untilSteady().assertQuiet();
    }

    @Test
    void aMissingConfigMapIsToldFirstOfAHostToo() {
        steadyOnHosts();
        hosts.references.removeConfigMap("limits");
        hosts.until("Stalled", True, Reason.ReferenceNotFound);
        hosts.fleet.host("i-1").running.put("api", STALE);
        hosts.until("Synced", False, Reason.ImageMismatch);
        assertThat(hosts.told("Ready")).containsExactly("Ready=False/ReferenceNotFound");
        hosts.assertQuiet();
        hosts.references.configMap("limits", Map.of("max", "10"));
        hosts.untilSteady().assertQuiet();
        assertThat(hosts.fleet.running().get("i-1")).isEqualTo("1 [example.com/api:1]");
    }
}
