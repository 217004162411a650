package dev.lightkeeper.sandbox.stories;

import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import java.time.Duration;
import java.time.Instant;

/** Long after a release was verified the operator still asks, and finds an outage before the users tell. */
final class ChecksNeverStop implements Story.Script {
    /** Three probes a second apart, each made twice before it counts, and a busy machine. */
    private static final Duration PROMPT = Duration.ofSeconds(30);

    @Override
    public void play(Stage stage) throws InterruptedException {
        String image = stage.image("soft-launch-32.162");

        stage.tell("A release is live, verified and baked.");
        stage.declare(Declared.release(image));
        stage.settles();
        stage.staysQuietFor(Duration.ofSeconds(5));

        stage.fromNow();
        stage.tell("Later its database is lost. /health/live still answers 200, so AWS is content.");
        Instant lost = Instant.now();
        stage.nowAnswersAs(image, stage.image("never-listens.1"));
        stage.sees("Degraded", ConditionStatus.True, Reason.ReadinessFailed, PROMPT);
        stage.sees("Available", ConditionStatus.False, Reason.ReadinessFailed, PROMPT);
        stage.tell("Found after %d s, with a probe every second."
                .formatted(Duration.between(lost, Instant.now()).toSeconds()));
        stage.told(Reason.ReadinessFailed);
        stage.changedAwsBy();

        stage.tell("Nothing was deployed or restarted. The database comes back.");
        stage.answersAgain(image);
        stage.settles();
        stage.told(Reason.ReadinessFailed, Reason.Verified);
        stage.changedAwsBy();
    }
}
