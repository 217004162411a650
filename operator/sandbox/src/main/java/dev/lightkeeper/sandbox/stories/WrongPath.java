package dev.lightkeeper.sandbox.stories;

import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;

/** A manifest with a wrong path costs a release, but no outage; the path corrected, it gets one fresh attempt. */
final class WrongPath implements Story.Script {
    @Override
    public void play(Stage stage) throws InterruptedException {
        String old = stage.image("soft-launch-32.162");
        Declared release = Declared.release(stage.image("soft-launch-32.163"));

        stage.tell("Release .162 is live.");
        stage.declare(Declared.release(old));
        stage.settles();

        stage.fromNow();
        stage.tell("Release .163 is well, but whoever wrote its manifest has invented a readiness path.");
        stage.declare(release.readyAt("/health/status"));
        Condition stalled = stage.sees("Stalled", ConditionStatus.True, Reason.RolledBack, Stage.VERDICT);
        stage.names(stalled, "/health/status");
        stage.names(stalled, "404");
        stage.runs(old);
        stage.sees("Available", ConditionStatus.True, Reason.Passing);
        stage.changedAwsBy("CreateContainerServiceDeployment", "CreateContainerServiceDeployment");

        stage.fromNow();
        stage.tell(
                "It was taken back; .162 is judged by the path that it was released with. Now the path is corrected.");
        stage.declare(release);
        stage.settles();
        stage.runs(release.image());
        stage.changedAwsBy("CreateContainerServiceDeployment");
    }
}
