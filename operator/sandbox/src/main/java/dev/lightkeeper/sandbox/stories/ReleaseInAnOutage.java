package dev.lightkeeper.sandbox.stories;

import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import java.time.Duration;

/** A release that is declared during an outage may be the fix, or half of it: it is not taken back. */
final class ReleaseInAnOutage implements Story.Script {
    private static final Duration WATCHED = Duration.ofSeconds(5);

    @Override
    public void play(Stage stage) throws InterruptedException {
        String broken = stage.image("soft-launch-32.162");
        Declared fix = Declared.release(stage.image("soft-launch-32.163"));

        stage.tell("Release .162 is live. Then its database is gone.");
        stage.declare(Declared.release(broken));
        stage.settles();
        stage.nowAnswersAs(broken, stage.image("never-listens.1"));
        stage.nowAnswersAs(fix.image(), stage.image("never-listens.1"));
        stage.sees("Degraded", ConditionStatus.True, Reason.ReadinessFailed);

        stage.fromNow();
        stage.tell("Release .163 shall cope with that, but it does not yet: it cannot prove itself either.");
        stage.declare(fix);
        Condition stalled = stage.sees("Stalled", ConditionStatus.True, Reason.RollbackWithheld, Stage.VERDICT);
        stage.names(stalled, "It stays live");
        stage.event(Reason.RollbackWithheld);
        stage.tell("What was down before is no place to go back to.");
        stage.staysQuietFor(WATCHED);
        stage.runs(fix.image());

        stage.tell("The database is back, and .163 is proved after all.");
        stage.answersAgain(fix.image());
        stage.settles();
        stage.changedAwsBy();
        stage.answersAgain(broken);
    }
}
