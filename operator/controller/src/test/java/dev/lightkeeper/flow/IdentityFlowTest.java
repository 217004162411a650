package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.Unknown;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.observe.AccountCheck;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whose account, whose service: what is not ours or not right is never touched. */
class IdentityFlowTest {
    private static final AccountCheck.Verified HOME =
            new AccountCheck.Verified("111122223333", "us-east-2", true, true);

    private final Flow flow = new Flow();

    @AfterEach
    void nothingForbiddenWasCalled() {
        assertThat(flow.cloud.offences()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {
                "AccountNotFound",
                "CredentialsInvalid",
                "WrongAccount",
                "RegionNotAllowed",
                "AccessNotAllowed",
                "AccessDenied",
                "UnknownValue"
            })
    void nothingIsCalledWhereTheAccountIsNotRight(Reason reason) {
        flow.cloud.account(new AccountCheck.Refused(reason, "the account is not right"));
        flow.run();
        assertThat(flow.told("Ready", "AccountVerified", "Stalled", "Reconciling", "Degraded"))
                .containsExactly(
                        "Ready=False/AccountNotVerified",
                        "AccountVerified=False/" + reason,
                        "Stalled=True/" + reason,
                        "Reconciling=-",
                        "Degraded=False/NotDegraded");
        flow.assertQuiet();
        assertThat(flow.cloud.calls()).isEmpty();
        flow.cloud.account(HOME);
        flow.untilSteady().assertQuiet();
    }

    @Test
    void aProblemOfTheAccountIsNoEventOfTheResource() {
        flow.cloud.account(new AccountCheck.Refused(Reason.WrongAccount, "the credentials belong to another account"));
        flow.pass(Duration.ofMinutes(30));
        assertThat(flow.events).isEmpty();
    }

    @Test
    void anAccountThatGoesWrongEndsReadyButProbesGoOn() {
        flow.untilSteady();
        flow.cloud.account(new AccountCheck.Refused(Reason.WrongAccount, "the credentials belong to another account"));
        flow.until("Stalled", True, Reason.WrongAccount);
        int probes = flow.prober.requests().size();
        flow.pass(Duration.ofMinutes(10));
        assertThat(flow.prober.requests().size()).isGreaterThan(probes + 15);
        assertThat(flow.told("Ready", "Available"))
                .containsExactly("Ready=False/AccountNotVerified", "Available=True/Passing");
        flow.cloud.account(HOME);
        flow.untilSteady().assertQuiet();
    }

    @Test
    void aDeniedLookStaysDeniedUntilAwsAnswersAgain() {
        flow.untilSteady();
        flow.cloud.account(new AccountCheck.Refused(Reason.AccessDenied, "the look is denied"));
        flow.until("Stalled", True, Reason.AccessDenied);
        flow.cloud.account(HOME);
        flow.cloud.answers(false);
        flow.run();
        assertThat(flow.told("Ready", "AccountVerified", "Stalled"))
                .as("silence takes nothing back")
                .containsExactly(
                        "Ready=False/AccountNotVerified",
                        "AccountVerified=False/AccessDenied",
                        "Stalled=True/AccessDenied");
        flow.cloud.answers(true);
        flow.untilSteady().assertQuiet();
        assertThat(flow.told("AccountVerified")).containsExactly("AccountVerified=True/Verified");
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"AccountNotFound", "CredentialsInvalid", "WrongAccount", "RegionNotAllowed", "AccessNotAllowed"})
    void whatTheAccountItselfHasPutRightIsToldNoLongerAlthoughAwsIsSilent(Reason reason) {
        flow.untilSteady();
        flow.cloud.account(new AccountCheck.Refused(reason, "the account is not right"));
        flow.until("Stalled", True, reason);
        flow.cloud.account(HOME);
        flow.cloud.answers(false);
        flow.run();
        assertThat(flow.told("Ready", "AccountVerified", "Stalled", "Reconciling"))
                .containsExactly(
                        "Ready=Unknown/ObservationStale",
                        "AccountVerified=True/Verified",
                        "Stalled=-",
                        "Reconciling=True/ObservationStale");
        flow.cloud.answers(true);
        flow.untilSteady().assertQuiet();
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"AccessDenied", "AccessNotAllowed"})
    void whatTheAccountItselfHasPutRightIsToldNoLongerAlthoughAReferenceCannotBeRead(Reason reason) {
        flow.references.secret("db", Map.of("url", "postgres://u:hunter2@db"));
        flow.manifest.initially(
                "/containers/0/env", "[{name: DATABASE_URL, valueFrom: {secretKeyRef: {name: db, key: url}}}]");
        flow.untilSteady();
        flow.cloud.account(new AccountCheck.Refused(reason, "the account is not right"));
        flow.until("Stalled", True, reason);
        flow.cloud.account(HOME);
        flow.references.readable(false);
        flow.run();
        assertThat(flow.told("Ready", "AccountVerified", "Stalled", "Reconciling"))
                .containsExactly(
                        "Ready=Unknown/Preflight",
                        "AccountVerified=True/Verified",
                        "Stalled=-",
                        "Reconciling=True/Preflight");
        flow.references.readable(true);
        flow.untilSteady().assertQuiet();
    }

    @Test
    void whatTheAccountItselfHasPutRightIsToldNoLongerAlthoughNothingCanBeProbed() {
        flow.untilSteady();
        flow.cloud.account(new AccountCheck.Refused(Reason.WrongAccount, "the account is not right"));
        flow.until("Stalled", True, Reason.WrongAccount);
        flow.prober.cutOff(true);
        flow.until("Available", Unknown, Reason.ProberIsolated);
        flow.cloud.account(HOME);
        flow.run();
        assertThat(flow.told("Ready", "AccountVerified", "Stalled"))
                .containsExactly("Ready=Unknown/NotObserved", "AccountVerified=True/Verified", "Stalled=-");
    }

    @Test
    void aWrongAccountStaysToldWhenItCannotBeAskedAboutBeforeTheFirstContact() {
        flow.cloud.account(new AccountCheck.Refused(Reason.WrongAccount, "the credentials belong to another account"));
        flow.run();
        flow.cloud.account(new AccountCheck.Unavailable(FakeCloud.UNREACHABLE, null));
        flow.run();
        assertThat(flow.told("Ready", "AccountVerified", "Stalled"))
                .containsExactly(
                        "Ready=False/AccountNotVerified",
                        "AccountVerified=False/WrongAccount",
                        "Stalled=True/WrongAccount");
        flow.cloud.account(HOME);
        flow.untilSteady().assertQuiet();
    }

    @Test
    void anIdentityThatCannotBeAskedForIsWaitedFor() {
        flow.cloud.account(new AccountCheck.Unavailable(FakeCloud.UNREACHABLE, null));
        flow.pass(Duration.ofMinutes(30));
        assertThat(flow.told("Ready", "Reconciling", "Stalled", "AccountVerified"))
                .containsExactly(
                        "Ready=Unknown/Initializing",
                        "Reconciling=True/Initializing",
                        "Stalled=-",
                        "AccountVerified=Unknown/NotObserved");
        assertThat(flow.cloud.calls()).isEmpty();
        flow.cloud.account(HOME);
        flow.untilSteady().assertQuiet();
    }

    @ParameterizedTest
    @CsvSource({"999988887777,us-east-2", "111122223333,eu-west-1"})
    void aServiceIsNeverLookedForInAnotherAccountOrRegionThanItsOwn(String account, String region) {
        flow.untilSteady();
        flow.cloud.account(new AccountCheck.Verified(account, region, true, true));
        flow.until("Stalled", True, Reason.TargetMoved);
        assertThat(flow.told("Ready", "Degraded", "Available"))
                .containsExactly("Ready=False/TargetMoved", "Degraded=False/NotDegraded", "Available=True/Passing");
        flow.assertQuiet();
        flow.set("/containers/0/image", "example.com/api:2");
        flow.pass(Duration.ofMinutes(10));
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
        flow.cloud.account(HOME);
        flow.untilSteady().assertQuiet();
    }

    @Test
    void aDisabledServiceIsNeverChangedAndHealsWhenItIsEnabled() {
        flow.untilSteady();
        flow.cloud.service().disable();
        flow.until("Stalled", True, Reason.ServiceDisabled);
        assertThat(flow.told("Ready", "Degraded", "Available"))
                .containsExactly(
                        "Ready=False/ServiceDisabled", "Degraded=True/ServiceDisabled", "Available=False/NotServing");
        assertThat(flow.message("Stalled")).contains("--no-is-disabled");
        flow.set("/containers/0/image", "example.com/api:2").run();
        flow.assertQuiet();
        assertThat(flow.cloud.calls()).hasSize(2);
        flow.cloud.service().enable();
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).hasSize(3);
    }

    @Test
    void aServiceThatDisappearsIsMadeAgainOnRequestOnly() {
        flow.untilSteady();
        flow.cloud.remove();
        flow.until("Stalled", True, Reason.ServiceDisappeared);
        assertThat(flow.told("Ready", "Degraded", "Available"))
                .containsExactly(
                        "Ready=False/ServiceDisappeared",
                        "Degraded=True/ServiceDisappeared",
                        "Available=False/NotServing");
        flow.assertQuiet();
        assertThat(flow.cloud.calls()).hasSize(2);
        flow.annotate("lightkeeper.dev/retry-requested-at", "now").untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "create", "deploy");
    }

    @Test
    void oneNotFoundOfAKnownServiceIsNoAbsence() {
        flow.untilSteady();
        FakeService hidden = flow.cloud.service();
        flow.cloud.hide(true);
        flow.pass(Duration.ofSeconds(50));
        assertThat(flow.told("Ready", "Stalled")).containsExactly("Ready=True/Verified", "Stalled=-");
        flow.cloud.hide(false);
        flow.pass(Duration.ofSeconds(50));
        assertThat(flow.cloud.service()).isSameAs(hidden);
        flow.assertQuiet();
    }

    @Test
    void aServiceThatWasMadeAgainByHandIsTakenOnRequestOnly() {
        flow.untilSteady();
        Map<String, String> tags = flow.cloud.service().tags();
        flow.cloud.make("nano", 2, tags);
        flow.until("Stalled", True, Reason.TargetReplaced);
        flow.pass(Duration.ofMinutes(2));
        flow.assertQuiet();
        assertThat(flow.cloud.calls()).hasSize(2);
        flow.annotate("lightkeeper.dev/retry-requested-at", "now").untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
    }

    @Test
    void aServiceOfAnotherOwnerIsNeverTouched() {
        flow.cloud.make("nano", 2, Map.of("lightkeeper.dev/cluster", "another", "lightkeeper.dev/owner", "shop/api"));
        flow.until("Stalled", True, Reason.AlreadyManaged);
        flow.pass(Duration.ofMinutes(2));
        assertThat(flow.message("Stalled")).contains("shop/api of cluster another");
        assertThat(flow.store.status().url()).isNull();
        assertThat(flow.told("Available")).containsExactly("Available=Unknown/NotObserved");
        flow.assertQuiet();
        assertThat(flow.cloud.calls()).isEmpty();
    }

    @Test
    void aServiceWithoutOwnerIsNotTakenOver() {
        flow.cloud.make("nano", 2, Map.of());
        flow.until("Stalled", True, Reason.AdoptionRefused);
        flow.pass(Duration.ofMinutes(2));
        flow.assertQuiet();
        assertThat(flow.cloud.calls()).isEmpty();
    }

    @Test
    void aResourceThatWasCreatedAgainFindsItsServiceAgain() {
        flow.cloud.make(
                "nano",
                2,
                Map.of(
                        "lightkeeper.dev/cluster",
                        Flow.CLUSTER,
                        "lightkeeper.dev/owner",
                        "shop/api",
                        "lightkeeper.dev/released",
                        "true"));
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).contains("deploy", "tag").doesNotContain("create");
        assertThat(flow.cloud.service().tags()).doesNotContainKey("lightkeeper.dev/released");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/verification/cors | [{name: c, path: /, origin: 'https://a.example.com', method: GET, enforcement: Perhaps}] | UnknownValue | spec.verification.cors[].enforcement",
                "/verification/endpoints | [{name: e, path: /, method: BREW, enforcement: Required}] | UnknownValue | spec.verification.endpoints[].method",
                "/verification/endpoints | [{name: e, path: '/%zz', method: GET, enforcement: Required}] | InvalidSpec | verification.endpoints[e].path is not a path",
                "/verification/endpoints | [{name: e, path: /, method: GET, enforcement: Required, expect: {headers: [{name: a, pattern: '('}]}}] | InvalidSpec | verification.endpoints[e].expect.headers[a].pattern",
                "/verification/logMilestones | [{name: m, pattern: 'a(?=b)', withinSeconds: 120, enforcement: Required}] | InvalidSpec | verification.logMilestones[m].pattern is not a regular expression of RE2",
                "/verification/logMilestones | [{name: m, pattern: a, after: '(', withinSeconds: 120, enforcement: Required}] | InvalidSpec | verification.logMilestones[m].after",
                "/verification/forbiddenLogPatterns | [{name: f, pattern: '(', maxMatches: 0, windowSeconds: 300, enforcement: Required}] | InvalidSpec | verification.forbiddenLogPatterns[f].pattern",
                "/managementPolicy | Dream | UnknownValue | spec.managementPolicy",
            })
    void aSpecThatThisVersionCannotDoIsStalledAndAwsIsNotEvenAsked(
            String pointer, String value, Reason reason, String message) {
        flow.untilSteady();
        int looks = flow.cloud.looks();
        flow.set(pointer, value).run();
        assertThat(flow.told("Ready", "Stalled", "Degraded", "Available"))
                .containsExactly(
                        "Ready=False/" + reason,
                        "Stalled=True/" + reason,
                        "Degraded=False/NotDegraded",
                        "Available=True/Passing");
        assertThat(flow.message("Stalled")).contains(message);
        flow.assertQuiet();
        assertThat(flow.cloud.looks()).isEqualTo(looks);
    }
}
