package dev.lightkeeper.flow;

import static dev.lightkeeper.flow.HostCase.NEW;
import static dev.lightkeeper.flow.HostCase.titled;
import static dev.lightkeeper.flow.HostCase.whenSent;

import dev.lightkeeper.api.v1alpha1.Annotations;
import dev.lightkeeper.observe.HostOutcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Changes on hosts that go well, whatever it looks like meanwhile: none may be taken back or called Degraded. */
final class GoodHostReleases {
    private static final String ALL = " i-1 i-2 i-3";
    private static final String[] EVERYWHERE = {
        "inspect" + ALL, "prepare" + ALL, "activate i-1", "activate i-2", "activate i-3"
    };

    private GoodHostReleases() {}

    static List<HostCase> all() {
        return Stream.of(
                        in("Something else is declared", contents()),
                        in("More hosts or fewer", scales()),
                        in("Hosts come and go", hosts()),
                        in("A command has a bad day", answers()))
                .flatMap(cases -> cases)
                .toList();
    }

    private static Stream<HostCase> in(String section, Stream<HostCase> cases) {
        return cases.map(release -> release.in(section));
    }

    private static Stream<HostCase> contents() {
        return Stream.of(
                titled("another image").sends(EVERYWHERE),
                set("the digest of an image", "/containers/0/image", "example.com/api:2@sha256:" + "0a".repeat(32))
                        .sends(EVERYWHERE),
                set("a variable", "/containers/0/env", "[{name: MODE, value: live}]")
                        .sends(EVERYWHERE),
                set("a command", "/containers/0/command", "[serve, --fast]").sends(EVERYWHERE),
                set(
                                "a port",
                                "/containers/0/ports",
                                "[{containerPort: 3697, protocol: HTTP, hostPort: 3697}, {containerPort: 9000, protocol: HTTP, hostPort: 9000}]")
                        .sends(EVERYWHERE),
                set("executables", "/ec2/executables", "[\"bin/*\"]").sends(EVERYWHERE),
                set("a time to end in", "/ec2/terminationGracePeriodSeconds", "60")
                        .sends(EVERYWHERE),
                set("another readiness", "/readiness/path", "/health/other").sends(),
                titled("two at a time")
                        .given(flow -> flow.set("/ec2/maxUnavailable", "2").untilSteady())
                        .sends("inspect" + ALL, "prepare" + ALL, "activate i-1", "activate i-2 i-3"),
                titled("a restart")
                        .declared(flow -> flow.annotate(Annotations.RESTART_REQUESTED_AT, "now"))
                        .sends(EVERYWHERE),
                titled("the one before, asked for again")
                        .given(flow -> flow.set("/containers/0/image", NEW).untilSteady())
                        .declared(flow -> flow.set("/containers/0/image", Manifest.IMAGE))
                        .sends("rollback i-1", "rollback i-2", "rollback i-3"));
    }

    private static HostCase set(String title, String pointer, String value) {
        return titled(title).declared(flow -> flow.set(pointer, value));
    }

    private static Stream<HostCase> scales() {
        return Stream.of(
                titled("one more, on a spare")
                        .given(flow -> flow.fleet.add("i-4"))
                        .declared(flow -> flow.set("/scale", "4"))
                        .sends("inspect i-4", "prepare i-4", "activate i-4"),
                titled("one less")
                        .declared(flow -> flow.set("/minimumScale", "2").set("/scale", "2"))
                        .sends("remove i-3"),
                titled("a spare stays as it is")
                        .given(flow -> flow.fleet.add("i-4"))
                        .sends(EVERYWHERE),
                titled("an image and one more")
                        .given(flow -> flow.fleet.add("i-4"))
                        .declared(flow -> flow.set("/scale", "4").set("/containers/0/image", NEW)));
    }

    private static Stream<HostCase> hosts() {
        return Stream.of(
                titled("a host is replaced")
                        .given(flow -> flow.set("/minimumScale", "2").untilSteady())
                        .declared(flow -> {
                            flow.fleet.host("i-2").state = "terminated";
                            flow.fleet.add("i-4");
                        })
                        .sends("inspect i-4", "prepare i-4", "activate i-4"),
                titled("a spare steps in, and the host comes back")
                        .given(flow -> {
                            flow.fleet.add("i-4");
                            flow.set("/minimumScale", "2").untilSteady();
                        })
                        .declared(flow -> flow.fleet.host("i-2").state = "stopped")
                        .happens(whenSent("activate i-4", flow -> {
                            flow.untilSteady();
                            flow.fleet.host("i-2").state = "running";
                        }))
                        .sends("inspect i-4", "prepare i-4", "activate i-4", "remove i-4"),
                titled("a host that goes while it is switched over")
                        .given(flow -> flow.fleet.add("i-4"))
                        .happens(whenSent("activate i-2", flow -> flow.fleet.host("i-2").state = "terminated")),
                titled("a host that is offline for a while")
                        .happens(whenSent("activate i-1", flow -> {
                            flow.fleet.host("i-2").online = false;
                            flow.pass(Duration.ofMinutes(10));
                            flow.fleet.host("i-2").online = true;
                        }))
                        .sends(EVERYWHERE),
                titled("another host that matches needs nothing")
                        .declared(flow -> flow.fleet.add("i-0"))
                        .sends());
    }

    /** What may become of a command, once. */
    private static Stream<HostCase> answers() {
        return Stream.of("activate i-1", "activate i-2", "prepare" + ALL, "inspect" + ALL)
                .flatMap(command -> Stream.of(
                        titled(command + " is not delivered")
                                .happens(once(command, new HostOutcome.NotRun("DeliveryTimedOut"), false)),
                        titled(command + " runs out of time and has run")
                                .happens(once(command, new HostOutcome.MayHaveRun("ExecutionTimedOut"), true)),
                        titled(command + " runs out of time and has not run")
                                .happens(once(command, new HostOutcome.MayHaveRun("ExecutionTimedOut"), false)),
                        titled(command + " comes while another runs")
                                .happens(
                                        once(command, new HostOutcome.Failed("Busy", "another operation runs"), false)),
                        titled(command + " has an answer that is lost")
                                .happens(beforeItIsSent(
                                        command, flow -> flow.fleet.nextCall(FakeFleet.Fault.LOST_AFTER)))
                                .sends(EVERYWHERE),
                        titled(command + " is lost")
                                .happens(beforeItIsSent(
                                        command, flow -> flow.fleet.nextCall(FakeFleet.Fault.LOST_BEFORE)))
                                .sends(EVERYWHERE),
                        titled(command + " is throttled")
                                .happens(
                                        beforeItIsSent(command, flow -> flow.fleet.nextCall(FakeFleet.Fault.THROTTLED)))
                                .sends(EVERYWHERE)));
    }

    /** On one of its hosts. */
    private static Consumer<Flow> once(String command, HostOutcome outcome, boolean runs) {
        return whenSent(command, flow -> {
            String host = command.substring(command.length() - 3);
            Deque<HostOutcome> left = new ArrayDeque<>(List.of(outcome));
            flow.fleet.unusually(id -> {
                if (!id.equals(host) || left.isEmpty()) {
                    return null;
                }
                if (runs && command.startsWith("activate")) {
                    flow.fleet.host(id).activate("2");
                }
                return left.poll();
            });
        });
    }

    private static Consumer<Flow> beforeItIsSent(String command, Consumer<Flow> event) {
        int already = List.of(EVERYWHERE).indexOf(command);
        return flow -> {
            int before = flow.fleet.audit().size();
            flow.until(() -> flow.fleet.audit().size() == before + already);
            event.accept(flow);
        };
    }
}
