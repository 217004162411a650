package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;

import dev.lightkeeper.api.v1alpha1.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Something that happens to a resource, and how it ends.
 *
 * @param before how the world stands when it happens
 * @param happens what somebody does; makes no run
 * @param isOver when the operator has done what it has to do
 * @param calls the mutations of AWS that it takes, whatever interrupts the operator
 * @param isSeenOtherwiseByANewProcess whether it may also end as it does when the process that sees it first was started only
 *     then
 * @param hosts so many EC2 hosts it happens on; none where it happens at Lightsail
 */
record Story(
        int hosts,
        String name,
        Consumer<Flow> before,
        Consumer<Flow> happens,
        Predicate<Flow> isOver,
        List<String> calls,
        boolean isSeenOtherwiseByANewProcess) {
    Story(String name, Consumer<Flow> before, Consumer<Flow> happens, Predicate<Flow> isOver, List<String> calls) {
        this(name, before, happens, isOver, calls, false);
    }

    Story(
            String name,
            Consumer<Flow> before,
            Consumer<Flow> happens,
            Predicate<Flow> isOver,
            List<String> calls,
            boolean isSeenOtherwiseByANewProcess) {
        this(0, name, before, happens, isOver, calls, isSeenOtherwiseByANewProcess);
    }

    /** Whether its commands are those of another story on hosts, only more of them. */
    boolean isOnHostsLikeAnother() {
        return hosts > 0 && calls.size() > 4 && !name.startsWith("release that is taken back");
    }

    /** The same on so many EC2 hosts. */
    Story onHosts(int count) {
        return new Story(
                count, "%s, on hosts".formatted(name), before, happens, isOver, calls, isSeenOtherwiseByANewProcess);
    }

    private static final String IMAGE = "/containers/0/image";
    private static final String OLD = "example.com/api:old";
    private static final String NEW = "example.com/api:2";
    private static final String ANNOTATION = "lightkeeper.dev/%s-requested-at";
    private static final Map<String, String> NOBODYS = Map.of();

    static List<Story> all() {
        return Stream.concat(atLightsail().stream(), HostStories.all().stream()).toList();
    }

    private static List<Story> atLightsail() {
        return List.of(
                new Story("first creation", flow -> {}, flow -> {}, Story::isSteady, List.of("create", "deploy")),
                new Story(
                        "first release that AWS fails",
                        flow -> flow.cloud.cannotStart(Manifest.IMAGE),
                        flow -> {},
                        stalled(Reason.DeploymentFailed),
                        List.of("create", "deploy")),
                steady("update", flow -> flow.set(IMAGE, NEW), Story::isSteady, "deploy"),
                steady(
                        "update whose answer is lost",
                        flow -> flow.set(IMAGE, NEW).nextCall(new FakeCloud.Fault.LostAfter()),
                        Story::isSteady,
                        "deploy"),
                steady(
                        "bad release that is taken back",
                        flow -> {
                            flow.prober.sick(NEW);
                            flow.set(IMAGE, NEW);
                        },
                        stalled(Reason.RolledBack),
                        "deploy",
                        "deploy"),
                steady(
                        "bad release under Hold",
                        flow -> {
                            flow.prober.sick(NEW);
                            flow.set(IMAGE, NEW).set("/rollout/onFailure", "Hold");
                        },
                        stalled(Reason.VerificationFailed),
                        "deploy"),
                steady(
                        "release that AWS fails",
                        flow -> {
                            flow.cloud.cannotStart(NEW);
                            flow.set(IMAGE, NEW);
                        },
                        stalled(Reason.DeploymentFailed),
                        "deploy"),
                steady(
                        "more capacity with an image",
                        flow -> flow.set(IMAGE, NEW).set("/scale", "3").set("/lightsail/power", "micro"),
                        Story::isSteady,
                        "update",
                        "deploy"),
                new Story(
                        "less capacity with an image",
                        flow -> {
                            flow.manifest.initially("/lightsail/power", "micro").initially("/scale", "3");
                            settle(flow);
                        },
                        flow -> flow.set(IMAGE, NEW).set("/scale", "2").set("/lightsail/power", "nano"),
                        Story::isSteady,
                        List.of("deploy", "update", "update")),
                // The tries of the last minutes are in memory only, and where they are lost nobody knows whether the
                // service was well before: the deployment may have been a fix, and is left (ADR 0015).
                new Story(
                        "stale image by hand",
                        Story::settle,
                        flow -> {
                            flow.pass(Duration.ofMinutes(5));
                            Contents.deployByHand(flow, OLD);
                        },
                        flow -> isSteady(flow)
                                || stalled(Reason.ForeignDeployment).test(flow),
                        List.of("deploy"),
                        true),
                steady("scale by hand", flow -> flow.cloud.service().scaleNow(1), Story::isSteady, "update"),
                new Story(
                        "adoption",
                        flow -> {
                            flow.manifest.initially("/adoptionPolicy", "AdoptOrCreate");
                            Contents.madeByHand(flow, OLD, Map.of(), NOBODYS);
                        },
                        flow -> {},
                        Story::isSteady,
                        List.of("tag", "deploy")),
                new Story(
                        "manual rollback",
                        flow -> {
                            settle(flow);
                            flow.set(IMAGE, NEW);
                            settle(flow);
                        },
                        flow -> flow.annotate(ANNOTATION.formatted("rollback"), "now"),
                        stalled(Reason.ManualRollback),
                        List.of("deploy")),
                new Story(
                        "secret rotation",
                        flow -> {
                            flow.references.secret("db", Map.of("url", "postgres://u:hunter2@db"));
                            flow.manifest.initially("/containers/0/envFrom", "[{secretRef: {name: db}}]");
                            settle(flow);
                        },
                        flow -> flow.references.secret("db", Map.of("url", "postgres://u:rotated@db")),
                        Story::isSteady,
                        List.of("deploy")),
                steady(
                        "restart",
                        flow -> flow.annotate(ANNOTATION.formatted("restart"), "now"),
                        Story::isSteady,
                        "deploy"),
                steady(
                        "domains and tags",
                        flow -> flow.set(
                                        "/lightsail/publicDomainNames",
                                        "[{certificateName: shop, domainNames: [api.example.com]}]")
                                .set("/lightsail/tags", "{team: shop}"),
                        Story::isSteady,
                        "update",
                        "tag"),
                steady(
                        "service that is made again on request",
                        flow -> {
                            flow.cloud.remove();
                            flow.until("Stalled", True, Reason.ServiceDisappeared);
                            flow.annotate(ANNOTATION.formatted("retry"), "now");
                        },
                        Story::isSteady,
                        "create",
                        "deploy"),
                steady(
                        "newer release while one is under way",
                        flow -> {
                            flow.set(IMAGE, NEW).until("Reconciling", True, Reason.Activating);
                            flow.set(IMAGE, "example.com/api:3");
                        },
                        Story::isSteady,
                        "deploy"),
                new Story(
                        "deletion that deletes",
                        flow -> {
                            flow.manifest.initially("/deletionPolicy", "Delete");
                            settle(flow);
                        },
                        Flow::delete,
                        Flow::isReleased,
                        List.of("delete")),
                steady("deletion that retains", Flow::delete, Flow::isReleased, "tag"));
    }

    static Story steady(String name, Consumer<Flow> happens, Predicate<Flow> isOver, String... calls) {
        return new Story(name, Story::settle, happens, isOver, List.of(calls));
    }

    static void settle(Flow flow) {
        flow.untilSteady();
    }

    static boolean isSteady(Flow flow) {
        return flow.is("Ready", True, Reason.Verified)
                && flow.store.status().observedGeneration() == flow.manifest.generation()
                && flow.store.status().rollout() == null
                && flow.store.status().operation() == null
                && flow.condition("Reconciling").isEmpty()
                && flow.is("Synced", True, Reason.InSync);
    }

    static Predicate<Flow> stalled(Reason reason) {
        return flow -> flow.is("Stalled", True, reason) && flow.store.status().rollout() == null;
    }

    /** The world in which it happens, right after it has happened. */
    Told begin() {
        Flow flow = hosts == 0 ? new Flow() : Flow.onHosts(hosts);
        flow.manifest
                .initially("/rollout/bakeSeconds", "30")
                .initially("/rollout/minReadySeconds", "10")
                .initially("/verification/deadlineSeconds", "150");
        flow.cloud.activationTakes(Duration.ofSeconds(40));
        before.accept(flow);
        happens.accept(flow);
        return new Told(flow, flow.calls().size());
    }

    /** A world in which the story is being told. */
    final class Told {
        private final Flow flow;
        private final int callsBefore;

        private Told(Flow flow, int callsBefore) {
            this.flow = flow;
            this.callsBefore = callsBefore;
        }

        Flow flow() {
            return flow;
        }

        /** What the operator does about it. */
        void goOn() {
            if (!flow.isReleased()) {
                flow.holdToTheTruth().step();
                flow.until(() -> isOver.test(flow));
            }
        }

        /** Nothing follows. */
        void rest() {
            if (!flow.isReleased()) {
                flow.pass(Duration.ofMinutes(2));
            }
        }

        List<String> mutations() {
            return flow.calls().subList(callsBefore, flow.calls().size());
        }
    }
}
