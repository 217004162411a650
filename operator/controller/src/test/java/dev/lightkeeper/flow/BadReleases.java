package dev.lightkeeper.flow;

import static dev.lightkeeper.flow.Application.ALLOW_ORIGIN;
import static dev.lightkeeper.flow.Application.always;
import static dev.lightkeeper.flow.Application.at;
import static dev.lightkeeper.flow.Application.before;
import static dev.lightkeeper.flow.Application.good;
import static dev.lightkeeper.flow.Application.inTurns;
import static dev.lightkeeper.flow.Application.json;
import static dev.lightkeeper.flow.Application.onNode;
import static dev.lightkeeper.flow.Application.since;
import static dev.lightkeeper.flow.Application.unless;
import static dev.lightkeeper.flow.ReleaseCase.NEW;
import static dev.lightkeeper.flow.ReleaseCase.OLD;
import static dev.lightkeeper.flow.ReleaseCase.blocked;
import static dev.lightkeeper.flow.ReleaseCase.degraded;
import static dev.lightkeeper.flow.ReleaseCase.invalid;
import static dev.lightkeeper.flow.ReleaseCase.left;
import static dev.lightkeeper.flow.ReleaseCase.rollbackFailed;
import static dev.lightkeeper.flow.ReleaseCase.stays;
import static dev.lightkeeper.flow.ReleaseCase.takenBack;
import static dev.lightkeeper.flow.ReleaseCase.titled;
import static dev.lightkeeper.flow.ReleaseCase.undecided;
import static dev.lightkeeper.flow.ReleaseCase.verified;
import static dev.lightkeeper.flow.Trial.change;

import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.AccountCheck;
import dev.lightkeeper.plan.Action;
import dev.lightkeeper.verify.Prober.Answer;
import dev.lightkeeper.verify.Prober.Fault;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Releases that must not go unnoticed. A case is what the release does, and what has to come of it. */
public final class BadReleases {
    private static final String ENDPOINTS = "/verification/endpoints";
    private static final String TECH = "[{name: tech, path: /api/tech, method: GET, enforcement: Required%s}]";
    private static final String CORS =
            "[{name: app, path: /api/tech, origin: 'https://app.example.com', method: PUT, enforcement: Required}]";
    private static final String MILESTONES = "/verification/logMilestones";
    private static final String LISTENING =
            "[{name: listening, pattern: 'Listening on port', withinSeconds: 120, enforcement: Required}]";
    private static final String FORBIDDEN = "/verification/forbiddenLogPatterns";
    private static final String UNCAUGHT =
            "[{name: uncaught, pattern: UncaughtException, maxMatches: 0, windowSeconds: 300, enforcement: Required}]";
    private static final String ENV = "/containers/0/env";
    private static final String REQUIRED_ENV = "/containers/0/requiredEnv";
    private static final String URL_OF_SECRET = "[{name: URL, valueFrom: {secretKeyRef: {name: db, key: url}}}]";

    private BadReleases() {}

    /** All of them. */
    public static List<ReleaseCase> all() {
        return Stream.of(
                        notDeployed(),
                        notActivated(),
                        notServing(),
                        notAsDeclared(),
                        notInTheLog(),
                        wrongValues(),
                        notTakenBack(),
                        later())
                .flatMap(cases -> cases)
                .toList();
    }

    private static Stream<ReleaseCase> section(String heading, ReleaseCase... cases) {
        return Arrays.stream(cases).map(each -> each.in(heading));
    }

    private static Stream<ReleaseCase> notDeployed() {
        return section(
                "Known bad before it is deployed",
                titled(
                                "a required variable is not set",
                                trial -> trial.release(good(), change(REQUIRED_ENV, "[{name: AI_MAX_TOKENS}]")))
                        .invalid(Reason.EnvironmentInvalid, "AI_MAX_TOKENS of container \"api\" is not set"),
                titled(
                                "a required variable is empty",
                                trial -> trial.release(
                                        good(),
                                        change(ENV, "[{name: AI_MAX_TOKENS, value: ''}]"),
                                        change(REQUIRED_ENV, "[{name: AI_MAX_TOKENS}]")))
                        .invalid(Reason.EnvironmentInvalid, "AI_MAX_TOKENS of container \"api\" is empty"),
                titled(
                                "a required variable does not match its pattern",
                                trial -> trial.release(
                                        good(),
                                        change(ENV, "[{name: AI_MAX_TOKENS, value: many}]"),
                                        change(REQUIRED_ENV, "[{name: AI_MAX_TOKENS, pattern: '^[0-9]+$'}]")))
                        .invalid(
                                Reason.EnvironmentInvalid,
                                "AI_MAX_TOKENS of container \"api\" does not match ^[0-9]+$"),
                titled(
                                "a Secret that it refers to does not exist",
                                trial -> trial.release(good(), change(ENV, URL_OF_SECRET)))
                        .first(blocked(
                                Reason.ReferenceNotFound, Reason.ReferenceNotFound, "F", List.of(), "Secret \"db\""))
                        .update(invalid(Reason.ReferenceNotFound, "T", OLD, "Secret \"db\"")),
                titled(
                                "a stored image of a wrong number",
                                trial -> trial.named(":api.main.99").release(good()))
                        .blocked(Reason.ImageNotFound, Reason.ImageNotFound, "F", ":api.main.99 is not stored"),
                titled(
                                "the credentials have expired",
                                trial -> trial.given(account(
                                                Reason.CredentialsInvalid,
                                                "the credentials of AwsAccount \"default\" are not valid: renew them"))
                                        .release(good()))
                        .blocked(Reason.CredentialsInvalid, Reason.AccountNotVerified, "U", "renew them"),
                titled(
                                "the credentials are of another account",
                                trial -> trial.given(
                                                account(
                                                        Reason.WrongAccount,
                                                        "the credentials of AwsAccount \"default\" belong to account 999988887777, expected is 111122223333"))
                                        .release(good()))
                        .blocked(Reason.WrongAccount, Reason.AccountNotVerified, "U", "999988887777"),
                titled(
                                "the account does not allow the region",
                                trial -> trial.given(
                                                account(
                                                        Reason.RegionNotAllowed,
                                                        "AwsAccount \"default\" does not allow region us-east-2 (allowed: eu-west-1)"))
                                        .release(good()))
                        .blocked(Reason.RegionNotAllowed, Reason.AccountNotVerified, "U", "us-east-2"),
                titled(
                                "the identity may not deploy",
                                trial -> trial.given(deployments(new Failure.Denied(
                                                "AccessDeniedException",
                                                "lightsail:CreateContainerServiceDeployment",
                                                "the identity may not do this")))
                                        .release(good()))
                        .blocked(
                                Reason.AccessDenied,
                                Reason.AccountNotVerified,
                                "F",
                                "lightsail:CreateContainerServiceDeployment"),
                titled(
                                "AWS refuses the request itself",
                                trial -> trial.given(deployments(new Failure.Terminal(
                                                "InvalidInputException", "the image name is not valid")))
                                        .release(good()))
                        .blocked(Reason.RequestRefused, Reason.RequestRefused, "F", "the image name is not valid"));
    }

    private static Stream<ReleaseCase> notActivated() {
        return section(
                "AWS cannot activate it",
                titled(
                                "a tag that does not exist",
                                trial -> trial.named("example.com/api:164").release(good().thatAwsCannotStart()))
                        .invalid(Reason.DeploymentFailed, "aws lightsail get-container-log"),
                titled("it exits at once", trial -> trial.release(good().thatAwsCannotStart()))
                        .invalid(Reason.DeploymentFailed, "aws lightsail get-container-log"),
                titled(
                                "AWS comes to no end",
                                trial -> trial.given(flow -> flow.cloud.activationTakes(Duration.ofHours(9)))
                                        .release(good()))
                        .first(undecided(Reason.ProgressDeadlineExceeded, List.of(), "F", "cannot be cancelled"))
                        .update(undecided(Reason.ProgressDeadlineExceeded, OLD, "T", "cannot be cancelled")),
                titled(
                                "AWS activates something else than it was sent",
                                trial -> trial.given(flow -> flow.cloud.activates(
                                                sent -> Contents.other(sent, "example.com/api:162")))
                                        .release(good()))
                        .both(stays(Reason.VerificationFailed, Reason.VerificationFailed, "runs example.com/api:162")
                                .serving(List.of("example.com/api:162"))));
    }

    private static Stream<ReleaseCase> notServing() {
        return section(
                "It does not serve",
                titled("it answers 503 from the beginning", trial -> trial.release(good().but(always(), 503)))
                        .failing(Reason.ReadinessFailed, "answered 503"),
                titled(
                                "nothing listens on its port",
                                trial -> trial.release(good().but(
                                                always(),
                                                new Answer.NoResponse(Fault.CONNECT, "the connection was refused"))))
                        .failing(Reason.ReadinessFailed, "the connection was refused"),
                titled(
                                "it hangs",
                                trial -> trial.release(good().but(
                                                always(),
                                                new Answer.NoResponse(Fault.TIMEOUT, "no complete answer within 5 s"))))
                        .failing(Reason.ReadinessFailed, "no complete answer within 5 s"),
                titled(
                                "its certificate is not valid",
                                trial -> trial.release(good().but(
                                                always(),
                                                new Answer.NoResponse(
                                                        Fault.TLS, "the certificate is not valid for this name"))))
                        .failing(Reason.ReadinessFailed, "the certificate is not valid"),
                titled(
                                "its health path answers 404, which AWS accepts",
                                trial -> trial.release(good().but(at("/health/ready"), 404)))
                        .failing(Reason.ReadinessFailed, "answered 404"),
                titled(
                                "its health path redirects to a login",
                                trial -> trial.release(good().but(at("/health/ready"), 302)))
                        .failing(Reason.ReadinessFailed, "answered 302, a redirect"),
                titled("it becomes ready after the deadline", trial -> trial.release(good().but(before(400), 503)))
                        .first(verified(Reason.ReadinessFailed.name()))
                        .update(takenBack(Reason.ReadinessFailed, "answered 503")),
                titled("it dies a minute after ACTIVE", trial -> trial.release(good().but(since(60), 503)))
                        .failing(Reason.ReadinessFailed, "answered 503"),
                titled("it dies in its bake", trial -> trial.release(good().but(since(300), 503)))
                        .failing(Reason.ReadinessFailed, "failed soon after it was verified"),
                titled("it is up and down", trial -> trial.release(good().but(inTurns(60, 60), 503)))
                        .failing(Reason.ReadinessFailed, "answered 503"),
                titled(
                                "one of its two nodes is broken",
                                trial -> trial.declare("/rollout/bakeSeconds", "1800")
                                        .release(good().but(onNode(1), 503)))
                        .failing(Reason.ReadinessFailed, "answered 503"));
    }

    private static Stream<ReleaseCase> notAsDeclared() {
        return section(
                "It serves, but not what was declared",
                titled(
                                "an endpoint answers 500",
                                trial -> trial.declare(ENDPOINTS, TECH.formatted(""))
                                        .release(good().but(at("/api/tech"), 500)))
                        .failing(Reason.EndpointsFailed, "tech: GET /api/tech: answered 500"),
                titled(
                                "a declared endpoint does not exist",
                                trial -> trial.declare(ENDPOINTS, TECH.formatted(""))
                                        .release(good().but(at("/api/tech"), 404)))
                        .failing(Reason.EndpointsFailed, "tech: GET /api/tech: answered 404"),
                titled(
                                "an error page with status 200 instead of JSON",
                                trial -> trial.declare(
                                                ENDPOINTS,
                                                TECH.formatted(", expect: {json: [{pointer: /status, equals: ok}]}")
                                                        .replace("/api/tech", "/health/live"))
                                        .release(good().but(
                                                        at("/health/live"),
                                                        FakeProber.page(
                                                                200,
                                                                "<html>Sorry</html>",
                                                                "content-type",
                                                                "text/html"))))
                        .failing(Reason.EndpointsFailed, "an HTML page, JSON was expected"),
                titled(
                                "its answers became slow",
                                trial -> trial.declare(ENDPOINTS, TECH.formatted(", expect: {maxLatencyMillis: 500}"))
                                        .release(good().but(
                                                        at("/api/tech"),
                                                        new Answer.Response(
                                                                200, Map.of(), "", false, Duration.ofMillis(2400)))))
                        .failing(Reason.EndpointsFailed, "took longer than 500 ms"),
                titled(
                                "a path that must not exist is answered",
                                trial -> trial.declare(
                                                ENDPOINTS,
                                                TECH.formatted(", expect: {absent: true}")
                                                        .replace("/api/tech", "/debug/env"))
                                        .release(good().but(at("/debug/env"), json(200, "{\"PATH\":\"/bin\"}"))))
                        .failing(Reason.EndpointsFailed, "GET /debug/env: answered 200, expected 404 or 410"),
                titled(
                                "a page answers every path",
                                trial -> trial.declare("/verification/randomPathControl", "Enforce")
                                        .release(good().but(
                                                        visit -> !visit.request()
                                                                .uri()
                                                                .getPath()
                                                                .startsWith("/health"),
                                                        FakeProber.page(
                                                                200, "<html>App</html>", "content-type", "text/html"))))
                        .failing(Reason.EndpointsFailed, "GET of a random path: answered 200"),
                titled(
                                "CORS headers are missing",
                                trial -> trial.declare("/verification/cors", CORS)
                                        .release(good().header(0, ALLOW_ORIGIN, null)))
                        .failing(Reason.EndpointsFailed, "the preflight has no header access-control-allow-origin"),
                titled(
                                "CORS headers are missing on errors",
                                trial -> trial.declare("/verification/cors", CORS)
                                        .release(good().header(400, ALLOW_ORIGIN, null)))
                        .failing(Reason.EndpointsFailed, "an error answer has no header access-control-allow-origin"),
                titled(
                                "CORS allows another origin only",
                                trial -> trial.declare("/verification/cors", CORS)
                                        .release(good().header(0, ALLOW_ORIGIN, "https://staging.example.com")))
                        .failing(Reason.EndpointsFailed, "allows another origin only"),
                titled(
                                "CORS allows any origin with credentials",
                                trial -> trial.declare("/verification/cors", CORS)
                                        .release(good().header(0, ALLOW_ORIGIN, "*")
                                                .header(0, "access-control-allow-credentials", "true")))
                        .failing(Reason.EndpointsFailed, "any origin together with credentials"),
                titled(
                                "the preflight is refused",
                                trial -> trial.declare("/verification/cors", CORS)
                                        .release(good().but(
                                                        visit -> visit.request()
                                                                .method()
                                                                .equals("OPTIONS"),
                                                        405)))
                        .failing(Reason.EndpointsFailed, "the preflight was answered 405"));
    }

    private static Stream<ReleaseCase> notInTheLog() {
        return section(
                "Its log says so",
                titled(
                                "its health check answers 200, but it never listens",
                                trial -> trial.declare(MILESTONES, LISTENING)
                                        .release(good().writing("Starting Nest application")))
                        .failing(Reason.LogsFailed, "listening: the line was not found within 120 s"),
                titled(
                                "one of its two nodes never listens",
                                trial -> trial.declare(MILESTONES, LISTENING)
                                        .given(flow -> flow.cloud.log().silentNodes(1))
                                        .release(good())
                                        .untilVerifying()
                                        .happens(flow -> flow.cloud.log().silentNodes(0)))
                        .failing(Reason.LogsFailed, "listening: the line was not found within 120 s"),
                titled(
                                "it throws in its bake",
                                trial -> trial.declare(FORBIDDEN, UNCAUGHT)
                                        .release(good())
                                        .untilVerified()
                                        .faultNow()
                                        .happens(flow -> flow.cloud.log().write("UncaughtException: socket hang up")))
                        .first(verified(Reason.LogsFailed.name()))
                        .update(takenBack(Reason.LogsFailed, "uncaught: the pattern was found")),
                titled(
                                "a worker never begins its work",
                                trial -> trial.declare("/publicEndpoint", null)
                                        .declare("/readiness", null)
                                        .declare(MILESTONES, LISTENING)
                                        .release(good().writing("Starting Nest application")))
                        .first(stays(Reason.LogsFailed, Reason.NoRollbackTarget, "listening")
                                .down())
                        .update(takenBack(Reason.LogsFailed, "listening")),
                titled(
                                "it writes nothing at all",
                                trial -> trial.declare(MILESTONES, LISTENING).release(good().writing()))
                        .both(undecided(Reason.VerificationInconclusive, NEW, "T", "neither passed nor failed")));
    }

    private static Stream<ReleaseCase> wrongValues() {
        return section(
                "Its values are wrong",
                titled(
                                "it needs a variable that nobody declared",
                                trial -> trial.declare(ENDPOINTS, TECH.formatted(""))
                                        .release(good().but(at("/api/tech").and(unless("AI_MAX_TOKENS", "1000")), 500)))
                        .failing(Reason.EndpointsFailed, "tech: GET /api/tech: answered 500"),
                titled(
                                "a ConfigMap is edited to a value that it cannot use",
                                trial -> trial.declare(
                                                ENV,
                                                "[{name: MAX, valueFrom: {configMapKeyRef: {name: limits, key: max}}}]")
                                        .running(good().but(unless("MAX", "10"), 503))
                                        .happens(flow -> flow.references.configMap("limits", Map.of("max", "10")))
                                        .edit(flow -> flow.references.configMap("limits", Map.of("max", "0"))))
                        .update(takenBack(Reason.ReadinessFailed, "answered 503")),
                titled(
                                "a Secret is rotated to a value that it cannot use",
                                trial -> trial.declare(ENV, URL_OF_SECRET)
                                        .running(good().but(unless("URL", "postgres://right"), 503))
                                        .happens(
                                                flow -> flow.references.secret("db", Map.of("url", "postgres://right")))
                                        .edit(flow -> flow.references.secret("db", Map.of("url", "postgres://wrong"))))
                        .update(takenBack(Reason.ReadinessFailed, "answered 503")),
                titled(
                                "its Secret is rotated in the night after it was taken back",
                                trial -> trial.declare(ENV, URL_OF_SECRET)
                                        .happens(
                                                flow -> flow.references.secret("db", Map.of("url", "postgres://right")))
                                        .release(good().but(always(), 503))
                                        .untilTakenBack()
                                        .lookOn(Duration.ofHours(6))
                                        .happens(
                                                flow -> flow.references.secret("db", Map.of("url", "postgres://night")))
                                        .breaksTheOld(good().but(unless("URL", "postgres://night"), 503)))
                        .update(takenBack(Reason.ReadinessFailed, "answered 503")),
                titled(
                                "its power is too small for it",
                                trial -> trial.declare("/lightsail/power", "small")
                                        .edit(flow -> {
                                            flow.prober.answers(request ->
                                                    flow.cloud.service().power().equals("nano")
                                                            ? FakeProber.status(503)
                                                            : FakeProber.status(200));
                                            flow.set("/lightsail/power", "nano");
                                        }))
                        .update(takenBack(Reason.ReadinessFailed, "answered 503")),
                titled(
                                "its command is wrong",
                                trial -> trial.edit(flow -> {
                                    flow.cloud.cannotStart(Manifest.IMAGE);
                                    flow.set("/containers/0/command", "[node, dist/mian.js]");
                                }))
                        .update(invalid(Reason.DeploymentFailed, "T", OLD, "aws lightsail get-container-log")));
    }

    private static Stream<ReleaseCase> notTakenBack() {
        return section(
                "It cannot or must not be taken back",
                titled(
                                "under Hold",
                                trial -> trial.declare("/rollout/onFailure", "Hold")
                                        .release(good().but(always(), 503)))
                        .both(stays(Reason.ReadinessFailed, Reason.VerificationFailed, "onFailure is Hold")),
                titled(
                                "what served before was down, too",
                                trial -> trial.given(flow -> {
                                            flow.prober.sick(Manifest.IMAGE);
                                            flow.until("Degraded", ConditionStatus.True, Reason.ReadinessFailed);
                                        })
                                        .release(good().but(always(), 503)))
                        .update(stays(
                                Reason.ReadinessFailed, Reason.RollbackWithheld, "was not known to be available")),
                titled(
                                "what comes back is down as well",
                                trial -> trial.release(good().but(always(), 503))
                                        .untilVerifying()
                                        .breaksTheOld(good().but(always(), 503)))
                        .update(rollbackFailed(Reason.ReadinessFailed, OLD, "does not pass its own checks")),
                titled(
                                "AWS cannot start what served before",
                                trial -> trial.release(good().but(always(), 503))
                                        .untilVerifying()
                                        .happens(flow -> flow.cloud.cannotStart(Manifest.IMAGE)))
                        .update(rollbackFailed(Reason.ReadinessFailed, NEW, "could not activate version 3")),
                titled("it answers 429 all the time", trial -> trial.release(good().but(always(), 429)))
                        .both(undecided(Reason.VerificationInconclusive, NEW, "U", "neither passed nor failed")),
                titled(
                                "only the checks were changed, and they fail",
                                trial -> trial.edit(flow -> flow.set("/readiness/path", "/health/deep")))
                        .update(degraded(Reason.ReadinessFailed, "F", "GET /health/deep: answered 404")
                                .serving(OLD)));
    }

    private static Stream<ReleaseCase> later() {
        return section(
                "Bad later, or by other hands",
                titled(
                                "it dies two hours after it was verified",
                                trial -> trial.release(good())
                                        .untilSteady()
                                        .lookOn(Duration.ofHours(2))
                                        .breaks(good().but(always(), 503)))
                        .both(degraded(Reason.ReadinessFailed, "F", "answered 503")),
                titled(
                                "an endpoint is lost at night",
                                trial -> trial.declare(ENDPOINTS, TECH.formatted(""))
                                        .release(good())
                                        .untilSteady()
                                        .lookOn(Duration.ofHours(2))
                                        .breaks(good().but(at("/api/tech"), 500)))
                        .both(degraded(Reason.EndpointsFailed, "T", "tech: GET /api/tech: answered 500")),
                titled(
                                "a node that starts at night never listens",
                                trial -> trial.declare(MILESTONES, LISTENING)
                                        .release(good())
                                        .untilSteady()
                                        .lookOn(Duration.ofHours(2))
                                        .faultNow()
                                        .happens(flow -> flow.cloud
                                                .log()
                                                .nodeStarts(flow.cloud.service().versions(), false)))
                        .both(degraded(Reason.LogsFailed, "T", "listening: the line was not found")),
                titled(
                                "a stale image is deployed by hand",
                                trial -> trial.release(good())
                                        .untilSteady()
                                        .lookOn(Duration.ofHours(2))
                                        .faultNow()
                                        .happens(flow -> Contents.deployByHand(flow, Manifest.IMAGE)))
                        .both(verified(Reason.ImageMismatch.name())),
                titled(
                                "the scale is lowered to 1 by hand",
                                trial -> trial.release(good())
                                        .untilSteady()
                                        .lookOn(Duration.ofHours(2))
                                        .faultNow()
                                        .happens(flow -> flow.cloud.service().scaleNow(1)))
                        .both(verified(Reason.ScaleMismatch.name())),
                titled(
                                "somebody disables the service",
                                trial -> trial.release(good())
                                        .untilSteady()
                                        .faultNow()
                                        .happens(flow -> flow.cloud.service().disable()))
                        .both(left(Reason.ServiceDisabled, NEW, "--no-is-disabled")),
                titled(
                                "somebody deletes the service",
                                trial -> trial.release(good())
                                        .untilSteady()
                                        .faultNow()
                                        .happens(flow -> flow.cloud.remove()))
                        .both(left(Reason.ServiceDisappeared, List.of(), "to make it again: kubectl annotate")));
    }

    private static Consumer<Flow> account(Reason reason, String message) {
        return flow -> flow.cloud.account(new AccountCheck.Refused(reason, message));
    }

    private static Consumer<Flow> deployments(Failure failure) {
        return flow -> flow.cloud.refuses(Action.Deploy.class, new FakeCloud.Fault.Refuses(failure));
    }
}
