package dev.lightkeeper.flow;

import static dev.lightkeeper.flow.Deed.always;
import static dev.lightkeeper.flow.Deed.image;
import static dev.lightkeeper.flow.Deed.number;
import static dev.lightkeeper.flow.Deed.one;

import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.flow.Deed.Kind;
import dev.lightkeeper.observe.HostOutcome;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;

/** What may happen to a service on hosts. */
final class HostDeeds {
    private static final List<HostOutcome> OUTCOMES = List.of(
            new HostOutcome.NotRun("DeliveryTimedOut"),
            new HostOutcome.MayHaveRun("ExecutionTimedOut"),
            new HostOutcome.Failed("Busy", "another operation runs"),
            new HostOutcome.Failed("StartFailed", "it did not start"));

    private HostDeeds() {}

    static Arbitrary<List<Deed<HostSequence>>> sequences() {
        return Deed.sequences(Arbitraries.frequencyOf(
                Tuple.of(12, edits()),
                Tuple.of(8, hosts()),
                Tuple.of(6, byHand()),
                Tuple.of(10, faults()),
                Tuple.of(8, crashes())));
    }

    private static Arbitrary<Kind<HostSequence>> edits() {
        return Arbitraries.oneOf(
                image("image ", (world, image) -> world.edit("/containers/0/image", image)),
                number("scale ", 2, 4, (world, scale) -> world.edit("/scale", String.valueOf(scale))),
                number(
                        "maxUnavailable ",
                        1,
                        2,
                        (world, most) -> world.edit("/ec2/maxUnavailable", String.valueOf(most))),
                one(
                        "variables ",
                        List.of("[]", "[{name: MODE, value: a}]", "[{name: MODE, value: b}]"),
                        (world, variables) -> world.edit("/containers/0/env", variables)),
                one(
                        "readiness path ",
                        List.of("/health/ready", "/ready"),
                        (world, path) -> world.edit("/readiness/path", path)),
                one("suspend ", List.of("true", "false"), (world, is) -> world.edit("/suspend", is)),
                one("driftPolicy ", List.of("Correct", "Report"), (world, is) -> world.edit("/driftPolicy", is)),
                one("onFailure ", List.of("Rollback", "Hold"), (world, is) -> world.edit("/rollout/onFailure", is)),
                one("request ", List.of("retry", "restart", "rollback"), HostSequence::request));
    }

    private static Arbitrary<Kind<HostSequence>> hosts() {
        return Arbitraries.oneOf(
                host("stops ", host -> host.state = host.state.equals("running") ? "stopped" : host.state),
                host("starts ", host -> host.state = host.state.equals("stopped") ? "running" : host.state),
                number("is replaced: i-", 1, 4, HostSequence::replace),
                host("goes offline ", host -> host.online = false),
                host("comes online ", host -> host.online = true),
                host("takes no questions ", host -> host.mute = true),
                host("takes questions ", host -> host.mute = false));
    }

    private static Arbitrary<Kind<HostSequence>> byHand() {
        return Arbitraries.oneOf(
                host("killed on ", host -> host.kill("api")),
                host("another image on ", host -> host.running.replaceAll((name, image) -> "example.com/api:hotfix")),
                host("changed files on ", host -> host.dirty = host.current != null),
                host("sick ", host -> host.sick = true),
                host("well ", host -> host.sick = false));
    }

    private static Arbitrary<Kind<HostSequence>> faults() {
        return Arbitraries.oneOf(
                image("sick: ", (world, image) -> world.flow.fleet.sick(image)),
                image("cured: ", (world, image) -> world.flow.fleet.cured(image)),
                image("cannot start: ", (world, image) -> world.flow.fleet.cannotStart(image)),
                one(
                        "next command: ",
                        List.of(FakeFleet.Fault.values()),
                        (world, fault) -> world.flow.fleet.nextCall(fault)),
                one("on some host, once: ", OUTCOMES, HostSequence::once),
                one("AWS answers: ", List.of(true, false), (world, does) -> world.answers(does)),
                one(
                        "SSM tells results: ",
                        List.of(true, false),
                        (world, does) -> world.flow.fleet.commandsAnswer(does)),
                always(
                        "SSM throttles",
                        world -> world.flow.fleet.refuses(new Failure.Throttled("ssm:SendCommand: too many calls"))),
                always("SSM throttles no more", world -> world.flow.fleet.refuses(null)),
                always("somebody writes before", world -> world.flow.store.conflictOnce()));
    }

    private static Arbitrary<Kind<HostSequence>> crashes() {
        return Arbitraries.oneOf(
                number("killed before call ", 1, 40, (world, call) -> world.dieAt(call, false)),
                number("killed before the answer of call ", 1, 40, (world, call) -> world.dieAt(call, true)),
                number("another leader before call ", 1, 40, HostSequence::otherLeaderAt),
                number("away, minutes: ", 1, 60, (world, minutes) -> world.away(Duration.ofMinutes(minutes))));
    }

    private interface OnHost {
        void on(FakeHost host);
    }

    private static Arbitrary<Kind<HostSequence>> host(String what, OnHost doing) {
        return number(what + "i-", 1, 4, (world, number) -> doing.on(world.flow.fleet.host("i-" + number)));
    }
}
