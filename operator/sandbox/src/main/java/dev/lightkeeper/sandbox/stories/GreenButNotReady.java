package dev.lightkeeper.sandbox.stories;

import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.sandbox.Sightings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** A release that only seems to live is never called Ready, and the reason is told. */
final class GreenButNotReady implements Story.Script {
    private static final int OK = 200;

    @Override
    public void play(Stage stage) throws InterruptedException {
        String good = stage.image("soft-launch-32.162");
        String stuck = stage.image("never-listens.1");

        stage.tell("Release .162 is live.");
        stage.declare(Declared.release(good));
        stage.settles();

        stage.fromNow();
        stage.tell("A new release gets stuck at its start, but answers its liveness path.");
        stage.declare(Declared.release(stuck));
        stage.runs(stuck);
        liveness(stage);
        stage.tell("The operator asks /health/ready instead, until its deadline for a proof (62 s).");
        stage.sees("ReadinessPassed", ConditionStatus.False, Reason.ReadinessFailed, Stage.VERDICT);
        stage.sees("Ready", ConditionStatus.False, Reason.RollingBack, Stage.VERDICT);
        stage.sees("Degraded", ConditionStatus.True, Reason.RollingBack);

        stage.tell("Release .162 is brought back, and proved again.");
        stage.runs(good);
        var stalled = stage.sees("Stalled", ConditionStatus.True, Reason.RolledBack);
        stage.names(stalled, "/health/ready");
        stage.sees("Available", ConditionStatus.True, Reason.Passing);
        stage.event(Reason.RolledBack);
        stage.changedAwsBy("CreateContainerServiceDeployment", "CreateContainerServiceDeployment");
        stage.never(
                "a release that never was ready was called Ready",
                version -> Sightings.ready(version) && Stage.declares(version, stuck));

        stage.tell("The manifest goes back to release .162, too: nothing is left to do.");
        stage.declare(Declared.release(good));
        stage.settles();
        stage.changedAwsBy("CreateContainerServiceDeployment", "CreateContainerServiceDeployment");
    }

    /** What the health check of AWS, and the team's monitoring, had been looking at. */
    private static void liveness(Stage stage) throws InterruptedException {
        URI address =
                URI.create(stage.lightsail().service(stage.service()).url()).resolve("/health/live");
        try (HttpClient http = HttpClient.newHttpClient()) {
            int status = http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            if (status != OK) {
                throw new StoryBroken("a liveness path that answers 200", "it answers " + status);
            }
            stage.tell("AWS says ACTIVE, and /health/live answers 200.");
        } catch (IOException e) {
            throw new StoryBroken("a liveness path that answers 200", "it does not answer: " + e.getMessage());
        }
    }
}
