package dev.lightkeeper.sandbox.stories;

import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.simulators.aws.host.SimulatedHost;

/** What people do on hosts in an SSM session is found, named with its host, and put right. */
final class RedeployByHand implements Story.Script {
    @Override
    public void play(Stage stage) throws InterruptedException {
        stage.tell("Code of tag v1.8.2 runs under pm2 on two EC2 hosts, as the user ubuntu.");
        stage.declare(new Release.OfCode("v1.8.2"));
        stage.settles();

        stage.fromNow();
        SimulatedHost host = stage.hosts().all().getFirst();
        stage.tell("Somebody opens a session on one host and edits the code that runs.");
        stage.hosts().edit(host, "releases/1/tree/src/brain.js");
        Condition dirty = stage.sees("Synced", ConditionStatus.False, Reason.ContentMismatch);
        stage.names(dirty, "changed by hand");
        stage.settles();

        stage.fromNow();
        stage.tell("Somebody stops the process to look at something, and forgets it.");
        var _ = host.byHand("ubuntu", "pm2", "stop", "all");
        Condition stopped = stage.sees("Synced", ConditionStatus.False, Reason.ContentMismatch);
        stage.names(stopped, "brain");
        stage.settles();

        stage.fromNow();
        stage.tell("The next tag is broken. It is built on both hosts, tried on one, and taken back there.");
        stage.declare(new Release.OfCode("v1.8.3-bad"));
        stage.sees("Stalled", ConditionStatus.True, Reason.DeploymentFailed, Stage.VERDICT);
        stage.sees("Available", ConditionStatus.True, Reason.Passing);
    }
}
