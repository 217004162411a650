package dev.lightkeeper.sandbox.stories;

import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.simulators.aws.AwsSimulator;

/** With the wrong credentials nothing is done, it is told whose they are, and the right ones heal it. */
final class WrongAccount implements Story.Script {
    private static final String ACCOUNT = "story-wrong-account";
    private static final String SOMEBODY_ELSES = "999988887777";
    private static final String SOMEBODY_ELSES_KEY = "AKIASIMULATOR0000777";

    @Override
    public void play(Stage stage) throws InterruptedException {
        stage.otherAccount(SOMEBODY_ELSES, SOMEBODY_ELSES_KEY);

        stage.tell("The Secret holds the keys of account %s, but 123456789012 is declared.".formatted(SOMEBODY_ELSES));
        stage.fromNow();
        stage.useAccount(ACCOUNT, SOMEBODY_ELSES_KEY);
        stage.declare(Declared.release(stage.image("soft-launch-32.162")));
        Condition verified = stage.sees("AccountVerified", ConditionStatus.False, Reason.WrongAccount);
        stage.names(verified, SOMEBODY_ELSES);
        stage.names(verified, "123456789012");
        stage.sees("Ready", ConditionStatus.False, Reason.AccountNotVerified);
        stage.sees("Stalled", ConditionStatus.True, Reason.WrongAccount);
        stage.changedAwsBy();
        stage.askedAwsOnlyFor(SOMEBODY_ELSES, "GetCallerIdentity");
        stage.told();

        stage.tell(
                "Nothing was done, and only the account says so in an event. Now the right keys are put into the Secret.");
        stage.useAccount(ACCOUNT, AwsSimulator.DEFAULT_ACCESS_KEY);
        stage.settles();
        stage.askedAwsOnlyFor(SOMEBODY_ELSES, "GetCallerIdentity");
        stage.changedAwsBy("CreateContainerService", "CreateContainerServiceDeployment");
    }
}
