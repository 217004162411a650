package dev.lightkeeper.flow;

import static dev.lightkeeper.flow.Application.at;
import static dev.lightkeeper.flow.Application.before;
import static dev.lightkeeper.flow.Application.good;
import static dev.lightkeeper.flow.Application.onNode;
import static dev.lightkeeper.flow.Application.since;
import static dev.lightkeeper.flow.Application.sometimes;
import static dev.lightkeeper.flow.ReleaseCase.titled;
import static dev.lightkeeper.flow.ReleaseCase.verified;
import static dev.lightkeeper.flow.Trial.change;

import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.AccountCheck;
import dev.lightkeeper.plan.Action;
import dev.lightkeeper.verify.Prober.Answer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Releases that are good, whatever it looks like: none may be taken back or called Degraded. */
public final class GoodReleases {
    private static final String TECH =
            "[{name: tech, path: /api/tech, method: GET, enforcement: Required, expect: {containsText: [items]}}]";
    private static final String LISTENING =
            "[{name: listening, pattern: 'Listening on port', withinSeconds: 120, enforcement: Required}]";
    private static final String UNCAUGHT =
            "[{name: uncaught, pattern: UncaughtException, maxMatches: 0, windowSeconds: 300, enforcement: %s}]";
    private static final String ENV = "/containers/0/env";
    private static final Failure THROTTLED = new Failure.Throttled("too many requests");

    private GoodReleases() {}

    /** All of them. */
    public static List<ReleaseCase> all() {
        return Stream.of(ofItself(), ofAws(), ofUs(), ofPeople())
                .flatMap(cases -> cases)
                .map(each -> each.first().isPresent() || each.update().isPresent() ? each : each.both(verified("")))
                .toList();
    }

    private static Stream<ReleaseCase> section(String heading, ReleaseCase... cases) {
        return Arrays.stream(cases).map(each -> each.in(heading));
    }

    private static Stream<ReleaseCase> ofItself() {
        return section(
                "The service is like that",
                titled("nothing is odd about it", trial -> trial.release(good())),
                titled(
                        "it starts slowly, just inside the deadline",
                        trial -> trial.release(good().but(before(355), 503))),
                titled(
                        "one answer in ten fails",
                        trial -> trial.declare("/verification/endpoints", TECH)
                                .release(good().but(sometimes(0.1), 503))),
                titled(
                        "one answer in ten fails in its bake",
                        trial -> trial.declare("/verification/endpoints", TECH)
                                .release(good().but(since(120).and(sometimes(0.1)), 503))),
                titled("it answers 429 for five minutes", trial -> trial.release(good().but(before(300), 429))),
                titled(
                        "its answers are longer than is read of them",
                        trial -> trial.declare("/verification/endpoints", TECH)
                                .release(good().but(
                                                at("/api/tech"),
                                                new Answer.Response(
                                                        200,
                                                        Map.of(),
                                                        "{\"items\":[" + "1,".repeat(500),
                                                        true,
                                                        Duration.ofMillis(900))))),
                titled(
                        "the old nodes answer and shout while they shut down",
                        trial -> trial.declare("/verification/forbiddenLogPatterns", UNCAUGHT.formatted("Required"))
                                .release(good().but(before(55), 503))
                                .untilVerifying()
                                .lookOn(Duration.ofSeconds(30))
                                .happens(flow -> flow.cloud.log().write("UncaughtException: the pool is closed"))),
                titled(
                        "what it writes is only of advisory interest",
                        trial -> trial.declare("/verification/forbiddenLogPatterns", UNCAUGHT.formatted("Advisory"))
                                .release(good())
                                .untilVerified()
                                .happens(flow -> flow.cloud.log().write("UncaughtException: retried"))));
    }

    private static Stream<ReleaseCase> ofAws() {
        return section(
                "AWS has a bad day",
                titled(
                        "AWS activates for 25 minutes",
                        trial -> trial.given(flow -> flow.cloud.activationTakes(Duration.ofMinutes(25)))
                                .release(good())
                                .untilSteady()),
                titled(
                        "calls fail for ten minutes",
                        trial -> trial.given(
                                        flow -> flow.cloud.refuses(new FakeCloud.Fault.Refuses(FakeCloud.UNREACHABLE)))
                                .release(good())
                                .lookOn(Duration.ofMinutes(10))
                                .happens(flow -> flow.cloud.refuses(null))),
                titled(
                        "the answer to the deployment is lost",
                        trial -> trial.given(flow ->
                                        flow.cloud.refuses(Action.Deploy.class, new FakeCloud.Fault.LostAfter()))
                                .release(good())
                                .lookOn(Duration.ofMinutes(2))
                                .happens(flow -> flow.cloud.refuses(Action.Deploy.class, null))),
                titled(
                        "everything is throttled for twenty minutes",
                        trial -> trial.given(flow -> {
                                    flow.cloud.account(new AccountCheck.Unavailable(THROTTLED, "us-east-2"));
                                    flow.cloud.refuses(new FakeCloud.Fault.Refuses(THROTTLED));
                                })
                                .release(good())
                                .lookOn(Duration.ofMinutes(20))
                                .happens(flow -> {
                                    flow.cloud.account(
                                            new AccountCheck.Verified("111122223333", "us-east-2", true, true));
                                    flow.cloud.refuses(null);
                                })),
                titled(
                        "AWS is out for half an hour while it is verified",
                        trial -> trial.release(good().but(before(1200), 503))
                                .untilVerifying()
                                .lookOn(Duration.ofSeconds(40))
                                .happens(flow -> flow.cloud.answers(false))
                                .lookOn(Duration.ofMinutes(30))
                                .happens(flow -> flow.cloud.answers(true))),
                titled(
                        "reads are 45 seconds old",
                        trial -> trial.given(flow -> flow.cloud.staleFor(Duration.ofSeconds(45)))
                                .release(good())),
                titled(
                        "AWS's clock is 90 seconds ahead",
                        trial -> trial.declare("/verification/logMilestones", LISTENING)
                                .given(flow -> flow.cloud.clockAhead(Duration.ofSeconds(90)))
                                .release(good())),
                titled(
                        "AWS's clock is 90 seconds behind",
                        trial -> trial.declare("/verification/logMilestones", LISTENING)
                                .given(flow -> flow.cloud.clockAhead(Duration.ofSeconds(-90)))
                                .release(good())),
                titled(
                        "log lines come 170 seconds late",
                        trial -> trial.declare("/verification/logMilestones", LISTENING)
                                .given(flow -> flow.cloud.log().arrivesAfter(Duration.ofSeconds(170)))
                                .release(good())),
                titled(
                        "AWS replaces a node in its bake",
                        trial -> trial.release(
                                good().but(since(200).and(since(240).negate()).and(onNode(0)), 503))));
    }

    private static Stream<ReleaseCase> ofUs() {
        return section(
                "Lightkeeper has a bad day",
                titled("it is restarted every 40 seconds", trial -> {
                    trial.release(good());
                    for (int i = 0; i < 20; i++) {
                        trial.lookOn(Duration.ofSeconds(40)).happens(Flow::restart);
                    }
                }),
                titled(
                        "it is away for two days in the middle",
                        trial -> trial.release(good())
                                .untilVerifying()
                                .happens(flow -> flow.restartAfter(Duration.ofDays(2)))),
                titled(
                        "its network is dead for twenty minutes",
                        trial -> trial.release(good())
                                .untilVerifying()
                                .happens(flow -> {
                                    flow.cloud.answers(false);
                                    flow.prober.cutOff(true);
                                })
                                .lookOn(Duration.ofMinutes(20))
                                .happens(flow -> {
                                    flow.cloud.answers(true);
                                    flow.prober.cutOff(false);
                                })));
    }

    private static Stream<ReleaseCase> ofPeople() {
        return section(
                "People go on working",
                titled(
                        "it is suspended for an hour while it starts",
                        trial -> trial.release(good().but(before(3000), 503))
                                .untilVerifying()
                                .happens(flow -> flow.annotate("lightkeeper.dev/suspend", "true"))
                                .lookOn(Duration.ofHours(1))
                                .happens(flow -> flow.annotate("lightkeeper.dev/suspend", null))),
                titled(
                        "a ConfigMap is edited while it is verified",
                        trial -> trial.declare(
                                        ENV, "[{name: MAX, valueFrom: {configMapKeyRef: {name: limits, key: max}}}]")
                                .happens(flow -> flow.references.configMap("limits", Map.of("max", "10")))
                                .release(good())
                                .untilVerifying()
                                .happens(flow -> flow.references.configMap("limits", Map.of("max", "20")))),
                titled(
                        "the scale is changed while it is verified",
                        trial -> trial.release(good()).untilVerifying().happens(flow -> flow.set("/scale", "3"))),
                titled(
                                "another release comes before it is activated",
                                trial -> trial.release(good())
                                        .lookOn(Duration.ofSeconds(100))
                                        .happens(flow -> flow.set("/containers/0/image", "example.com/api:3")))
                        .both(verified("").serving(List.of("example.com/api:3"))),
                titled(
                        "the permission to deploy comes after 15 minutes",
                        trial -> trial.given(flow -> flow.cloud.refuses(
                                        Action.Deploy.class,
                                        new FakeCloud.Fault.Refuses(new Failure.Denied(
                                                "AccessDeniedException",
                                                "lightsail:CreateContainerServiceDeployment",
                                                "the identity may not do this"))))
                                .release(good())
                                .lookOn(Duration.ofMinutes(15))
                                .happens(flow -> flow.cloud.refuses(Action.Deploy.class, null))),
                titled(
                                "its image is pushed after four minutes",
                                trial -> trial.named(":api.main.8")
                                        .release(good())
                                        .lookOn(Duration.ofMinutes(4))
                                        .happens(flow -> flow.cloud.store(":api.main.8")))
                        .both(verified("").serving(List.of(":api.main.8"))),
                titled(
                        "its Secret is created after four minutes",
                        trial -> trial.release(
                                        good(),
                                        change(ENV, "[{name: URL, valueFrom: {secretKeyRef: {name: db, key: url}}}]"))
                                .lookOn(Duration.ofMinutes(4))
                                .happens(flow -> flow.references.secret("db", Map.of("url", "postgres://right")))));
    }
}
