package dev.lightkeeper.flow;

import static dev.lightkeeper.flow.Story.stalled;

import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.observe.HostOutcome;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What happens to a service on EC2 hosts in its life. */
final class HostStories {
    private static final String IMAGE = "/containers/0/image";
    private static final String NEW = "example.com/api:2";
    private static final String LATER = "example.com/api:3";
    private static final String[] RELEASE = {"inspect i-1 i-2", "prepare i-1 i-2", "activate i-1", "activate i-2"};

    private HostStories() {}

    static List<Story> all() {
        return List.of(
                new Story("first release", flow -> {}, flow -> {}, Story::isSteady, List.of(RELEASE)).onHosts(2),
                new Story(
                                "first release that does not work",
                                flow -> flow.fleet.sick(Manifest.IMAGE),
                                flow -> {},
                                stalled(Reason.DeploymentFailed),
                                List.of("inspect i-1 i-2", "prepare i-1 i-2", "activate i-1"))
                        .onHosts(2),
                steady("release", flow -> flow.set(IMAGE, NEW), Story::isSteady, RELEASE),
                steady(
                        "release that is taken back from one host after another",
                        flow -> {
                            flow.fleet.fails(
                                    "i-2", "activate", new HostOutcome.Failed("StartFailed", "it did not start"));
                            flow.set(IMAGE, NEW);
                        },
                        stalled(Reason.DeploymentFailed),
                        "inspect i-1 i-2",
                        "prepare i-1 i-2",
                        "activate i-1",
                        "activate i-2",
                        "rollback i-1"),
                steady(
                        "release that fails in its bake",
                        flow -> {
                            flow.fleet.lacks(NEW, "/api");
                            flow.set(IMAGE, NEW)
                                    .set(
                                            "/verification/endpoints",
                                            "[{name: api, path: /api, port: 3697, method: GET, enforcement: Required}]");
                        },
                        stalled(Reason.RolledBack),
                        "inspect i-1 i-2",
                        "prepare i-1 i-2",
                        "activate i-1",
                        "activate i-2",
                        "rollback i-1",
                        "rollback i-2"),
                steady(
                        "newer release while one is under way",
                        flow -> {
                            flow.set(IMAGE, NEW);
                            flow.until(() -> flow.fleet.audit().getLast().equals("activate i-1"));
                            flow.set(IMAGE, LATER);
                        },
                        Story::isSteady,
                        "activate i-2",
                        "inspect i-1 i-2",
                        "prepare i-1 i-2",
                        "activate i-1",
                        "activate i-2"),
                steady(
                        "host that differs",
                        flow -> flow.fleet.host("i-2").kill("api"),
                        Story::isSteady,
                        "inspect i-2",
                        "prepare i-2",
                        "activate i-2"),
                steady(
                        "host that is replaced",
                        flow -> {
                            flow.fleet.host("i-1").state = "terminated";
                            flow.fleet.add("i-3");
                        },
                        flow -> Story.isSteady(flow)
                                && flow.fleet.running().get("i-3").startsWith("1"),
                        "inspect i-3",
                        "prepare i-3",
                        "activate i-3"),
                steady(
                        "fewer hosts",
                        flow -> flow.set("/minimumScale", "1").set("/scale", "1"),
                        flow -> Story.isSteady(flow)
                                && flow.fleet.running().get("i-2").startsWith("null"),
                        "remove i-2"),
                steady(
                        "restart",
                        flow -> flow.annotate("lightkeeper.dev/restart-requested-at", "now"),
                        Story::isSteady,
                        RELEASE),
                new Story(
                                "deletion that deletes",
                                flow -> {
                                    flow.manifest.initially("/deletionPolicy", "Delete");
                                    Story.settle(flow);
                                },
                                Flow::delete,
                                Flow::isReleased,
                                List.of("remove i-1 i-2"))
                        .onHosts(2),
                steady("deletion that retains", Flow::delete, Flow::isReleased));
    }

    private static Story steady(String name, Consumer<Flow> happens, Predicate<Flow> isOver, String... calls) {
        return Story.steady(name, happens, isOver, calls).onHosts(2);
    }
}
