package dev.lightkeeper.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.desired.SecretText;
import dev.lightkeeper.observe.AccountCheck;
import dev.lightkeeper.observe.Identity;
import dev.lightkeeper.observe.LiveState;
import dev.lightkeeper.observe.Look;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.simulators.aws.AwsSimulator;
import dev.lightkeeper.simulators.aws.faults.Fault;
import dev.lightkeeper.simulators.aws.faults.FaultKind;
import dev.lightkeeper.simulators.aws.faults.Faults;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AccountsIT {
    private final AwsWorld world = new AwsWorld();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void theRightAccountIsVerifiedOnceForManyLooks() {
        for (int i = 0; i < 20; i++) {
            assertThat(check())
                    .isEqualTo(new AccountCheck.Verified(AwsSimulator.DEFAULT_ACCOUNT, AwsWorld.REGION, true, false));
        }
        assertThat(world.calls()).containsExactly("GetCallerIdentity");

        world.clock.advance(Duration.ofMinutes(5));
        check();
        assertThat(world.calls()).containsExactly("GetCallerIdentity", "GetCallerIdentity");
    }

    @Test
    void credentialsOfAnotherAccountCauseNoCallButGetCallerIdentity() {
        world.declare("default", AwsWorld.OTHER_ACCOUNT, AwsWorld.AMBIENT);

        LiveState state = world.observer.look(new Look(world.desired("api"), null, null, true, true));

        assertThat(state.account()).isInstanceOfSatisfying(AccountCheck.Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(Reason.WrongAccount);
            assertThat(refused.message()).contains(AwsWorld.OTHER_ACCOUNT, AwsSimulator.DEFAULT_ACCOUNT);
        });
        assertThat(state.service()).isInstanceOf(Observed.Unknown.class);
        assertThat(world.calls()).containsExactly("GetCallerIdentity");
    }

    @Test
    void whoIsRefusedByRuleCausesNoCallAtAll() {
        assertThat(reason(world.gate.check("missing", null, "production", "api")))
                .isEqualTo(Reason.AccountNotFound);
        assertThat(reason(world.gate.check("default", "us-east-1", "production", "api")))
                .isEqualTo(Reason.RegionNotAllowed);
        assertThat(reason(world.gate.check("default", null, "elsewhere", "api")))
                .isEqualTo(Reason.AccessNotAllowed);
        world.declare("default", AwsSimulator.DEFAULT_ACCOUNT, AwsWorld.AMBIENT, "{namespaces: {}}");
        assertThat(reason(check())).isEqualTo(Reason.AccessNotAllowed);
        world.declare("default", AwsSimulator.DEFAULT_ACCOUNT, AwsWorld.AMBIENT, "{}");
        assertThat(reason(check())).isEqualTo(Reason.AccessNotAllowed);

        assertThat(world.calls()).isEmpty();
    }

    @Test
    void deletionIsAllowedOnlyWhereTheAccountSaysSo() {
        world.declare(
                "default",
                AwsSimulator.DEFAULT_ACCOUNT,
                AwsWorld.AMBIENT,
                "{namespaces: {}, serviceNamePatterns: [\"*\"]}");

        assertThat(check())
                .isEqualTo(new AccountCheck.Verified(AwsSimulator.DEFAULT_ACCOUNT, AwsWorld.REGION, false, false));
    }

    @Test
    void rejectedCredentialsAreInvalidAndAskedAboutAgainAfterAWhile() {
        world.aws
                .faults()
                .add(Fault.of(FaultKind.UNKNOWN_KEY, "GetCallerIdentity").times(1));

        assertThat(reason(check())).isEqualTo(Reason.CredentialsInvalid);
        assertThat(reason(check())).isEqualTo(Reason.CredentialsInvalid);
        assertThat(world.calls()).hasSize(1);

        world.clock.advance(Duration.ofSeconds(30));
        assertThat(check()).isInstanceOf(AccountCheck.Verified.class);
    }

    @Test
    void aFaultOfAwsIsUnavailableNotRefused() {
        world.aws.faults().add(Fault.of(FaultKind.SERVER_ERROR, "GetCallerIdentity"));

        assertThat(check()).isInstanceOf(AccountCheck.Unavailable.class);
    }

    @Test
    void keysOfASecretAreUsedAndARotatedSecretIsReadAfterTheyWereRejected() {
        world.declare("other", AwsWorld.OTHER_ACCOUNT, "secretRef: {namespace: ops, name: keys}");
        assertThat(reason(check("other"))).isEqualTo(Reason.CredentialsInvalid);
        world.secrets.put("ops/keys", keys("AKIAUNKNOWN000000000"));
        world.clock.advance(Duration.ofSeconds(30));
        assertThat(reason(check("other"))).isEqualTo(Reason.CredentialsInvalid);
        world.secrets.put("ops/keys", keys(AwsWorld.OTHER_KEY + "\n"));
        world.clock.advance(Duration.ofSeconds(30));

        assertThat(check("other")).isInstanceOf(AccountCheck.Verified.class);
    }

    @Test
    void aSecretWithoutTheKeysIsInvalidAndCausesNoCall() {
        world.declare("other", AwsWorld.OTHER_ACCOUNT, "secretRef: {namespace: ops, name: keys}");
        world.secrets.put("ops/keys", Map.of("aws_access_key_id", SecretText.of("AKIA")));

        assertThat(reason(check("other"))).isEqualTo(Reason.CredentialsInvalid);
        assertThat(world.calls()).isEmpty();
    }

    @Test
    void aRoleIsAssumedWithItsExternalId() {
        world.declare("other", AwsWorld.OTHER_ACCOUNT, role("shared-word"));

        assertThat(check("other")).isInstanceOf(AccountCheck.Verified.class);
        assertThat(world.calls()).containsExactly("AssumeRole", "GetCallerIdentity");
        assertThat(world.gate.report(
                        "other",
                        world.declare("other", AwsWorld.OTHER_ACCOUNT, role("shared-word"))
                                .getSpec()))
                .isInstanceOfSatisfying(
                        Identity.Verified.class,
                        identified -> assertThat(identified.arn()).contains("assumed-role/lightkeeper/lightkeeper"));
    }

    @Test
    void aRoleThatMayNotBeAssumedIsAccessDenied() {
        world.declare("other", AwsWorld.OTHER_ACCOUNT, role("wrong-word"));

        assertThat(check("other")).isInstanceOfSatisfying(AccountCheck.Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(Reason.AccessDenied);
            assertThat(refused.message()).contains("sts:AssumeRole");
        });
    }

    @Test
    void aChangedSpecIsVerifiedAtOnce() {
        assertThat(check()).isInstanceOf(AccountCheck.Verified.class);
        world.secrets.put("ops/keys", keys(AwsWorld.OTHER_KEY));
        world.declare("default", AwsSimulator.DEFAULT_ACCOUNT, "secretRef: {namespace: ops, name: keys}");

        assertThat(reason(check())).isEqualTo(Reason.WrongAccount);
    }

    @Test
    void anAccountThatHangsDelaysNoOther() throws Exception {
        world.declare("other", AwsWorld.OTHER_ACCOUNT, role("shared-word"));
        world.declare("third", AwsSimulator.DEFAULT_ACCOUNT, AwsWorld.AMBIENT);
        assertThat(check()).isInstanceOf(AccountCheck.Verified.class);
        Faults.Injected fault = world.aws.faults().add(Fault.of(FaultKind.HANG_BEFORE, "AssumeRole"));

        Thread hanging = Thread.ofVirtual().start(() -> check("other"));
        await().atMost(Duration.ofSeconds(60)).until(() -> fault.hits() >= 1);
        assertThat(check("third")).isInstanceOf(AccountCheck.Verified.class);
        assertThat(hanging.isAlive()).as("it still waits").isTrue();
        fault.remove();
        hanging.join();
        assertThat(check("other")).isInstanceOf(AccountCheck.Verified.class);
    }

    @Test
    void anAccountThatHangsIsUnavailable() {
        try (AwsWorld impatient = AwsWorld.impatient()) {
            impatient.declare("other", AwsWorld.OTHER_ACCOUNT, role("shared-word"));
            impatient.aws.faults().add(Fault.of(FaultKind.HANG_BEFORE, "AssumeRole"));

            assertThat(impatient.gate.check("other", null, "production", "api"))
                    .isInstanceOf(AccountCheck.Unavailable.class);
        }
    }

    private AccountCheck check() {
        return check("default");
    }

    private AccountCheck check(String account) {
        return world.gate.check(account, null, "production", "api");
    }

    private static Reason reason(AccountCheck check) {
        assertThat(check).isInstanceOf(AccountCheck.Refused.class);
        return ((AccountCheck.Refused) check).reason();
    }

    private static String role(String externalId) {
        return "assumeRole: {roleArn: \"%s\", externalId: %s}".formatted(AwsWorld.ROLE, externalId);
    }

    private static Map<String, SecretText> keys(String keyId) {
        return Map.of(
                "aws_access_key_id", SecretText.of(keyId),
                "aws_secret_access_key", SecretText.of("simulated-secret-key"));
    }
}
