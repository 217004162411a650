package dev.lightkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.Manifests;
import dev.lightkeeper.api.v1alpha1.AwsAccount;
import dev.lightkeeper.api.v1alpha1.AwsAccountStatus;
import dev.lightkeeper.api.v1alpha1.CheckResult;
import dev.lightkeeper.api.v1alpha1.CheckStatus;
import dev.lightkeeper.api.v1alpha1.CheckType;
import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Enforcement;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import dev.lightkeeper.aws.MovableClock;
import dev.lightkeeper.kube.KubernetesClients;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.plan.Timings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Many services that begin to fail at the same time stop what is done by itself in their account, and only there. */
class BreakerTest {
    private static final CheckStatus PASSING = check(CheckType.Readiness, CheckResult.Passing);
    private static final CheckStatus FAILING = check(CheckType.Readiness, CheckResult.Failing);
    private static final CheckStatus UNKNOWN = check(CheckType.Readiness, CheckResult.Unknown);

    private final MovableClock clock = new MovableClock();
    private final Breaker breaker = new Breaker(account -> new Observed.Absent<>(), Timings.standard(), clock);
    private final AwsAccount account = Manifests.awsAccount("default");
    private final ServiceDeploymentSpec spec =
            Manifests.serviceDeployment("shop", "api").getSpec();

    private static CheckStatus check(CheckType type, CheckResult result) {
        return new CheckStatus(type.name(), type, Enforcement.Required, result, null, 1L, null);
    }

    private void seen(String uid, CheckStatus before, CheckStatus after) {
        breaker.seen(spec, uid, false, List.of(before), List.of(after));
    }

    private void fail(String... uids) {
        for (String uid : uids) {
            seen(uid, PASSING, FAILING);
        }
    }

    private void well(int services) {
        for (int i = 0; i < services; i++) {
            seen("well-" + i, PASSING, PASSING);
        }
    }

    @Test
    void threeServicesAndMoreThanThreeTenthsOfTheAccountOpenIt() {
        well(6);
        fail("a", "b");
        assertThat(breaker.isOpen(account)).isFalse();
        fail("c");
        assertThat(breaker.isOpen(account)).isTrue();
        assertThat(breaker.isOpen(Manifests.awsAccount("other"))).isFalse();
    }

    @Test
    void threeTenthsAreNotMoreThanThreeTenths() {
        well(7);
        fail("a", "b", "c");
        assertThat(breaker.isOpen(account)).isFalse();
    }

    @Test
    void twoOfThreeAndThreeOfTwentyDoNotOpenIt() {
        well(1);
        fail("a", "b");
        assertThat(breaker.isOpen(account)).isFalse();
        well(17);
        fail("c");
        assertThat(breaker.isOpen(account)).isFalse();
    }

    @Test
    void itClosesAfterAQuarterOfAnHourAndOpensAgain() {
        fail("a", "b", "c");
        clock.advance(Duration.ofMinutes(14));
        fail("d");
        assertThat(breaker.isOpen(account)).isTrue();
        clock.advance(Duration.ofMinutes(1));
        assertThat(breaker.isOpen(account)).isFalse();
        fail("e", "f", "g");
        assertThat(breaker.isOpen(account)).isTrue();
    }

    @Test
    void whatBeginsToFailLaterIsNotTheSameCause() {
        fail("a", "b");
        clock.advance(Duration.ofMinutes(2));
        fail("c");
        assertThat(breaker.isOpen(account)).isFalse();
    }

    @Test
    void whatFailedBeforeThisProcessBeganDoesNotBeginToFail() {
        seen("a", FAILING, FAILING);
        fail("b", "c");
        assertThat(breaker.isOpen(account)).isFalse();
    }

    @Test
    void whatNobodyCouldTellForAWhileDoesNotBeginToFailAgain() {
        fail("a");
        clock.advance(Duration.ofMinutes(10));
        seen("a", FAILING, UNKNOWN);
        seen("a", UNKNOWN, FAILING);
        fail("b", "c");
        assertThat(breaker.isOpen(account)).isFalse();
        seen("a", FAILING, PASSING);
        fail("a");
        assertThat(breaker.isOpen(account)).isTrue();
    }

    @Test
    void whatFailsInItsOwnRolloutIsNotCountedEvenWhenThatIsOver() {
        breaker.seen(spec, "a", true, List.of(PASSING), List.of(FAILING));
        fail("b", "c");
        seen("a", FAILING, FAILING);
        fail("b");
        assertThat(breaker.isOpen(account)).isFalse();
    }

    @Test
    void neitherAdvisoryChecksNorDriftOfContentCount() {
        CheckStatus advisory =
                new CheckStatus("x", CheckType.Endpoint, Enforcement.Advisory, CheckResult.Failing, null, 1L, null);
        seen("a", PASSING, advisory);
        seen("b", PASSING, check(CheckType.Image, CheckResult.Failing));
        seen("c", PASSING, check(CheckType.Environment, CheckResult.Failing));
        assertThat(breaker.isOpen(account)).isFalse();
    }

    @Test
    void whatIsGoneIsNotCounted() {
        fail("a", "b");
        breaker.forget("a");
        fail("c");
        assertThat(breaker.isOpen(account)).isFalse();
        fail("d");
        assertThat(breaker.isOpen(account)).isTrue();
        breaker.forgetAccount("default");
        assertThat(breaker.isOpen(account)).isFalse();
    }

    @Test
    void whatWasMovedToAnotherAccountIsCountedThereOnly() {
        ServiceDeploymentSpec moved = KubernetesClients.lenient()
                .unmarshal("spec: {accountRef: {name: other}}", ServiceDeployment.class)
                .getSpec();
        fail("a", "b");
        breaker.seen(moved, "a", false, List.of(FAILING), List.of(FAILING));

        fail("c");

        assertThat(breaker.isOpen(account)).isFalse();
        fail("d");
        assertThat(breaker.isOpen(account)).isTrue();
    }

    @Test
    void anotherProcessKeepsOpenWhatTheAccountSays() {
        account.setStatus(new AwsAccountStatus(
                1L,
                List.of(new Condition(
                        "AutomationAllowed",
                        ConditionStatus.False,
                        1L,
                        clock.instant().minusSeconds(60),
                        "ManyServicesFailing",
                        "as told")),
                null,
                3,
                null));
        assertThat(breaker.isOpen(account)).isTrue();
        clock.advance(Duration.ofMinutes(14));
        assertThat(breaker.isOpen(account)).isFalse();
    }
}
