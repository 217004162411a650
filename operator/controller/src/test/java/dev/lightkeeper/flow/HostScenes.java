package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.False;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.Unknown;

import dev.lightkeeper.api.v1alpha1.Annotations;
import dev.lightkeeper.api.v1alpha1.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The states of a service on EC2 hosts that differ from those at Lightsail, or that readers may expect to differ. */
final class HostScenes {
    static final String SECTION = "On EC2 hosts";
    private static final String IMAGE_2 = "example.com/api:2";

    private final List<Scene> scenes = new ArrayList<>();

    private HostScenes() {}

    /** All of them. */
    static List<Scene> all() {
        HostScenes made = new HostScenes();
        made.rollouts();
        made.hosts();
        made.otherHands();
        made.deletion();
        return List.copyOf(made.scenes);
    }

    private void scene(String title, String when, String expected, Consumer<Flow> story) {
        scenes.add(new Scene(SECTION, title, when, expected, Flow::onHosts, story));
    }

    private void rollouts() {
        scene(
                "on hosts: verified and at rest",
                "Every host runs the release and answers; `status.hosts` lists them.",
                "T Verified | – | – | F | T | Current | Healthy",
                Flow::untilSteady);
        scene(
                "on hosts: the first release is switched over",
                "One host first; the next when it has proved itself.",
                "U Activating | T Activating | – | F | F | InProgress | Progressing",
                flow -> flow.until(() -> flow.fleet.audit().contains("activate i-1")));
        scene(
                "on hosts: a new release replaces a good one",
                "The hosts that were not touched yet serve on.",
                "U Activating | T Activating | – | F | T | InProgress | Progressing",
                flow -> flow.untilSteady()
                        .set("/containers/0/image", IMAGE_2)
                        .until(() -> flow.fleet.running().get("i-1").startsWith("2")));
        scene(
                "on hosts: the first host does not prove a release",
                "It was started with the old release again; the others were never touched.",
                "F DeploymentFailed | – | T DeploymentFailed | T DeploymentFailed | T | Failed | Degraded",
                flow -> {
                    flow.untilSteady().fleet.sick(IMAGE_2);
                    flow.set("/containers/0/image", IMAGE_2).until("Stalled", True, Reason.DeploymentFailed);
                });
        scene(
                "on hosts: a release was taken back",
                "It failed in its bake time and went back on every host.",
                "F RolledBack | – | T RolledBack | T RolledBack | T | Failed | Degraded",
                flow -> {
                    flow.untilSteady().set("/containers/0/image", IMAGE_2).untilReady();
                    flow.fleet.sick(IMAGE_2);
                    flow.until("Stalled", True, Reason.RolledBack);
                });
        scene(
                "on hosts: somebody asked for the revision before",
                "Each host goes back, one first.",
                "F ManualRollback | – | T ManualRollback | F | T | Failed | Degraded",
                flow -> {
                    flow.untilSteady().set("/containers/0/image", IMAGE_2).untilSteady();
                    flow.annotate(Annotations.ROLLBACK_TO, "previous")
                            .annotate(Annotations.ROLLBACK_REQUESTED_AT, "now")
                            .until("Stalled", True, Reason.ManualRollback)
                            .pass(Duration.ofMinutes(5));
                });
        scene(
                "on hosts: somebody asked for a restart",
                "Host by host, with the release that runs.",
                "U Activating | T Activating | – | F | T | InProgress | Progressing",
                flow -> {
                    flow.untilSteady();
                    int before = flow.fleet.audit().size();
                    flow.annotate(Annotations.RESTART_REQUESTED_AT, "now")
                            .until(() -> flow.fleet.audit().size() > before);
                });
    }

    private void hosts() {
        scene(
                "on hosts: none matches, and none ever ran it",
                "An empty set is never healthy.",
                "U NothingSelected | – | T NothingSelected | F | F | Failed | Degraded",
                flow -> {
                    flow.fleet.host("i-1").state = "stopped";
                    flow.fleet.host("i-2").state = "stopped";
                    flow.until("Stalled", True, Reason.NothingSelected);
                });
        scene(
                "on hosts: none matches any more",
                "The same for a service that ran: it is down as far as anybody knows.",
                "U NothingSelected | – | T NothingSelected | T NothingSelected | F | Failed | Degraded",
                flow -> {
                    flow.untilSteady();
                    flow.fleet.host("i-1").state = "terminated";
                    flow.fleet.host("i-2").state = "terminated";
                    flow.until("Stalled", True, Reason.NothingSelected).pass(Duration.ofMinutes(5));
                });
        scene(
                "on hosts: none matches any more, and the load balancer answers",
                "With `publicUrl` the outside probe tells whether anything serves; what serves there is not to be seen.",
                "U NothingSelected | – | T NothingSelected | T NothingSelected | T | Failed | Degraded",
                flow -> {
                    flow.manifest.initially("/ec2/publicUrl", "https://tech.example.com");
                    flow.untilSteady();
                    flow.fleet.host("i-1").matches = false;
                    flow.fleet.host("i-2").matches = false;
                    flow.until("Stalled", True, Reason.NothingSelected).pass(Duration.ofMinutes(5));
                });
        scene(
                "on hosts: none matches any more, and the load balancer does not answer",
                "That was measured, so that `Ready` is False.",
                "F NothingSelected | – | T NothingSelected | T NothingSelected | F | Failed | Degraded",
                flow -> {
                    flow.manifest.initially("/ec2/publicUrl", "https://tech.example.com");
                    flow.untilSteady();
                    flow.fleet.host("i-1").state = "terminated";
                    flow.fleet.host("i-2").state = "terminated";
                    flow.prober.answers(FakeProber.status(503));
                    flow.until("Available", False, Reason.ReadinessFailed).pass(Duration.ofMinutes(5));
                });
        scene(
                "on hosts: SSM does not reach one",
                "It may serve, so nothing is moved away from it.",
                "T Verified | T HostUnreachable | – | F | T | InProgress | Progressing",
                flow -> {
                    flow.manifest.initially("/minimumScale", "1");
                    flow.untilSteady().fleet.host("i-2").online = false;
                    flow.until("Reconciling", True, Reason.HostUnreachable).pass(Duration.ofMinutes(5));
                });
        scene(
                "on hosts: SSM reaches none",
                "Nothing is known of what runs.",
                "U ObservationStale | T HostUnreachable | – | F | U | InProgress | Progressing",
                flow -> {
                    flow.untilSteady().fleet.host("i-1").online = false;
                    flow.fleet.host("i-2").online = false;
                    flow.pass(Duration.ofMinutes(30));
                });
        scene(
                "on hosts: SSM does not reach one during a rollout",
                "No release begins while a host cannot be asked whether it could run there.",
                "U HostUnreachable | T HostUnreachable | – | F | T | InProgress | Progressing",
                flow -> {
                    flow.untilSteady().fleet.host("i-2").online = false;
                    flow.set("/containers/0/image", IMAGE_2).until("Ready", Unknown, Reason.HostUnreachable);
                });
        scene(
                "on hosts: SSM does not reach one during a rollback",
                "The others are brought back; it follows when it answers.",
                "F RollingBack | T RollingBack | – | T RollingBack | T | InProgress | Progressing",
                flow -> {
                    sickWhileOneIsAway(flow);
                    flow.until(() -> "1".equals(flow.fleet.host("i-1").current)).pass(Duration.ofMinutes(5));
                });
        scene(
                "on hosts: SSM does not reach one during a rollback, for longer than the deadline",
                "It is waited for on.",
                "F RollingBack | – | T ProgressDeadlineExceeded | T RollingBack | T | Failed | Degraded",
                flow -> {
                    sickWhileOneIsAway(flow);
                    flow.until("Stalled", True, Reason.ProgressDeadlineExceeded);
                });
        scene(
                "on hosts: a host stopped, and a spare steps in",
                "Ready stays: the release is proved.",
                "T Verified | T ScaleMismatch | – | T ScaleMismatch | T | InProgress | Progressing",
                flow -> {
                    flow.untilSteady().fleet.host("i-1").state = "terminated";
                    flow.fleet.add("i-3");
                    flow.until("Degraded", True, Reason.ScaleMismatch);
                });
        scene(
                "on hosts: a host stopped, and there is no spare",
                "Degraded and not Available when fewer than `minimumScale` are left.",
                "T Verified | T ScaleMismatch | – | T ScaleMismatch | F | InProgress | Progressing",
                flow -> {
                    flow.untilSteady().fleet.host("i-1").state = "terminated";
                    flow.until("Degraded", True, Reason.ScaleMismatch).pass(Duration.ofMinutes(5));
                });
        scene(
                "on hosts: a host stopped, there is no spare, and minimumScale is kept",
                "Less redundancy than declared, and enough to serve.",
                "T Verified | T ScaleMismatch | – | F | T | InProgress | Progressing",
                flow -> {
                    flow.manifest.initially("/minimumScale", "1");
                    flow.untilSteady().fleet.host("i-1").state = "terminated";
                    flow.until("Synced", False, Reason.ScaleMismatch).pass(Duration.ofMinutes(5));
                });
        scene(
                "on hosts: more hosts are declared than match",
                "It never had so many: what is asked for is not there.",
                "F ScaleMismatch | – | – | F | T | InProgress | Progressing",
                flow -> flow.untilSteady().set("/scale", "3").until("Ready", False, Reason.ScaleMismatch));
        scene(
                "on hosts: one does not answer readiness",
                "Enough others do, so the service is Available.",
                "F ReadinessFailed | – | – | T ReadinessFailed | T | InProgress | Degraded",
                flow -> {
                    flow.manifest.initially("/minimumScale", "1");
                    flow.untilSteady().fleet.host("i-2").sick = true;
                    flow.until("Degraded", True, Reason.ReadinessFailed);
                });
    }

    private void otherHands() {
        scene(
                "on hosts: a container was killed, being started again",
                "Found by the look at the host, named, and repaired.",
                "F ContentMismatch | T ContentMismatch | – | T ContentMismatch | T | InProgress | Progressing",
                flow -> {
                    flow.untilSteady().fleet.host("i-2").kill("api");
                    flow.until("Ready", False, Reason.ContentMismatch);
                });
        scene(
                "on hosts: another image runs on one, under `driftPolicy: Report`",
                "Told with the host, and left.",
                "F ImageMismatch | – | – | F | T | InProgress | Progressing",
                flow -> {
                    flow.manifest.initially("/driftPolicy", "Report");
                    flow.untilSteady().fleet.host("i-1").running.put("api", "example.com/api:0");
                    flow.until("Ready", False, Reason.ImageMismatch);
                });
    }

    /** Of a release that went bad after it was verified. */
    private static void sickWhileOneIsAway(Flow flow) {
        flow.manifest.initially("/minimumScale", "1");
        flow.untilSteady().set("/containers/0/image", IMAGE_2).untilReady();
        flow.fleet.host("i-2").online = false;
        flow.fleet.sick(IMAGE_2);
    }

    private void deletion() {
        scene(
                "on hosts: the service is being taken off its hosts",
                "`deletionPolicy: Delete`; no instance is touched.",
                "F Deleting | T Deleting | – | F | U | Terminating | Progressing",
                flow -> {
                    flow.manifest.initially("/deletionPolicy", "Delete");
                    flow.untilSteady().delete().run();
                });
    }
}
