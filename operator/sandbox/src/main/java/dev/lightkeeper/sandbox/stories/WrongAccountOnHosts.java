package dev.lightkeeper.sandbox.stories;

import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.simulators.aws.AwsSimulator;

/** With the wrong credentials no host is even looked at. */
final class WrongAccountOnHosts implements Story.Script {
    private static final String ACCOUNT = "story-wrong-account-on-hosts";
    private static final String SOMEBODY_ELSES = "999988886666";
    private static final String SOMEBODY_ELSES_KEY = "AKIASIMULATOR0000666";

    @Override
    public void play(Stage stage) throws InterruptedException {
        Release.OnHosts release = new Release.OnHosts("registry.example.com/tech-gateway:1.8.2");
        stage.otherAccount(SOMEBODY_ELSES, SOMEBODY_ELSES_KEY);

        stage.tell("The Secret holds the keys of account %s, but 123456789012 is declared.".formatted(SOMEBODY_ELSES));
        stage.fromNow();
        stage.useAccount(ACCOUNT, SOMEBODY_ELSES_KEY);
        stage.declare(release);
        Condition verified = stage.sees("AccountVerified", ConditionStatus.False, Reason.WrongAccount);
        stage.names(verified, SOMEBODY_ELSES);
        stage.sees("Ready", ConditionStatus.False, Reason.AccountNotVerified);
        stage.sees("Stalled", ConditionStatus.True, Reason.WrongAccount);
        stage.askedAwsOnlyFor(SOMEBODY_ELSES, "GetCallerIdentity");
        stage.told();

        stage.tell("No command was sent. Now the right keys are put into the Secret.");
        stage.useAccount(ACCOUNT, AwsSimulator.DEFAULT_ACCESS_KEY);
        stage.settles();
        stage.hosts().answer("1.8.2");
        stage.askedAwsOnlyFor(SOMEBODY_ELSES, "GetCallerIdentity");
    }
}
