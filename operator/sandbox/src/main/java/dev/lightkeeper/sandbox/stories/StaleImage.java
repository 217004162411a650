package dev.lightkeeper.sandbox.stories;

import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;

/** The stale image is found by comparing what runs with what is declared, and replaced. */
final class StaleImage implements Story.Script {
    private static final String[] SETTINGS = {"AI_MAX_TOKENS_CHAT: \"4096\"", "AI_MAX_TOKENS_SUMMARY: \"1024\""};

    @Override
    public void play(Stage stage) throws InterruptedException {
        String declared = stage.image("soft-launch-32.165");
        String stale = stage.image("soft-launch-32.162");

        stage.tell("Release .165 is declared.");
        stage.declare(Declared.release(declared).with(SETTINGS));
        stage.settles();
        stage.isKnownToBeWell();

        stage.fromNow();
        stage.tell(
                "Somebody deploys .162 by hand, from an old file. It is well, so AWS and its health check are content.");
        stage.lightsail().redeploy(stage.service(), content -> content.withImage("api", stale));
        Condition synced = stage.sees("Synced", ConditionStatus.False, Reason.ImageMismatch);
        stage.names(synced, stale);
        stage.names(synced, declared);
        stage.sees("Ready", ConditionStatus.False, Reason.ImageMismatch);
        stage.event(Reason.ImageMismatch);

        stage.tell("The operator has found and named it; now it has to repair it, with one deployment.");
        stage.runs(declared);
        stage.settles();
        stage.changedAwsBy("CreateContainerServiceDeployment");
    }
}
