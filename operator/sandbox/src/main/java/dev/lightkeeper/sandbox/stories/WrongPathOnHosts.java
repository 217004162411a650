package dev.lightkeeper.sandbox.stories;

import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;

/** On hosts the same mistake costs the first host some seconds, and the second one nothing. */
final class WrongPathOnHosts implements Story.Script {
    @Override
    public void play(Stage stage) throws InterruptedException {
        String old = "registry.example.com/tech-gateway:1.8.2";
        Release.OnHosts release = new Release.OnHosts("registry.example.com/tech-gateway:1.8.3");

        stage.tell("Release 1.8.2 runs on two EC2 hosts.");
        stage.declare(new Release.OnHosts(old));
        stage.settles();
        stage.hosts().answer("1.8.2");

        stage.fromNow();
        stage.tell("Release 1.8.3 is well, but whoever wrote its manifest has invented a readiness path.");
        stage.declare(release.readyAt("/health/status"));
        Condition stalled = stage.sees("Stalled", ConditionStatus.True, Reason.DeploymentFailed, Stage.VERDICT);
        stage.names(stalled, "/health/status");
        stage.names(stalled, "404");
        stage.hosts().answer("1.8.2");
        stage.sees("Available", ConditionStatus.True, Reason.Passing);
        stage.hosts().startedOneOnly("2");

        stage.fromNow();
        stage.tell("The first host was taken back, the second was never touched. Now the path is corrected.");
        stage.declare(release);
        stage.settles();
        stage.hosts().answer("1.8.3");
    }
}
