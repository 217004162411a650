package dev.lightkeeper.sandbox.stories;

import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.sandbox.Sightings;

/** A host whose first checks miss is asked again, and the roll goes on when it answers. */
final class MissedChecksOnHosts implements Story.Script {
    @Override
    public void play(Stage stage) throws InterruptedException {
        String good = "registry.example.com/tech-gateway:1.8.2";
        // Of this story only, since it is told to answer badly for a while.
        String late = "registry.example.com/tech-gateway:1.8.4-late";

        stage.tell("Release 1.8.2 runs on two EC2 hosts.");
        stage.declare(new Release.OnHosts(good));
        stage.settles();

        stage.fromNow();
        stage.tell("Release 1.8.4 is good, too, but its database takes its time: the first host's checks miss.");
        stage.nowAnswersAs(late, stage.image("never-listens.1"));
        stage.declare(new Release.OnHosts(late).retried(10));
        stage.await(
                "the new release on the first host, which says nothing yet",
                () -> stage.hosts().all().stream()
                        .anyMatch(host -> Hosts.version(host).isEmpty()));
        stage.tell("It is asked again, and the second host is left alone meanwhile. Now the database is there.");
        stage.answersAgain(late);
        stage.settles();
        stage.hosts().answer("1.8.4-late");
        stage.never(
                "a good release was called failed", version -> Sightings.is(version, "Stalled", ConditionStatus.True));
    }
}
