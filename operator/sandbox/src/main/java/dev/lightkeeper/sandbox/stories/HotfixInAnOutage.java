package dev.lightkeeper.sandbox.stories;

import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import java.time.Duration;

/** What a person deploys by hand during an outage is never taken away. */
final class HotfixInAnOutage implements Story.Script {
    @Override
    public void play(Stage stage) throws InterruptedException {
        String broken = stage.image("soft-launch-32.162");
        String hotfix = stage.image("soft-launch-32.163");

        stage.tell("Release .162 is live.");
        stage.declare(Declared.release(broken));
        stage.settles();

        stage.tell("At 3 a.m. it breaks.");
        stage.nowAnswersAs(broken, stage.image("never-listens.1"));
        stage.sees("Degraded", ConditionStatus.True, Reason.ReadinessFailed);
        stage.event(Reason.ReadinessFailed);

        stage.fromNow();
        stage.tell("Somebody builds .163 and deploys it by hand; the manifest still says .162.");
        stage.push("soft-launch-32", hotfix);
        stage.lightsail().redeploy(stage.service(), content -> content.withImage("api", hotfix));
        Condition stalled = stage.sees("Stalled", ConditionStatus.True, Reason.ForeignDeployment);
        stage.names(stalled, "it is left as it is");
        stage.names(stalled, "kubectl annotate servicedeployment");
        stage.sees("Available", ConditionStatus.True, Reason.Passing);
        stage.told(Reason.ForeignDeployment);

        stage.tell("It works, and it stays, for as long as nobody decides.");
        stage.staysQuietFor(Duration.ofSeconds(10));
        stage.runs(hotfix);

        stage.tell("In the morning the manifest follows. What runs is declared now, so nothing has to be done.");
        stage.fromNow();
        stage.declare(Declared.release(hotfix));
        stage.settles();
        stage.changedAwsBy();
        stage.answersAgain(broken);
    }
}
