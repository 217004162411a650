package dev.lightkeeper.sandbox.stories;

import dev.lightkeeper.api.v1alpha1.Annotations;
import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;

/** A release that breaks while it is still watched goes back by itself; one that people do not like, by an annotation. */
final class BadRelease implements Story.Script {
    private static final int WATCHED = 60;

    @Override
    public void play(Stage stage) throws InterruptedException {
        String good = stage.image("soft-launch-32.162");
        Declared bad = Declared.release(stage.image("soft-launch-32.163")).baking(WATCHED);
        Declared unloved = Declared.release(stage.image("soft-launch-32.164"));

        stage.tell("Release .162 is live.");
        stage.declare(Declared.release(good));
        stage.settles();

        stage.fromNow();
        stage.tell("Release .163 proves itself, and is watched on (rollout.bakeSeconds).");
        stage.declare(bad);
        stage.proves(bad);
        stage.tell("Then it loses its database.");
        stage.nowAnswersAs(bad.image(), stage.image("never-listens.1"));
        stage.sees("Ready", ConditionStatus.False, Reason.RollingBack);
        stage.runs(good);
        Condition stalled = stage.sees("Stalled", ConditionStatus.True, Reason.RolledBack);
        stage.names(stalled, "/health/ready");
        stage.sees("Available", ConditionStatus.True, Reason.Passing);
        stage.changedAwsBy("CreateContainerServiceDeployment", "CreateContainerServiceDeployment");

        stage.tell("Nobody did anything, and .162 serves. A release .164 follows, which is well.");
        stage.declare(unloved);
        stage.settles();

        stage.fromNow();
        stage.tell("All checks pass, but its users complain. A person takes it back, by one annotation.");
        stage.annotate(Annotations.ROLLBACK_REQUESTED_AT, "now");
        stage.runs(good);
        stage.names(stage.sees("Stalled", ConditionStatus.True, Reason.ManualRollback), Annotations.RETRY_REQUESTED_AT);
        stage.changedAwsBy("CreateContainerServiceDeployment");
    }
}
