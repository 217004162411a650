package dev.lightkeeper.sandbox.stories;

import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.sandbox.Sightings;

/** A release that works everywhere but in browsers is found by asking as they do, and taken back. */
final class LostCors implements Story.Script {
    private static final String CORS =
            "cors: [{name: app, path: /api/tech/health, origin: \"https://app.example.com\"}]";

    @Override
    public void play(Stage stage) throws InterruptedException {
        String good = stage.image("soft-launch-32.162");
        String bad = stage.image("no-cors.1");

        stage.tell("Release .162 is live. The application at https://app.example.com is its client.");
        stage.declare(Declared.release(good).verified(CORS));
        stage.settles();

        stage.fromNow();
        stage.tell("A new release has lost its CORS headers. It is ready, and curl sees nothing wrong with it.");
        stage.declare(Declared.release(bad).verified(CORS));
        stage.runs(bad);
        Condition failed = stage.sees("EndpointsPassed", ConditionStatus.False, Reason.EndpointsFailed, Stage.VERDICT);
        stage.names(failed, "preflight");
        stage.sees("Ready", ConditionStatus.False, Reason.RollingBack, Stage.VERDICT);

        stage.tell("At its deadline for a proof it is taken back.");
        stage.runs(good);
        stage.names(stage.sees("Stalled", ConditionStatus.True, Reason.RolledBack), "preflight");
        stage.sees("Available", ConditionStatus.True, Reason.Passing);
        stage.event(Reason.RolledBack);
        stage.changedAwsBy("CreateContainerServiceDeployment", "CreateContainerServiceDeployment");
        stage.never(
                "a release without CORS headers was called Ready",
                version -> Sightings.ready(version) && Stage.declares(version, bad));
        stage.never("readiness was blamed", version -> Sightings.is(version, "ReadinessPassed", ConditionStatus.False));
    }
}
