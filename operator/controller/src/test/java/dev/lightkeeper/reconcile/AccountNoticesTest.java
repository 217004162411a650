package dev.lightkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.Manifests;
import dev.lightkeeper.api.v1alpha1.AwsAccount;
import dev.lightkeeper.api.v1alpha1.AwsAccountStatus;
import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.observe.Identity;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.reconcile.AccountReport.Experience;
import dev.lightkeeper.status.Notice;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** One cause, one event. */
class AccountNoticesTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Identity GOOD = new Identity.Verified("123456789012", "arn:aws:iam::123456789012:role/x");
    private static final Identity WRONG = new Identity.Refused(Reason.WrongAccount, "they belong to another account");

    private final AwsAccount account = Manifests.awsAccount("default");

    @Test
    void aCauseIsToldWhenItBeginsAndWhenItEndsAndNotBetween() {
        assertThat(told(GOOD, Experience.NONE)).containsExactly("Normal Verified");
        assertThat(told(GOOD, Experience.NONE)).isEmpty();
        assertThat(told(WRONG, Experience.NONE)).containsExactly("Warning WrongAccount");
        assertThat(told(WRONG, Experience.NONE)).isEmpty();
        assertThat(told(new Identity.Refused(Reason.CredentialsInvalid, "expired"), Experience.NONE))
                .containsExactly("Warning CredentialsInvalid");
        assertThat(told(GOOD, Experience.NONE)).containsExactly("Normal Verified");
    }

    @Test
    void eachDeniedActionIsACauseOfItsOwn() {
        told(GOOD, Experience.NONE);

        assertThat(told(GOOD, denied("lightsail:TagResource"))).containsExactly("Warning Denied");
        assertThat(told(GOOD, denied("lightsail:TagResource"))).isEmpty();
        assertThat(told(GOOD, denied("lightsail:TagResource", "lightsail:UntagResource")))
                .containsExactly("Warning Denied");
        assertThat(told(GOOD, denied("lightsail:UntagResource"))).isEmpty();
        assertThat(told(GOOD, accepted("lightsail:TagResource", "lightsail:UntagResource")))
                .containsExactly("Normal Verified");
    }

    /** A new process knows of no call: {@link Experience#NONE}. */
    @Test
    void aRestartIsNoProofThatWhatWasDeniedWorksAgain() {
        told(GOOD, denied("lightsail:TagResource", "lightsail:UntagResource"));

        assertThat(told(GOOD, Experience.NONE)).isEmpty();
        assertThat(told(GOOD, accepted("lightsail:TagResource"))).isEmpty();
        assertThat(told(GOOD, denied("lightsail:UntagResource"))).isEmpty();
        assertThat(told(GOOD, accepted("lightsail:UntagResource"))).containsExactly("Normal Verified");
        assertThat(told(GOOD, Experience.NONE)).isEmpty();
    }

    @Test
    void anotherIdentityIsNoProofThatWhatWasDeniedWorksAgain() {
        told(GOOD, denied("lightsail:TagResource"));

        assertThat(told(new Identity.Verified("123456789012", "arn:aws:iam::123456789012:user/y"), Experience.NONE))
                .isEmpty();
    }

    /** Reads do not show what may be written, so that nothing is verified by them. */
    @Test
    void aReadThatWorksAgainIsToldToo() {
        told(GOOD, new Experience(false, Set.of(), Set.of("lightsail:GetContainerImages"), null));

        assertThat(told(GOOD, new Experience(false, Set.of("lightsail:GetContainerImages"), Set.of(), null)))
                .containsExactly("Normal Verified");
    }

    @Test
    void silenceOfAwsIsToldOnceAndSoIsItsEnd() {
        told(GOOD, Experience.NONE);

        assertThat(told(GOOD, new Experience(false, Set.of(), Set.of(), "no answer")))
                .containsExactly("Warning Unreachable");
        assertThat(told(GOOD, new Experience(false, Set.of(), Set.of(), "another one")))
                .isEmpty();
        assertThat(told(GOOD, Experience.NONE)).containsExactly("Normal Reachable");
    }

    @Test
    void manyResourcesThatARuleRefusesAreOneEventThatNamesSome() {
        told(GOOD, Experience.NONE);
        List<ServiceDeployment> users = List.of(
                user("a", Reason.AccessNotAllowed), user("b", Reason.AccessNotAllowed), user("c", Reason.Verified));

        assertThat(told(GOOD, Experience.NONE, users)).containsExactly("Warning AccessNotAllowed");
        assertThat(account.getStatus().conditions().getLast().message())
                .isEqualTo("named by shop/a, shop/b, to which spec.access of this AwsAccount gives no right");
        assertThat(told(GOOD, Experience.NONE, users.subList(1, 3))).isEmpty();
        assertThat(told(GOOD, Experience.NONE, List.of(user("a", Reason.RegionNotAllowed))))
                .containsExactly("Warning RegionNotAllowed");
        assertThat(told(GOOD, Experience.NONE, users.subList(2, 3))).isEmpty();
    }

    @Test
    void manyServicesThatFailAtOnceAreToldByOneEvent() {
        assertThat(told(GOOD, Experience.NONE, true, List.of()))
                .containsExactlyInAnyOrder("Normal Verified", "Warning ManyServicesFailing");
        assertThat(told(GOOD, Experience.NONE, true, List.of())).isEmpty();
        assertThat(told(GOOD, Experience.NONE, false, List.of())).isEmpty();
        assertThat(told(GOOD, Experience.NONE, true, List.of())).containsExactly("Warning ManyServicesFailing");
    }

    private List<String> told(Identity identity, Experience experience) {
        return told(identity, experience, List.of());
    }

    private List<String> told(Identity identity, Experience experience, List<ServiceDeployment> users) {
        return told(identity, experience, false, users);
    }

    private List<String> told(Identity identity, Experience experience, boolean paused, List<ServiceDeployment> users) {
        AwsAccountStatus before = account.getStatus();
        AwsAccountStatus after =
                new AccountStatus(account, NOW).told(identity, experience, Observed.notLooked(), paused, users);
        account.setStatus(after);
        return AccountNotices.between(before, after).stream()
                .map((Notice notice) -> (notice.warning() ? "Warning " : "Normal ") + notice.reason())
                .toList();
    }

    private static Experience denied(String... actions) {
        return new Experience(true, Set.of(), Set.of(actions), null);
    }

    private static Experience accepted(String... actions) {
        return new Experience(true, Set.of(actions), Set.of(), null);
    }

    private static ServiceDeployment user(String name, Reason reason) {
        ServiceDeployment user = Manifests.serviceDeployment("shop", name);
        ConditionStatus status = reason == Reason.Verified ? ConditionStatus.True : ConditionStatus.False;
        user.setStatus(Manifests.status(
                1, List.of(new Condition("AccountVerified", status, 1L, NOW, reason.name(), "as the run says"))));
        return user;
    }
}
