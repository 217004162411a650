package dev.lightkeeper.sandbox.stories;

import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.sandbox.Sightings;
import java.util.List;

/** A release whose required variables are missing touches nothing; once they are there it goes on by itself. */
final class MissingVariable implements Story.Script {
    private static final String CHAT = "AI_MAX_TOKENS_CHAT: \"4096\"";
    private static final List<String> REQUIRED =
            List.of("requiredEnv: [{name: AI_MAX_TOKENS_CHAT, pattern: \"^[0-9]+$\"}, {name: AI_MAX_TOKENS_SUMMARY}]");

    @Override
    public void play(Stage stage) throws InterruptedException {
        String old = stage.image("soft-launch-32.162");
        String release = stage.image("soft-launch-32.165");

        stage.tell("Release .162 is live. It needs no variables.");
        stage.declare(old, 2, List.of(CHAT), List.of());
        stage.settles();

        stage.fromNow();
        stage.tell("Release .165 needs two more, and says so in requiredEnv; the ConfigMap has only one of them.");
        stage.declare(release, 2, List.of(CHAT), REQUIRED);
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
        stage.declare(release, 2, List.of(CHAT, "AI_MAX_TOKENS_SUMMARY: \"1024\""), REQUIRED);
        stage.runs(release);
        stage.settles();
        stage.changedAwsBy("CreateContainerServiceDeployment");
        stage.never(
                "the service was said not to be available",
                version -> Sightings.is(version, "Available", ConditionStatus.False));
    }
}
