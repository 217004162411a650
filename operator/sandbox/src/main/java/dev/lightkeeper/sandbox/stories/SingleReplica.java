package dev.lightkeeper.sandbox.stories;

import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.sandbox.Sightings;

/** One replica cannot be declared by accident, and one made by hand becomes two again. */
final class SingleReplica implements Story.Script {
    private static final int SAFE = 2;

    @Override
    public void play(Stage stage) throws InterruptedException {
        String image = stage.image("soft-launch-32.162");

        stage.tell("The service is declared with two replicas.");
        stage.declare(Declared.release(image).onNodes(SAFE));
        stage.settles();

        stage.tell("Somebody declares one.");
        stage.refused(Declared.release(image).onNodes(1), "minimumScale");

        stage.fromNow();
        stage.tell("Somebody scales the service down to one node by hand.");
        stage.lightsail().scale(stage.service(), 1);
        stage.sees("Synced", ConditionStatus.False, Reason.ScaleMismatch);
        stage.sees("Degraded", ConditionStatus.True, Reason.ScaleMismatch);

        stage.tell("The operator has found and named it; now it has to bring the second node back.");
        stage.await(
                "service of two nodes",
                () -> stage.lightsail().service(stage.service()).scale() == SAFE);
        stage.settles();
        stage.changedAwsBy("UpdateContainerService");
        stage.never(
                "the service was said not to be available",
                version -> Sightings.is(version, "Available", ConditionStatus.False));
    }
}
