package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.AccountCheck;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** While one part of the world says nothing: what it had said is not taken back, and what another part refutes is. */
class SilenceFlowTest {
    private static final AccountCheck.Verified HOME =
            new AccountCheck.Verified("111122223333", "us-east-2", true, true);
    private static final AccountCheck UNREACHABLE = new AccountCheck.Unavailable(FakeCloud.UNREACHABLE, null);
    private static final String FROM_SECRET = "[{name: URL, valueFrom: {secretKeyRef: {name: db, key: url}}}]";

    private Flow flow = new Flow();

    @AfterEach
    void nothingForbiddenWasCalled() {
        assertThat(flow.cloud.offences()).isEmpty();
    }

    private void fromSecret() {
        flow.references.secret("db", Map.of("url", "postgres://u:hunter2@db"));
        flow.manifest.initially("/containers/0/env", FROM_SECRET);
    }

    @Test
    void aSpecThatIsPutRightIsNotStalledAnyMore() {
        flow.untilSteady().set("/driftPolicy", "Dream").until("Stalled", True, Reason.UnknownValue);
        flow.cloud.answers(false);
        flow.set("/driftPolicy", "Correct").run();
        assertThat(flow.told("Ready", "Stalled", "Reconciling"))
                .containsExactly("Ready=Unknown/ObservationStale", "Stalled=-", "Reconciling=True/ObservationStale");
        flow.cloud.answers(true);
        flow.untilSteady().assertQuiet();
    }

    @Test
    void aPathThatIsPutRightIsNotInvalidAnyMore() {
        flow.untilSteady().set("/readiness/path", "/%zz").until("Stalled", True, Reason.InvalidSpec);
        flow.cloud.answers(false);
        flow.set("/readiness/path", "/health/ready").run();
        assertThat(flow.told("Stalled", "Reconciling"))
                .containsExactly("Stalled=-", "Reconciling=True/ObservationStale");
    }

    @Test
    void anUnknownValueOfTheAccountStaysToldWhileTheAccountCannotBeAskedAboutAndOneOfTheSpecDoesNot() {
        flow.untilSteady();
        flow.cloud.account(new AccountCheck.Refused(Reason.UnknownValue, "the AwsAccount has an unknown value"));
        flow.until("Stalled", True, Reason.UnknownValue);
        flow.cloud.account(UNREACHABLE);
        flow.run();
        assertThat(flow.told("Stalled")).containsExactly("Stalled=True/UnknownValue");
        flow.cloud.account(HOME);
        flow.untilSteady().set("/driftPolicy", "Dream").until("Stalled", True, Reason.UnknownValue);
        flow.cloud.account(UNREACHABLE);
        flow.set("/driftPolicy", "Correct").run();
        assertThat(flow.told("Stalled")).containsExactly("Stalled=-");
    }

    @Test
    void aRuleThatAllowsAgainAfterLongExplainsNoSilence() {
        flow.untilSteady();
        flow.cloud.account(new AccountCheck.Refused(Reason.AccessNotAllowed, "the namespace is not selected"));
        flow.pass(Duration.ofMinutes(15));
        flow.cloud.account(HOME);
        flow.cloud.answers(false);
        flow.run();
        assertThat(flow.told("Ready", "Stalled", "Synced"))
                .containsExactly("Ready=Unknown/ObservationStale", "Stalled=-", "Synced=Unknown/ObservationStale");
    }

    @Test
    void aTargetThatIsBackIsNotMovedAnyMore() {
        flow.untilSteady();
        flow.cloud.account(new AccountCheck.Verified("999988887777", "us-east-2", true, true));
        flow.until("Stalled", True, Reason.TargetMoved);
        flow.cloud.account(UNREACHABLE);
        flow.run();
        assertThat(flow.told("Stalled")).containsExactly("Stalled=True/TargetMoved");
        flow.cloud.account(HOME);
        flow.cloud.answers(false);
        flow.run();
        assertThat(flow.told("Ready", "Stalled")).containsExactly("Ready=Unknown/NotObserved", "Stalled=-");
        flow.cloud.answers(true);
        flow.untilSteady().assertQuiet();
    }

    @Test
    void aReferenceThatIsThereIsNotMissingAnyMore() {
        fromSecret();
        flow.untilSteady();
        flow.references.removeSecret("db");
        flow.until("Stalled", True, Reason.ReferenceNotFound);
        flow.cloud.answers(false);
        flow.run();
        assertThat(flow.told("Stalled", "Degraded"))
                .containsExactly("Stalled=True/ReferenceNotFound", "Degraded=True/ReferenceNotFound");
        flow.references.secret("db", Map.of("url", "postgres://u:hunter2@db"));
        flow.run();
        assertThat(flow.told("Stalled", "Degraded")).containsExactly("Stalled=-", "Degraded=False/NotDegraded");
        flow.cloud.answers(true);
        flow.untilSteady().assertQuiet();
    }

    @Test
    void aServiceThatIsEnabledIsNotDisabledAnyMoreAlthoughAReferenceCannotBeRead() {
        fromSecret();
        flow.untilSteady();
        flow.cloud.service().disable();
        flow.until("Stalled", True, Reason.ServiceDisabled);
        flow.references.readable(false);
        flow.run();
        assertThat(flow.told("Stalled", "Degraded"))
                .containsExactly("Stalled=True/ServiceDisabled", "Degraded=True/ServiceDisabled");
        flow.cloud.service().enable();
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.told("Stalled", "Degraded")).containsExactly("Stalled=-", "Degraded=False/NotDegraded");
        flow.references.readable(true);
        flow.untilSteady().assertQuiet();
    }

    @Test
    void aDisabledServiceStaysToldWhileAwsIsSilent() {
        flow.untilSteady();
        flow.cloud.service().disable();
        flow.until("Stalled", True, Reason.ServiceDisabled);
        flow.cloud.answers(false);
        flow.run();
        assertThat(flow.told("Ready", "Stalled", "Degraded"))
                .containsExactly(
                        "Ready=False/ServiceDisabled", "Stalled=True/ServiceDisabled", "Degraded=True/ServiceDisabled");
    }

    @Test
    void hostsThatRunAreSelectedAlthoughSsmDoesNotReachThem() {
        flow = Flow.onHosts(2);
        flow.untilSteady();
        Collection<FakeHost> hosts = flow.fleet.hosts();
        hosts.forEach(host -> host.state = "stopped");
        flow.until("Stalled", True, Reason.NothingSelected);
        hosts.forEach(host -> {
            host.state = "running";
            host.online = false;
        });
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.told("Stalled", "Reconciling"))
                .containsExactly("Stalled=-", "Reconciling=True/HostUnreachable");
        hosts.forEach(host -> host.online = true);
        flow.untilSteady().assertQuiet();
    }

    @Test
    void hostsThatAreSelectedAgainAreToldAlthoughAReferenceCannotBeReadAndNotWhileAwsIsSilent() {
        flow = Flow.onHosts(2);
        flow.references.configMap("settings", Map.of("mode", "x"));
        flow.manifest.initially(
                "/containers/0/env", "[{name: MODE, valueFrom: {configMapKeyRef: {name: settings, key: mode}}}]");
        flow.untilSteady();
        Collection<FakeHost> hosts = flow.fleet.hosts();
        hosts.forEach(host -> host.state = "stopped");
        flow.until("Stalled", True, Reason.NothingSelected);
        flow.fleet.answers(false);
        flow.pass(Duration.ofMinutes(15));
        assertThat(flow.told("Stalled")).containsExactly("Stalled=True/NothingSelected");
        hosts.forEach(host -> host.state = "running");
        flow.references.readable(false);
        flow.fleet.answers(true);
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.told("Stalled")).containsExactly("Stalled=-");
        flow.references.readable(true);
        flow.untilSteady().assertQuiet();
    }

    @Test
    void hostsThatNobodyCanAskAnyMoreAreNotCalledAvailableForEver() {
        flow = Flow.onHosts(2);
        flow.untilSteady();
        flow.fleet.answers(false);
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.told("Ready", "Available")).containsExactly("Ready=True/Verified", "Available=True/Passing");
        flow.pass(Duration.ofMinutes(10));
        assertThat(flow.told("Ready", "Available"))
                .containsExactly("Ready=Unknown/ObservationStale", "Available=Unknown/NotObserved");
        flow.fleet.answers(true);
        flow.untilSteady().assertQuiet();
    }

    @Test
    void aDenialExplainsTheSilenceForAsLongAsItLasts() {
        flow.untilSteady();
        flow.cloud.account(new AccountCheck.Refused(Reason.AccessDenied, "the look is denied"));
        flow.pass(Duration.ofMinutes(15));
        flow.cloud.account(HOME);
        flow.cloud.answers(false);
        flow.run();
        assertThat(flow.told("Ready", "Stalled", "Reconciling"))
                .as("no flapping with each look that has no answer")
                .containsExactly("Ready=False/AccountNotVerified", "Stalled=True/AccessDenied", "Reconciling=-");
        flow.cloud.account(UNREACHABLE);
        flow.run();
        assertThat(flow.told("Ready", "Stalled"))
                .containsExactly("Ready=False/AccountNotVerified", "Stalled=True/AccessDenied");
        flow.cloud.account(HOME);
        flow.cloud.answers(true);
        flow.untilSteady().assertQuiet();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDeletionThatIsDeniedStaysBlockedUntilAwsAnswers(boolean onHosts) {
        flow = onHosts ? Flow.onHosts(2) : new Flow();
        flow.manifest.initially("/deletionPolicy", "Delete");
        flow.untilSteady();
        Failure denied = new Failure.Denied("AccessDeniedException", "the:Action", "not for you");
        if (onHosts) {
            flow.fleet.refuses(denied);
        } else {
            flow.nextCall(new FakeCloud.Fault.Refuses(denied));
        }
        flow.delete().step();
        List<String> told = flow.told("Ready", "Stalled", "AccountVerified");
        assertThat(told)
                .containsExactly(
                        "Ready=False/DeletionBlocked",
                        "Stalled=True/AccessDenied",
                        "AccountVerified=False/AccessDenied");
        if (onHosts) {
            flow.fleet.answers(false);
        } else {
            flow.cloud.answers(false);
        }
        flow.step();
        assertThat(flow.told("Ready", "Stalled", "AccountVerified")).isEqualTo(told);
    }

    @Test
    void aDeletionThatTheAccountBlocksStaysBlockedWhileTheAccountCannotBeAskedAbout() {
        flow.manifest.initially("/deletionPolicy", "Delete");
        flow.untilSteady();
        flow.cloud.account(new AccountCheck.Refused(Reason.WrongAccount, "the credentials belong to another account"));
        flow.delete().step();
        List<String> told = flow.told("Ready", "Stalled", "AccountVerified");
        assertThat(told).contains("Ready=False/DeletionBlocked", "AccountVerified=False/WrongAccount");
        flow.cloud.account(UNREACHABLE);
        flow.step();
        assertThat(flow.told("Ready", "Stalled", "AccountVerified")).isEqualTo(told);
    }
}
