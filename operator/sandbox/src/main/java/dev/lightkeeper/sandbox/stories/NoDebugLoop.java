package dev.lightkeeper.sandbox.stories;

import dev.lightkeeper.api.v1alpha1.Annotations;
import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import java.time.Duration;

/** What failed once is not tried again and again; it is said what a person should do. */
final class NoDebugLoop implements Story.Script {
    private static final Duration WATCHED = Duration.ofSeconds(10);
    private static final Duration AWS_GIVES_UP = Duration.ofMinutes(2);

    @Override
    public void play(Stage stage) throws InterruptedException {
        String good = stage.image("soft-launch-32.162");
        String bad = stage.image("crashes-at-start.1");

        stage.tell("Release .162 is live.");
        stage.declare(Declared.release(good));
        stage.settles();

        stage.fromNow();
        stage.tell("A release is declared that exits at every start. AWS gives up on it after some time.");
        stage.declare(Declared.release(bad));
        Condition stalled = stage.sees("Stalled", ConditionStatus.True, Reason.DeploymentFailed, AWS_GIVES_UP);
        stage.names(stalled, "still serves");
        stage.names(stalled, "aws lightsail get-container-log");
        stage.event(Reason.DeploymentFailed);
        stage.changedAwsBy("CreateContainerServiceDeployment");

        stage.tell("People apply the same manifest again and ask for another look. It is not tried again.");
        stage.declare(Declared.release(bad));
        stage.annotate(Annotations.RECONCILE_REQUESTED_AT, "again");
        stage.await("handled request", () -> stage.handled(Annotations.RECONCILE_REQUESTED_AT, "again"));
        stage.staysQuietFor(WATCHED);

        stage.tell("Release .162 is declared again. It serves already, so nothing has to be done.");
        stage.declare(Declared.release(good));
        stage.settles();
        stage.changedAwsBy();
    }
}
