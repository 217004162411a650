package dev.lightkeeper.sandbox.stories;

import dev.lightkeeper.api.v1alpha1.Reason;
import java.time.Duration;

/** Machines rotate secrets at night: the release that serves gets the new value, and the one that failed stays away. */
final class RotatedSecret implements Story.Script {
    private static final String VARIABLE = "DATABASE_PASSWORD";
    private static final String REFERENCE =
            "env: [{name: %s, valueFrom: {secretKeyRef: {name: database, key: password}}}]".formatted(VARIABLE);
    private static final int BAKE_SECONDS = 60;
    private static final Duration WATCHED = Duration.ofSeconds(5);

    @Override
    public void play(Stage stage) throws InterruptedException {
        String good = stage.image("soft-launch-32.162");
        Declared bad = Declared.release(stage.image("soft-launch-32.163"))
                .container(REFERENCE)
                .baking(BAKE_SECONDS);

        stage.tell("Release .162 is live, with a password from a Secret.");
        stage.secret("database", "password", "monday");
        stage.declare(Declared.release(good).container(REFERENCE));
        stage.settles();

        stage.tell("Release .163 breaks while it is watched, and is taken back.");
        stage.declare(bad);
        stage.proves(bad);
        stage.nowAnswersAs(bad.image(), stage.image("never-listens.1"));
        stage.rests(Reason.RolledBack);
        stage.runs(good, VARIABLE, "monday");

        stage.fromNow();
        stage.tell("At night the password is rotated. The manifest still asks for .163.");
        stage.secret("database", "password", "tuesday");
        stage.runs(good, VARIABLE, "tuesday");
        stage.rests(Reason.RolledBack);
        stage.changedAwsBy("CreateContainerServiceDeployment");

        stage.tell("Release .162 has the new password, and .163 was not tried again.");
        stage.staysQuietFor(WATCHED);
        stage.runs(good, VARIABLE, "tuesday");
    }
}
