package dev.lightkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.Manifests;
import dev.lightkeeper.api.v1alpha1.AwsAccount;
import dev.lightkeeper.api.v1alpha1.AwsAccountStatus;
import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.Identity;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.reconcile.AccountReport.Experience;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AccountStatusTest {
    private static final Instant FIRST = Instant.parse("2026-01-02T03:04:05Z");
    private static final Instant LATER = FIRST.plusSeconds(60);
    private static final Identity GOOD = new Identity.Verified("123456789012", "arn:aws:iam::123456789012:role/x");
    private static final Identity DOWN =
            new Identity.Unavailable(new Failure.Transient("Timeout", "AWS did not answer", false));

    private static final Observed<BigDecimal> NOTHING = new Observed.Present<>(BigDecimal.ZERO);

    private final AwsAccount account = account();

    @Test
    void aBlipOfAwsChangesReachableOnly() {
        AwsAccountStatus before = told(FIRST, GOOD, Experience.NONE);

        AwsAccountStatus after = told(LATER, DOWN, Experience.NONE);

        assertThat(words(after))
                .containsExactly(
                        "Ready=True/Verified",
                        "IdentityVerified=True/Verified",
                        "PermissionsVerified=Unknown/NotExercised",
                        "Reachable=False/Unreachable",
                        "AutomationAllowed=True/Closed",
                        "InUse=False/NotInUse");
        assertThat(after.identity()).isEqualTo(before.identity());
    }

    @Test
    void anAwsThatSaysSlowDownIsReachable() {
        told(FIRST, GOOD, Experience.NONE);

        assertThat(words(told(
                        LATER,
                        new Identity.Unavailable(new Failure.Throttled("AWS refused the call for the rate of calls")),
                        Experience.NONE)))
                .contains("IdentityVerified=True/Verified", "Reachable=True/Reachable");
    }

    /** Here: a Secret with the keys that the Kubernetes API does not give away. */
    @Test
    void whatKubernetesDoesNotAnswerIsNotHeldAgainstAws() {
        Identity unasked = new Identity.Unasked(
                new Failure.Transient("500", "the Kubernetes API did not answer: get secrets", true));

        AwsAccountStatus atFirst = told(FIRST, unasked, Experience.NONE);
        assertThat(words(atFirst))
                .startsWith("Ready=Unknown/NotObserved", "IdentityVerified=Unknown/NotObserved")
                .contains("Reachable=Unknown/NotObserved");
        assertThat(atFirst.conditions())
                .allSatisfy(condition ->
                        assertThat(condition.message()).doesNotContain("AWS answers", "AWS did not answer"));

        told(FIRST, GOOD, Experience.NONE);
        assertThat(words(told(LATER, unasked, Experience.NONE)))
                .startsWith("Ready=True/Verified")
                .contains("Reachable=True/Reachable");
        assertThat(words(told(LATER, unasked, new Experience(false, Set.of(), Set.of(), "lightsail does not answer"))))
                .contains("Reachable=False/Unreachable");
    }

    @Test
    void anAccountThatWasNeverReachedIsUnknown() {
        assertThat(words(told(FIRST, DOWN, Experience.NONE)))
                .startsWith("Ready=Unknown/NotObserved", "IdentityVerified=Unknown/NotObserved");
    }

    @Test
    void anotherAccountIsNotReady() {
        assertThat(words(told(FIRST, new Identity.Refused(Reason.WrongAccount, "AWS says 2"), Experience.NONE)))
                .startsWith("Ready=False/WrongAccount", "IdentityVerified=False/WrongAccount");
    }

    @Test
    void deniedActionsAreNamedAndDoNotBlockReady() {
        AwsAccountStatus told =
                told(FIRST, GOOD, new Experience(true, Set.of(), Set.of("lightsail:TagResource"), null));

        assertThat(words(told)).startsWith("Ready=True/Verified").contains("PermissionsVerified=False/Denied");
        assertThat(told.conditions().get(2).message()).contains("lightsail:TagResource");
    }

    @Test
    void permissionsOnceProvedStayProvedOverARestart() {
        told(FIRST, GOOD, new Experience(true, Set.of(), Set.of(), null));

        assertThat(words(told(LATER, GOOD, Experience.NONE))).contains("PermissionsVerified=True/Verified");
    }

    @Test
    void whatWasDeniedStaysDeniedOverARestart() {
        Experience denied = new Experience(false, Set.of(), Set.of("lightsail:TagResource", "sts:AssumeRole"), null);
        AwsAccountStatus before = told(FIRST, GOOD, denied);

        assertThat(told(LATER, GOOD, Experience.NONE)).isEqualTo(before);
        assertThat(told(LATER, GOOD, new Experience(false, Set.of("sts:AssumeRole"), Set.of(), null))
                        .conditions()
                        .get(2)
                        .message())
                .contains("lightsail:TagResource")
                .doesNotContain("sts:AssumeRole");
    }

    /** Another identity may do other things, and so may one whose account was edited. */
    @Test
    void whatAnotherIdentityWasDeniedIsNotKept() {
        Experience denied = new Experience(false, Set.of(), Set.of("lightsail:TagResource"), null);
        told(FIRST, GOOD, denied);

        assertThat(words(told(
                        LATER,
                        new Identity.Verified("123456789012", "arn:aws:iam::123456789012:user/other"),
                        Experience.NONE)))
                .contains("PermissionsVerified=Unknown/NotExercised");
        told(FIRST, GOOD, denied);
        account.getMetadata().setGeneration(2L);
        assertThat(words(told(LATER, GOOD, Experience.NONE))).contains("PermissionsVerified=Unknown/NotExercised");
    }

    @Test
    void theSameAgainIsTheSame() {
        assertThat(told(LATER, GOOD, Experience.NONE)).isEqualTo(told(LATER.plusSeconds(9), GOOD, Experience.NONE));
    }

    @Test
    void usersThatCannotBeListedAreNotForgotten() {
        AwsAccountStatus used = new AccountStatus(account, FIRST)
                .told(GOOD, Experience.NONE, NOTHING, false, List.of(Manifests.serviceDeployment("production", "api")));
        account.setStatus(used);

        AwsAccountStatus unknown =
                new AccountStatus(account, LATER).told(GOOD, Experience.NONE, Observed.notLooked(), false, null);

        assertThat(unknown).isEqualTo(used);
        assertThat(unknown.services()).isEqualTo(1);
        assertThat(unknown.conditions().getLast().message()).isEqualTo("named by production/api");
    }

    @Test
    void whatIsNotDoneByItselfIsToldWithItsReason() {
        AwsAccountStatus told = new AccountStatus(account, FIRST).told(GOOD, Experience.NONE, NOTHING, true, List.of());

        assertThat(words(told)).contains("AutomationAllowed=False/ManyServicesFailing");
    }

    private AwsAccountStatus told(Instant now, Identity identity, Experience experience) {
        AwsAccountStatus told = new AccountStatus(account, now)
                .told(identity, experience, NOTHING, false, List.<ServiceDeployment>of());
        account.setStatus(told);
        return told;
    }

    private static List<String> words(AwsAccountStatus status) {
        return status.conditions().stream().map(AccountStatusTest::word).toList();
    }

    private static String word(Condition condition) {
        return condition.type() + "=" + condition.status() + "/" + condition.reason();
    }

    private static AwsAccount account() {
        AwsAccount account = Manifests.awsAccount("default");
        account.getMetadata().setGeneration(1L);
        return account;
    }
}
