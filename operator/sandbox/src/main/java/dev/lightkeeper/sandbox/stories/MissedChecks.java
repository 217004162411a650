package dev.lightkeeper.sandbox.stories;

import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.sandbox.Sightings;
import java.time.Duration;

/** A good release whose first checks miss gets further tries, and nobody is woken. */
final class MissedChecks implements Story.Script {
    private static final Duration NOT_YET = Duration.ofSeconds(4);

    @Override
    public void play(Stage stage) throws InterruptedException {
        String good = stage.image("soft-launch-32.162");
        String late = stage.image("soft-launch-32.163");

        stage.tell("Release .162 is live.");
        stage.declare(Declared.release(good));
        stage.settles();

        stage.fromNow();
        stage.tell("Release .163 is good, too, but its database takes its time: the first checks miss.");
        stage.push("soft-launch-32", late);
        stage.nowAnswersAs(late, stage.image("never-listens.1"));
        stage.declare(Declared.release(late));
        stage.runs(late);
        stage.sees("Ready", ConditionStatus.Unknown, Reason.Verifying);
        stage.passes(NOT_YET);
        stage.never(
                "a release was called Ready before it answered",
                version -> Stage.declares(version, late) && Sightings.ready(version));

        stage.tell(
                "The operator says what misses, calls nothing failed and goes on asking. Now the database is there.");
        stage.answersAgain(late);
        stage.settles();
        stage.changedAwsBy("CreateContainerServiceDeployment");
        stage.never(
                "a good release was called failed",
                version -> Sightings.is(version, "Stalled", ConditionStatus.True)
                        || Sightings.is(version, "Degraded", ConditionStatus.True));
    }
}
