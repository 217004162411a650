package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.False;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;

import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.AccountCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Every state that readers can tell apart, in the order of docs/conditions.md. */
public final class Scenes {
    private static final String IMAGE_2 = "example.com/api:2";
    private static final String STALE = "example.com/api:stale";
    private static final String FROM_SECRET = "[{name: DATABASE_URL, valueFrom: {secretKeyRef: {name: db, key: url}}}]";

    private final List<Scene> scenes = new ArrayList<>();
    private String section = "";

    private Scenes() {}

    /** All of them. */
    public static List<Scene> all() {
        Scenes made = new Scenes();
        made.healthy();
        made.rollouts();
        made.silence();
        made.manyFail();
        made.checks();
        made.otherHands();
        made.references();
        made.failedReleases();
        made.adoption();
        made.notAllowed();
        made.specs();
        made.deletion();
        made.scenes.addAll(HostScenes.all());
        return List.copyOf(made.scenes);
    }

    private void scene(String title, String when, String expected, Consumer<Flow> story) {
        scenes.add(new Scene(section, title, when, expected, Flow::new, story));
    }

    private void healthy() {
        section = "All is well";
        scene(
                "verified and at rest",
                "The declared release is live, proved itself, and its bake time is over.",
                "T Verified | – | – | F | T | Current | Healthy",
                Flow::untilSteady);
        scene(
                "verified, in its bake time",
                "The release has proved itself; `rollout.bakeSeconds` are not over yet.",
                "T Verified | – | – | F | T | Current | Healthy",
                Flow::untilReady);
        scene(
                "only policies were changed",
                "A new generation asks for nothing else than what runs: it is Ready in the same write.",
                "T Verified | – | – | F | T | Current | Healthy",
                flow -> flow.untilSteady().set("/driftPolicy", "Report").run());
        scene(
                "suspended",
                "`spec.suspend` or the annotation is set, and nothing differs. Everything is looked at and told on.",
                "T Verified | – | – | F | T | Current | Suspended",
                flow -> flow.untilSteady().set("/suspend", "true").run());
    }

    private void rollouts() {
        section = "Something is being done";
        scene(
                "created, not seen yet",
                "The operator has not looked at the resource. `observedGeneration` is -1 by default of the API.",
                "– | – | – | – | – | InProgress | Progressing",
                flow -> {});
        scene(
                "just seen",
                "The first write, before AWS is asked anything.",
                "U Initializing | T Initializing | – | F | U | InProgress | Progressing",
                Flow::firstSight);
        scene(
                "the service is being created",
                "CreateContainerService was accepted.",
                "U CreatingService | T CreatingService | – | F | F | InProgress | Progressing",
                Flow::run);
        scene(
                "the first release is being deployed",
                "CreateContainerServiceDeployment was accepted.",
                "U Deploying | T Deploying | – | F | F | InProgress | Progressing",
                flow -> flow.until("Reconciling", True, Reason.Deploying));
        scene(
                "AWS activates the release",
                "AWS starts the containers and asks its own health check.",
                "U Activating | T Activating | – | F | F | InProgress | Progressing",
                flow -> flow.until("Reconciling", True, Reason.Activating));
        scene(
                "the release is being verified",
                "AWS says ACTIVE; the release has to prove itself to the operator's own checks.",
                "U Verifying | T Verifying | – | F | T | InProgress | Progressing",
                flow -> flow.until("Available", True, Reason.Passing));
        scene(
                "a new release replaces a good one",
                "Ready never carries over to a new generation; `Available` tells that the old release serves.",
                "U Deploying | T Deploying | – | F | T | InProgress | Progressing",
                flow -> flow.untilSteady().set("/containers/0/image", IMAGE_2).run());
        scene(
                "a newer release waits for the one under way",
                "AWS cannot cancel a deployment; the newest is deployed when it has ended.",
                "U Activating | T Activating | – | F | T | InProgress | Progressing",
                flow -> flow.untilSteady()
                        .set("/containers/0/image", IMAGE_2)
                        .until("Reconciling", True, Reason.Activating)
                        .set("/containers/0/image", "example.com/api:3")
                        .run());
        scene(
                "a new release replaces one that is known bad",
                "What serves fails its checks, so Ready is False and not Unknown.",
                "F ReadinessFailed | T Deploying | – | T NoRollbackTarget | F | InProgress | Progressing",
                flow -> {
                    flow.prober.sick(Manifest.IMAGE);
                    flow.until("Stalled", True, Reason.NoRollbackTarget)
                            .set("/containers/0/image", IMAGE_2)
                            .run();
                });
        scene(
                "another scale is being made",
                "`spec.scale` was changed; the release needs no new proof.",
                "U Capacity | T Capacity | – | F | T | InProgress | Progressing",
                flow -> flow.untilSteady().set("/scale", "4").run());
        scene(
                "only the checks were changed",
                "The same release has to pass other checks; nothing is deployed.",
                "U Verifying | T Verifying | – | F | T | InProgress | Progressing",
                flow -> flow.untilSteady()
                        .set("/readiness/failureThreshold", "2")
                        .run());
        scene(
                "only the checks were changed, and they fail",
                "Nothing is taken back, since the same release passed before.",
                "F ReadinessFailed | – | – | T ReadinessFailed | F | InProgress | Degraded",
                flow -> {
                    flow.untilSteady();
                    flow.prober.answers(FakeProber.status(503));
                    flow.set("/readiness/path", "/other")
                            .until("Degraded", True, Reason.ReadinessFailed)
                            .until(() -> flow.condition("Reconciling").isEmpty());
                });
    }

    private void manyFail() {
        section = "Many services of the account begin to fail at once";
        scene(
                "while a release is being verified",
                "No release is blamed: the verdict waits, and the clocks of the rollout stand still. The AwsAccount says `AutomationAllowed` False.",
                "F AutomationPaused | T AutomationPaused | – | F | F | InProgress | Progressing",
                flow -> {
                    flow.prober.sick(IMAGE_2);
                    flow.untilSteady()
                            .set("/containers/0/image", IMAGE_2)
                            .until("Available", False, Reason.ReadinessFailed)
                            .othersFail(3, 2)
                            .run();
                });
        scene(
                "while another image was deployed by hand",
                "Drift is told, and corrected when automation is allowed again.",
                "F AutomationPaused | T AutomationPaused | – | T AutomationPaused | T | InProgress | Progressing",
                flow -> {
                    settled(flow);
                    flow.othersFail(3, 2);
                    Contents.deployByHand(flow, STALE);
                    flow.pass(Duration.ofMinutes(1));
                });
    }

    private void silence() {
        section = "AWS does not answer";
        scene(
                "for less than 10 minutes",
                "Nothing is changed and nothing else is claimed: all is told as before. The AwsAccount says `Reachable` False.",
                "T Verified | – | – | F | T | Current | Healthy",
                flow -> {
                    flow.untilSteady();
                    flow.cloud.answers(false);
                    flow.pass(Duration.ofMinutes(8));
                });
        scene(
                "for 10 minutes",
                "Nobody knows what runs. The probes go on.",
                "U ObservationStale | T ObservationStale | – | F | T | InProgress | Progressing",
                flow -> {
                    flow.untilSteady();
                    flow.cloud.answers(false);
                    flow.pass(Duration.ofMinutes(15));
                });
        scene(
                "and the spec was changed meanwhile",
                "Ready of the old generation does not stand for the new one.",
                "U ObservationStale | T ObservationStale | – | F | T | InProgress | Progressing",
                flow -> {
                    flow.untilSteady();
                    flow.cloud.answers(false);
                    flow.set("/containers/0/image", IMAGE_2).run();
                });
        scene(
                "and no service either, for less than 10 minutes",
                "The operator's own network seems to be dead: no service is blamed.",
                "T Verified | – | – | F | U | Current | Healthy",
                flow -> {
                    flow.untilSteady();
                    flow.cloud.answers(false);
                    flow.prober.answers(FakeProber.unreachable());
                    flow.pass(Duration.ofMinutes(8));
                });
        scene(
                "and no service either, for 10 minutes",
                "Nobody knows anything; look at the operator and its network.",
                "U ProberIsolated | – | – | F | U | InProgress | Progressing",
                flow -> {
                    flow.untilSteady();
                    flow.cloud.answers(false);
                    flow.prober.answers(FakeProber.unreachable());
                    flow.pass(Duration.ofMinutes(15));
                });
    }

    private void checks() {
        section = "The service is not well";
        scene(
                "readiness fails after the bake time",
                "What runs is what was proved, so there is nothing to repair: a person has to look.",
                "F ReadinessFailed | – | – | T ReadinessFailed | F | InProgress | Degraded",
                flow -> {
                    flow.untilSteady();
                    flow.prober.answers(FakeProber.status(503));
                    flow.until("Degraded", True, Reason.ReadinessFailed);
                });
        scene(
                "an endpoint fails after the bake time",
                "Readiness passes, so the service is Available; a declared check of it fails.",
                "F EndpointsFailed | – | – | T EndpointsFailed | T | InProgress | Degraded",
                flow -> {
                    flow.manifest.initially(
                            "/verification/endpoints",
                            "[{name: tech, path: /api/tech, method: GET, enforcement: Required}]");
                    flow.untilSteady();
                    flow.prober.at("/api/tech", request -> FakeProber.status(500));
                    flow.until("Degraded", True, Reason.EndpointsFailed);
                });
        scene(
                "a node that started after the bake time does not reach its milestone",
                "AWS's health check and readiness pass, but the log lacks the line.",
                "F LogsFailed | – | – | T LogsFailed | T | InProgress | Degraded",
                flow -> {
                    flow.manifest.initially(
                            "/verification/logMilestones",
                            "[{name: listening, pattern: Listening, withinSeconds: 120, enforcement: Required}]");
                    flow.cloud.log().startsWith("Listening on port 3697");
                    flow.untilSteady().cloud.log().nodeStarts(1, false);
                    flow.until("Degraded", True, Reason.LogsFailed);
                });
        scene(
                "readiness fails while it is suspended",
                "Suspending stops changes only: what is wrong is told as ever.",
                "F ReadinessFailed | – | – | T ReadinessFailed | F | InProgress | Degraded",
                flow -> {
                    flow.untilSteady().set("/suspend", "true").run();
                    flow.prober.answers(FakeProber.status(503));
                    flow.until("Degraded", True, Reason.ReadinessFailed);
                });
    }

    private void otherHands() {
        section = "Somebody else changed something at AWS";
        scene(
                "another image was deployed, being corrected",
                "The service was Ready, so the declared image is deployed again.",
                "F ImageMismatch | T ImageMismatch | – | T ImageMismatch | T | InProgress | Progressing",
                flow -> {
                    settled(flow);
                    Contents.deployByHand(flow, STALE);
                    flow.until(() -> flow.cloud.calls().size() == 3);
                });
        scene(
                "variables were changed, being corrected",
                "The same for the environment.",
                "F EnvironmentMismatch | T EnvironmentMismatch | – | T EnvironmentMismatch | T | InProgress | Progressing",
                flow -> {
                    settled(flow);
                    Contents.deployByHand(flow, Manifest.IMAGE, Map.of("DEBUG", "1"));
                    flow.until(() -> flow.cloud.calls().size() == 3);
                });
        scene(
                "the public endpoint was changed, being corrected",
                "The same for the port and the health check of AWS.",
                "F EndpointMismatch | T EndpointMismatch | – | T EndpointMismatch | T | InProgress | Progressing",
                flow -> {
                    settled(flow);
                    Contents.checkHealthByHandAt(flow, "/");
                    flow.until(() -> flow.cloud.calls().size() == 3);
                });
        scene(
                "the scale was lowered below minimumScale, being corrected",
                "What serves is proved, but a node is missing: Ready stays, Degraded warns.",
                "T Verified | T ScaleMismatch | – | T ScaleMismatch | T | InProgress | Progressing",
                flow -> {
                    settled(flow);
                    flow.cloud.service().scaleNow(1);
                    flow.until(() -> flow.cloud.calls().size() == 3);
                });
        scene(
                "the power was changed, being corrected",
                "Capacity, domains and tags say nothing about Ready.",
                "T Verified | T PowerMismatch | – | F | T | InProgress | Progressing",
                flow -> {
                    settled(flow);
                    flow.cloud.service().powerNow("micro");
                    flow.until(() -> flow.cloud.calls().size() == 3);
                });
        scene(
                "a tag was changed, being corrected",
                "The tags say whose the service is.",
                "T Verified | T TagMismatch | – | F | T | InProgress | Progressing",
                flow -> {
                    settled(flow);
                    flow.cloud.service().tags().put("lightkeeper.dev/released", "true");
                    flow.until(() -> flow.cloud.calls().size() == 3);
                });
        scene(
                "the scale was raised",
                "It is lowered after 30 minutes, never while Degraded.",
                "T Verified | – | – | F | T | Current | Healthy",
                flow -> {
                    settled(flow);
                    flow.cloud.service().scaleNow(5);
                    flow.until("Synced", False, Reason.ScaleRaisedByHand);
                });
        for (String way : List.of("driftPolicy: Report", "managementPolicy: Observe", "suspend: true")) {
            String field = "/" + way.substring(0, way.indexOf(':'));
            String value = way.substring(way.indexOf(' ') + 1);
            scene(
                    "another image was deployed, under `%s`".formatted(way),
                    "It is told and left as it is; `status.plan` says what would be done.",
                    "F ImageMismatch | – | – | F | T | InProgress | "
                            + (field.equals("/suspend") ? "Suspended" : "Progressing"),
                    flow -> {
                        settled(flow);
                        flow.set(field, value).run();
                        Contents.deployByHand(flow, STALE);
                        flow.until("Synced", False, Reason.ImageMismatch);
                    });
        }
        scene(
                "another image is found soon after the operator was away",
                "It is told for 10 minutes before it is corrected.",
                "F DriftFoundAfterGap | – | – | F | T | InProgress | Progressing",
                flow -> {
                    settled(flow).restartAfter(Duration.ofDays(2));
                    flow.pass(Duration.ofMinutes(6));
                    Contents.deployByHand(flow, STALE);
                    flow.until("Ready", False, Reason.DriftFoundAfterGap);
                });
        scene(
                "another image comes back for the third time in an hour",
                "Two hands pull at one service: the operator stops and a person decides.",
                "F DriftReturned | – | T DriftReturned | T DriftReturned | T | Failed | Degraded",
                flow -> {
                    settled(flow);
                    for (int i = 0; i < 2; i++) {
                        int calls = flow.cloud.calls().size();
                        Contents.deployByHand(flow, STALE);
                        flow.until(() -> flow.cloud.calls().size() > calls)
                                .untilReady()
                                .pass(Duration.ofMinutes(6));
                    }
                    Contents.deployByHand(flow, STALE);
                    flow.until("Stalled", True, Reason.DriftReturned);
                });
        scene(
                "somebody's deployment is under way",
                "It is only watched until it has ended.",
                "T Verified | T WaitingForTransition | – | F | T | InProgress | Progressing",
                flow -> {
                    settled(flow);
                    flow.cloud
                            .service()
                            .deploy(Contents.withImage(flow, STALE), flow.clock.instant(), Duration.ofMinutes(3));
                    flow.until(() -> flow.condition("Reconciling").isPresent());
                });
        scene(
                "a hotfix was deployed while the service was not Ready",
                "It is kept: change the spec, or request a retry.",
                "F ForeignDeployment | – | T ForeignDeployment | T ForeignDeployment | F | Failed | Degraded",
                flow -> {
                    settled(flow);
                    flow.prober.answers(FakeProber.status(503));
                    flow.until("Degraded", True, Reason.ReadinessFailed);
                    Contents.deployByHand(flow, "example.com/api:hotfix");
                    flow.until("Stalled", True, Reason.ForeignDeployment);
                    flow.pass(Duration.ofMinutes(5));
                });
        scene(
                "the service was disabled",
                "A person's kill switch: never touched, until somebody enables it.",
                "F ServiceDisabled | – | T ServiceDisabled | T ServiceDisabled | F | Failed | Degraded",
                flow -> {
                    settled(flow);
                    flow.cloud.service().disable();
                    flow.until("Stalled", True, Reason.ServiceDisabled);
                });
        scene(
                "the service was deleted",
                "It is made again only on a retry request: images, URL and history are gone.",
                "F ServiceDisappeared | – | T ServiceDisappeared | T ServiceDisappeared | F | Failed | Degraded",
                flow -> {
                    settled(flow);
                    flow.cloud.remove();
                    flow.until("Stalled", True, Reason.ServiceDisappeared);
                });
    }

    private void references() {
        section = "Something that the release needs is missing";
        scene(
                "a reference is missing, first 5 minutes",
                "A Secret or ConfigMap may still be on its way. Nothing is touched.",
                "F ReferenceNotFound | T ReferenceNotFound | – | F | F | InProgress | Progressing",
                flow -> {
                    flow.manifest.initially("/containers/0/env", FROM_SECRET);
                    flow.run();
                });
        scene(
                "a reference is missing, later, and nothing runs yet",
                "It goes on when the reference appears.",
                "F ReferenceNotFound | – | T ReferenceNotFound | F | F | Failed | Degraded",
                flow -> {
                    flow.manifest.initially("/containers/0/env", FROM_SECRET);
                    flow.until("Stalled", True, Reason.ReferenceNotFound);
                });
        scene(
                "a reference is missing, later, while an older release serves",
                "What serves is not touched, but could not be deployed again.",
                "F ReferenceNotFound | – | T ReferenceNotFound | T ReferenceNotFound | T | Failed | Degraded",
                flow -> {
                    flow.references.secret("db", Map.of("url", "postgres://u:hunter2@db"));
                    flow.manifest.initially("/containers/0/env", FROM_SECRET);
                    flow.untilSteady();
                    flow.references.removeSecret("db");
                    flow.until("Stalled", True, Reason.ReferenceNotFound);
                });
        scene(
                "a required variable is missing or wrong",
                "The contract of the code is broken; nothing is deployed and the old release serves on.",
                "F EnvironmentInvalid | – | T EnvironmentInvalid | T EnvironmentInvalid | T | Failed | Degraded",
                flow -> flow.untilSteady()
                        .set("/containers/0/requiredEnv", "[{name: TOKEN}]")
                        .until("Stalled", True, Reason.EnvironmentInvalid)
                        .until("Available", True, Reason.Passing));
        scene(
                "the stored image is missing",
                "It is waited for: push it, and the release goes on.",
                "F ImageNotFound | T ImageNotFound | – | F | F | InProgress | Progressing",
                flow -> {
                    flow.manifest.initially("/containers/0/image", "':api.main.7'");
                    flow.until("Reconciling", True, Reason.ImageNotFound);
                });
        scene(
                "the stored image is still missing after the progress deadline",
                "It still goes on when the image appears.",
                "F ImageNotFound | – | T ImageNotFound | F | F | Failed | Degraded",
                flow -> {
                    flow.manifest.initially("/containers/0/image", "':api.main.7'");
                    flow.until("Stalled", True, Reason.ImageNotFound);
                });
        scene(
                "the stored image is still missing, while an older release serves",
                "What serves is not touched.",
                "F ImageNotFound | – | T ImageNotFound | F | T | Failed | Degraded",
                flow -> flow.untilSteady()
                        .set("/containers/0/image", "':api.main.7'")
                        .until("Stalled", True, Reason.ImageNotFound));
    }

    private void failedReleases() {
        section = "A release failed";
        scene(
                "three releases in a row have failed",
                "The next one is not deployed: something else is wrong than the release. Only a retry request ends it.",
                "F TooManyFailures | – | T TooManyFailures | T TooManyFailures | T | Failed | Degraded",
                flow -> {
                    flow.untilSteady();
                    for (String image : List.of("example.com/api:a", "example.com/api:b", "example.com/api:c")) {
                        flow.prober.sick(image);
                        flow.set("/containers/0/image", image).run();
                        flow.until("Stalled", True, Reason.RolledBack);
                    }
                    flow.set("/containers/0/image", IMAGE_2).run();
                });
        scene(
                "AWS failed the new release, the old one serves",
                "Nothing was replaced. The message has the command that shows the log.",
                "F DeploymentFailed | – | T DeploymentFailed | T DeploymentFailed | T | Failed | Degraded",
                flow -> {
                    flow.cloud.cannotStart(IMAGE_2);
                    flow.untilSteady()
                            .set("/containers/0/image", IMAGE_2)
                            .until("Stalled", True, Reason.DeploymentFailed);
                });
        scene(
                "AWS failed the first release",
                "Nothing serves.",
                "F DeploymentFailed | – | T DeploymentFailed | T DeploymentFailed | F | Failed | Degraded",
                flow -> {
                    flow.cloud.cannotStart(Manifest.IMAGE);
                    flow.until("Stalled", True, Reason.DeploymentFailed);
                });
        scene(
                "the release did not prove itself, under `onFailure: Hold`",
                "It stays live and is looked at on; it heals when its checks pass.",
                "F VerificationFailed | – | T VerificationFailed | T VerificationFailed | F | Failed | Degraded",
                flow -> {
                    flow.prober.sick(IMAGE_2);
                    flow.untilSteady()
                            .set("/rollout/onFailure", "Hold")
                            .set("/containers/0/image", IMAGE_2)
                            .until("Stalled", True, Reason.VerificationFailed);
                });
        scene(
                "a release is being taken back",
                "It did not prove itself; the revision before it is deployed again and has to prove itself, too.",
                "F RollingBack | T RollingBack | – | T RollingBack | F | InProgress | Progressing",
                flow -> {
                    flow.prober.sick(IMAGE_2);
                    flow.untilSteady()
                            .set("/containers/0/image", IMAGE_2)
                            .until("Reconciling", True, Reason.RollingBack);
                });
        scene(
                "a release was taken back",
                "The revision before it serves and has passed its own checks; the manifest asks for another.",
                "F RolledBack | – | T RolledBack | T RolledBack | T | Failed | Degraded",
                flow -> {
                    flow.prober.sick(IMAGE_2);
                    flow.untilSteady().set("/containers/0/image", IMAGE_2).until("Stalled", True, Reason.RolledBack);
                });
        scene(
                "a release could not be taken back",
                "AWS could not activate the revision before it either; nothing further is tried.",
                "F RollbackFailed | – | T RollbackFailed | T RollbackFailed | F | Failed | Degraded",
                flow -> {
                    flow.prober.sick(IMAGE_2);
                    flow.untilSteady().set("/containers/0/image", IMAGE_2).until("Reconciling", True, Reason.Verifying);
                    flow.cloud.cannotStart(Manifest.IMAGE);
                    flow.until("Stalled", True, Reason.RollbackFailed);
                });
        scene(
                "a release after an outage did not prove itself",
                "What served before was not available, so nothing is taken back: this may be the fix.",
                "F RollbackWithheld | – | T RollbackWithheld | T RollbackWithheld | F | Failed | Degraded",
                flow -> {
                    flow.untilSteady();
                    flow.prober.answers(FakeProber.status(503));
                    flow.until("Degraded", True, Reason.ReadinessFailed)
                            .set("/containers/0/image", IMAGE_2)
                            .until("Stalled", True, Reason.RollbackWithheld);
                });
        scene(
                "the first release did not prove itself",
                "There is nothing to go back to; it stays live and is looked at on.",
                "F NoRollbackTarget | – | T NoRollbackTarget | T NoRollbackTarget | F | Failed | Degraded",
                flow -> {
                    flow.prober.answers(FakeProber.status(503));
                    flow.until("Stalled", True, Reason.NoRollbackTarget);
                });
        scene(
                "somebody asked for the revision before",
                "It is live and proved; the spec's revision is held until the spec changes or a retry is requested.",
                "F ManualRollback | – | T ManualRollback | F | T | Failed | Degraded",
                flow -> {
                    flow.untilSteady().set("/containers/0/image", IMAGE_2).untilSteady();
                    flow.annotate("lightkeeper.dev/rollback-requested-at", "now")
                            .until("Stalled", True, Reason.ManualRollback);
                });
        scene(
                "the verification was inconclusive",
                "The checks could be neither passed nor failed (here: 429 all the time).",
                "U VerificationInconclusive | – | T VerificationInconclusive | F | U | Failed | Degraded",
                flow -> {
                    flow.prober.answers(FakeProber.status(429));
                    flow.until("Stalled", True, Reason.VerificationInconclusive);
                });
        scene(
                "AWS does not come to an end with the deployment",
                "A deployment cannot be cancelled; it is watched on.",
                "U ProgressDeadlineExceeded | – | T ProgressDeadlineExceeded | F | F | Failed | Degraded",
                flow -> {
                    flow.cloud.activationTakes(Duration.ofMinutes(40));
                    flow.until("Stalled", True, Reason.ProgressDeadlineExceeded);
                });
        scene(
                "AWS refused the release",
                "The request itself is wrong; the old release serves on.",
                "F RequestRefused | – | T RequestRefused | F | T | Failed | Degraded",
                flow -> flow.untilSteady()
                        .nextCall(refusal("InvalidInputException", "the image name is not valid"))
                        .set("/containers/0/image", IMAGE_2)
                        .until("Stalled", True, Reason.RequestRefused));
    }

    private void adoption() {
        section = "Whose service is it?";
        scene(
                "a service that nobody owns is taken over",
                "`adoptionPolicy` allows it: it is tagged before anything else.",
                "U Adopting | T Adopting | – | F | T | InProgress | Progressing",
                flow -> {
                    adopting(flow, Map.of());
                    flow.run();
                });
        scene(
                "the take-over would remove variables",
                "It waits until somebody accepts the plan, or adds them.",
                "F AdoptionWouldRemoveEnvironment | – | T AdoptionWouldRemoveEnvironment | F | T | Failed | Degraded",
                flow -> {
                    adopting(flow, Map.of("SMTP_HOST", "mail"));
                    flow.until("Stalled", True, Reason.AdoptionWouldRemoveEnvironment);
                });
        scene(
                "a service of that name exists and is nobody's",
                "`adoptionPolicy` is CreateOnly: it is not touched.",
                "F AdoptionRefused | – | T AdoptionRefused | F | U | Failed | Degraded",
                flow -> {
                    flow.cloud.make("nano", 2, Map.of());
                    flow.until("Stalled", True, Reason.AdoptionRefused);
                });
        scene(
                "the service belongs to another resource",
                "The message names the owner.",
                "F AlreadyManaged | – | T AlreadyManaged | F | U | Failed | Degraded",
                flow -> {
                    flow.cloud.make(
                            "nano", 2, Map.of("lightkeeper.dev/cluster", "other", "lightkeeper.dev/owner", "shop/web"));
                    flow.until("Stalled", True, Reason.AlreadyManaged);
                });
        scene(
                "the service was deleted and made again by hand",
                "It is not the one that was deployed to; a retry request takes it.",
                "F TargetReplaced | – | T TargetReplaced | F | T | Failed | Degraded",
                flow -> {
                    settled(flow);
                    flow.cloud.make("nano", 2, flow.cloud.service().tags());
                    flow.until("Stalled", True, Reason.TargetReplaced);
                });
    }

    private void notAllowed() {
        section = "AWS or the account does not allow it";
        Map<Reason, String> refusals = new EnumMap<>(Map.of(
                Reason.AccountNotFound,
                "there is no AwsAccount \"default\": create it, or correct spec.accountRef",
                Reason.CredentialsInvalid,
                "the credentials of AwsAccount \"default\" are not valid: renew them",
                Reason.WrongAccount,
                "the credentials of AwsAccount \"default\" belong to account 999988887777, expected is 111122223333",
                Reason.RegionNotAllowed,
                "AwsAccount \"default\" does not allow region us-east-2 (allowed: eu-west-1)",
                Reason.AccessNotAllowed,
                "access.namespaces of AwsAccount \"default\" does not select namespace \"shop\""));
        refusals.forEach((reason, message) -> scene(
                "`%s`".formatted(reason),
                "No call is made. What serves is probed on. The AwsAccount tells the cause, once for all that use it.",
                "F AccountNotVerified | – | T %s | F | T | Failed | Degraded".formatted(reason),
                flow -> {
                    settled(flow);
                    flow.cloud.account(new AccountCheck.Refused(reason, message));
                    flow.until("Stalled", True, reason);
                }));
        scene(
                "the account in force is not the one of the first contact",
                "No call is made until they agree again.",
                "F TargetMoved | – | T TargetMoved | F | T | Failed | Degraded",
                flow -> {
                    settled(flow);
                    flow.cloud.account(new AccountCheck.Verified("999988887777", "us-east-2", true, true));
                    flow.until("Stalled", True, Reason.TargetMoved);
                });
        scene(
                "AWS denies a call",
                "The message names the action to grant. It is tried again slowly.",
                "F AccountNotVerified | – | T AccessDenied | F | T | Failed | Degraded",
                flow -> flow.untilSteady()
                        .nextCall(new FakeCloud.Fault.Refuses(new Failure.Denied(
                                "AccessDeniedException",
                                "lightsail:CreateContainerServiceDeployment",
                                "the identity may not do this")))
                        .set("/containers/0/image", IMAGE_2)
                        .until("Stalled", True, Reason.AccessDenied));
        scene(
                "the account does not allow a parameter",
                "It is not read. What serves is left alone.",
                "F AccountNotVerified | – | T AccessNotAllowed | F | T | Failed | Degraded",
                flow -> parameterRefused(
                        flow,
                        Reason.AccessNotAllowed,
                        "access.parameterPaths of AwsAccount \"default\" do not allow parameter \"/billing/DATABASE_URL\" to namespace \"shop\""));
        scene(
                "AWS denies reading a parameter",
                "Permissions are given parameter by parameter: only who refers to it is told.",
                "F AccountNotVerified | – | T AccessDenied | F | T | Failed | Degraded",
                flow -> parameterRefused(
                        flow,
                        Reason.AccessDenied,
                        "parameter \"/billing/DATABASE_URL\": ssm:GetParameters is denied to the account's credentials (AccessDeniedException); let the operator's identity do it, and kms:Decrypt with a key of your own"));
        scene(
                "a quota is full",
                "It is tried again slowly.",
                "F QuotaExceeded | – | T QuotaExceeded | F | F | Failed | Degraded",
                flow -> flow.nextCall(refusal("QuotaExceeded", "no more container services in this region"))
                        .until("Stalled", True, Reason.QuotaExceeded));
        scene(
                "the account's spending limit leaves no room",
                "What runs goes on running. The increase is made as soon as there is room.",
                "F SpendingLimitExceeded | – | T SpendingLimitExceeded | F | T | Failed | Degraded",
                flow -> {
                    flow.untilSteady().cloud.limit(20, "5");
                    flow.set("/scale", "4").until("Stalled", True, Reason.SpendingLimitExceeded);
                });
    }

    private void specs() {
        section = "The spec cannot be used";
        scene(
                "invalid in a way that the API server could not know",
                "Here: a pattern with a script that the API server knows and the operator's RE2 does not. AWS is not asked anything; what serves is probed on.",
                "F InvalidSpec | – | T InvalidSpec | F | T | Failed | Degraded",
                flow -> settled(flow)
                        .set("/containers/0/requiredEnv", "[{name: A, pattern: '\\p{Adlam}'}]")
                        .until("Stalled", True, Reason.InvalidSpec)
                        .pass(Duration.ofMinutes(2)));
        scene(
                "a value of a newer version",
                "A policy that this version does not know is never guessed.",
                "F UnknownValue | – | T UnknownValue | F | T | Failed | Degraded",
                flow -> settled(flow)
                        .set("/managementPolicy", "FromTheFuture")
                        .until("Stalled", True, Reason.UnknownValue));
    }

    private void deletion() {
        section = "The resource is being deleted";
        scene(
                "the service is being deleted",
                "`deletionPolicy: Delete`: the resource goes when AWS says that the service is gone.",
                "F Deleting | T Deleting | – | F | U | Terminating | Progressing",
                flow -> {
                    flow.manifest.initially("/deletionPolicy", "Delete");
                    settled(flow).delete().run();
                });
        scene(
                "the deletion is blocked",
                "The message says by what. `deletionPolicy: Retain` lets the resource go and keeps the service.",
                "F DeletionBlocked | – | T DeletionBlocked | F | U | Terminating | Progressing",
                flow -> {
                    flow.manifest.initially("/deletionPolicy", "Delete");
                    settled(flow).set("/suspend", "true").delete().run();
                });
    }

    private static void parameterRefused(Flow flow, Reason reason, String message) {
        settled(flow);
        flow.parameters.refuse("/billing/DATABASE_URL", reason, message);
        flow.set(
                        "/containers/0/env",
                        "[{name: DATABASE_URL, valueFrom: {ssmParameterRef: {name: /billing/DATABASE_URL}}}]")
                .until("Stalled", True, reason)
                .pass(Duration.ofMinutes(2));
    }

    private static Flow settled(Flow flow) {
        return flow.untilSteady().pass(Duration.ofMinutes(10));
    }

    private static void adopting(Flow flow, Map<String, String> environment) {
        flow.manifest.initially("/adoptionPolicy", "AdoptOrCreate");
        Contents.madeByHand(flow, "example.com/api:old", environment, Map.of());
    }

    private static FakeCloud.Fault refusal(String code, String message) {
        return new FakeCloud.Fault.Refuses(new Failure.Terminal(code, message));
    }
}
