package dev.lightkeeper.sandbox.stories;

import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.sandbox.Sightings;

/** A release whose required variables are missing touches nothing; once they are there it goes on by itself. */
final class MissingVariable implements Story.Script {
    private static final String CHAT = "AI_MAX_TOKENS_CHAT: \"4096\"";
    private static final String REQUIRED =
            "requiredEnv: [{name: AI_MAX_TOKENS_CHAT, pattern: \"^[0-9]+$\"}, {name: AI_MAX_TOKENS_SUMMARY}]";

    @Override
    public void play(Stage stage) throws InterruptedException {
        String old = stage.image("soft-launch-32.162");
        String release = stage.image("soft-launch-32.165");

        stage.tell("Release .162 is live. It needs no variables.");
        stage.declare(Declared.release(old).with(CHAT));
        stage.settles();

        stage.fromNow();
        stage.tell("Release .165 needs two more, and says so in requiredEnv; the ConfigMap has only one of them.");
        stage.declare(Declared.release(release).with(CHAT).container(REQUIRED));
        stage.names(
                stage.sees("EnvironmentValid", ConditionStatus.False, Reason.EnvironmentInvalid),
                "AI_MAX_TOKENS_SUMMARY");
        stage.sees("Ready", ConditionStatus.False, Reason.EnvironmentInvalid);
        stage.names(stage.sees("Stalled", ConditionStatus.True, Reason.EnvironmentInvalid), "AI_MAX_TOKENS_SUMMARY");
        stage.event(Reason.EnvironmentInvalid);
        stage.runs(old);
        stage.changedAwsBy();
        stage.tell("Nothing was touched: .162 serves on.");

        stage.tell("The missing variable is added to the ConfigMap; nothing else is done.");
        stage.declare(Declared.release(release)
                .with(CHAT, "AI_MAX_TOKENS_SUMMARY: \"1024\"")
                .container(REQUIRED));
        stage.runs(release);
        stage.settles();
        stage.changedAwsBy("CreateContainerServiceDeployment");
        stage.never(
                "the service was said not to be available",
                version -> Sightings.is(version, "Available", ConditionStatus.False));
    }
}
