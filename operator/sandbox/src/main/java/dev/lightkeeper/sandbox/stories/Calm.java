package dev.lightkeeper.sandbox.stories;

import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import java.time.Duration;

/** While nothing happens nothing is said; what happens is said once. */
final class Calm implements Story.Script {
    private static final Duration QUIET = Duration.ofSeconds(15);

    @Override
    public void play(Stage stage) throws InterruptedException {
        String flaky = stage.image("slightly-flaky.1");

        stage.tell("A good release is live. One of its answers in fifty fails.");
        stage.declare(Declared.release(flaky));
        stage.settles();

        stage.tell("For %d seconds (25 minutes at AWS) nothing may be written, told or changed."
                .formatted(QUIET.toSeconds()));
        stage.staysQuietFor(QUIET);

        stage.fromNow();
        stage.tell("Now its database is really gone.");
        stage.nowAnswersAs(flaky, stage.image("never-listens.1"));
        stage.sees("Degraded", ConditionStatus.True, Reason.ReadinessFailed);
        stage.told(Reason.ReadinessFailed);
        stage.tell("That is one event, however long it lasts.");
        stage.staysQuietFor(QUIET);

        stage.fromNow();
        stage.tell("The database is back.");
        stage.answersAgain(flaky);
        stage.settles();
        stage.told(Reason.Verified);
        stage.staysQuietFor(Duration.ofSeconds(5));
    }
}
