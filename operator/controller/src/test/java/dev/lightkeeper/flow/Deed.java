package dev.lightkeeper.flow;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * Something that happens, and the time that passes until the next thing does.
 *
 * @param <W> the world of a sequence
 * @param doing on it
 */
record Deed<W>(String what, Consumer<W> doing, Duration then) {
    private static final List<String> IMAGES = List.of(Manifest.IMAGE, "example.com/api:2", "example.com/api:3");

    /** Sequences of deeds, simple ones first. */
    static Arbitrary<List<Deed<Sequence>>> sequences() {
        return sequences(kinds());
    }

    /** The same of other kinds. */
    static <W> Arbitrary<List<Deed<W>>> sequences(Arbitrary<Kind<W>> kinds) {
        Arbitrary<Integer> seconds = Arbitraries.frequencyOf(
                Tuple.of(2, Arbitraries.just(0)),
                Tuple.of(3, Arbitraries.integers().between(1, 120)),
                Tuple.of(4, Arbitraries.integers().between(121, 1500)));
        return Combinators.combine(kinds, seconds)
                .as((kind, pause) -> new Deed<W>(kind.what, kind.doing, Duration.ofSeconds(pause)))
                .list()
                .ofMinSize(1)
                .ofMaxSize(14);
    }

    /** What happens, without the time that passes. */
    record Kind<W>(String what, Consumer<W> doing) {}

    private static Arbitrary<Kind<Sequence>> kinds() {
        return Arbitraries.frequencyOf(
                Tuple.of(14, edits()), Tuple.of(10, byHand()), Tuple.of(10, faults()), Tuple.of(8, crashes()));
    }

    private static Arbitrary<Kind<Sequence>> edits() {
        return Arbitraries.oneOf(
                image("image ", (sequence, image) -> sequence.edit("/containers/0/image", image)),
                number("scale ", 2, 4, (sequence, scale) -> sequence.edit("/scale", String.valueOf(scale))),
                one(
                        "power ",
                        List.of("nano", "micro", "small"),
                        (sequence, power) -> sequence.edit("/lightsail/power", power)),
                one(
                        "variables ",
                        List.of("[]", "[{name: MODE, value: a}]", "[{name: MODE, value: b}]"),
                        (sequence, variables) -> sequence.edit("/containers/0/env", variables)),
                one(
                        "domains ",
                        List.of("[api.example.com]", "[api.example.com, www.example.com]"),
                        (sequence, names) -> sequence.edit(
                                "/lightsail/publicDomainNames",
                                "[{certificateName: shop, domainNames: %s}]".formatted(names))),
                one("tags ", List.of("{}", "{team: shop}"), (sequence, tags) -> sequence.edit("/lightsail/tags", tags)),
                one(
                        "readiness path ",
                        List.of("/health/ready", "/ready"),
                        (sequence, path) -> sequence.edit("/readiness/path", path)),
                one("suspend ", List.of("true", "false"), (sequence, is) -> sequence.edit("/suspend", is)),
                one(
                        "driftPolicy ",
                        List.of("Correct", "Report"),
                        (sequence, policy) -> sequence.edit("/driftPolicy", policy)),
                one(
                        "onFailure ",
                        List.of("Rollback", "Hold"),
                        (sequence, action) -> sequence.edit("/rollout/onFailure", action)),
                one("request ", List.of("retry", "restart", "rollback"), Sequence::request));
    }

    private static Arbitrary<Kind<Sequence>> byHand() {
        return Arbitraries.frequencyOf(
                Tuple.of(4, image("by hand: image ", (sequence, image) -> sequence.deployByHand(image, true))),
                Tuple.of(2, image("by hand, slowly: image ", (sequence, image) -> sequence.deployByHand(image, false))),
                Tuple.of(2, number("by hand: scale ", 1, 5, Sequence::scaleByHand)),
                Tuple.of(2, one("by hand: power ", List.of("nano", "micro", "small"), Sequence::powerByHand)),
                Tuple.of(1, always("by hand: disable", sequence -> sequence.service(FakeService::disable))),
                Tuple.of(1, always("by hand: enable", Sequence::enable)),
                Tuple.of(1, always("by hand: delete", sequence -> sequence.flow.cloud.remove())),
                Tuple.of(
                        1,
                        always(
                                "by hand: no tags",
                                sequence -> sequence.service(
                                        service -> service.tags().remove("team")))),
                Tuple.of(
                        1,
                        always(
                                "by hand: no domains",
                                sequence -> sequence.service(service -> service.domainsNow(java.util.Map.of())))));
    }

    private static Arbitrary<Kind<Sequence>> faults() {
        return Arbitraries.oneOf(
                image("sick: ", (sequence, image) -> sequence.flow.prober.sick(image)),
                image("cured: ", (sequence, image) -> sequence.flow.prober.cured(image)),
                image("cannot start: ", (sequence, image) -> sequence.flow.cloud.cannotStart(image)),
                one("next call: ", Sequence.FAULTS, (sequence, fault) -> sequence.flow.nextCall(fault)),
                number("stale reads, seconds: ", 0, 40, (sequence, age) -> sequence.staleFor(Duration.ofSeconds(age))),
                one("AWS answers: ", List.of(true, false), Sequence::answers),
                one(
                        "AWS lists deployments: ",
                        List.of(true, false),
                        (sequence, does) -> sequence.flow.cloud.listsDeployments(does)),
                one(
                        "activation takes minutes: ",
                        List.of(1, 3, 40),
                        (sequence, minutes) -> sequence.flow.cloud.activationTakes(Duration.ofMinutes(minutes))),
                always("somebody writes before", sequence -> sequence.flow.store.conflictOnce()));
    }

    private static Arbitrary<Kind<Sequence>> crashes() {
        return Arbitraries.oneOf(
                number("killed before call ", 1, 40, (sequence, call) -> sequence.dieAt(call, false)),
                number("killed before the answer of call ", 1, 40, (sequence, call) -> sequence.dieAt(call, true)),
                number("another leader before call ", 1, 40, Sequence::otherLeaderAt),
                number("away, minutes: ", 1, 60, (sequence, minutes) -> sequence.away(Duration.ofMinutes(minutes))));
    }

    /** What is done with a value. */
    interface With<W, T> {
        void on(W world, T value);
    }

    static <W> Arbitrary<Kind<W>> always(String what, Consumer<W> doing) {
        return Arbitraries.just(new Kind<>(what, doing));
    }

    static <W> Arbitrary<Kind<W>> image(String what, With<W, String> doing) {
        return one(what, IMAGES, doing);
    }

    static <W, T> Arbitrary<Kind<W>> one(String what, List<T> of, With<W, T> doing) {
        return Arbitraries.of(of).map(value -> new Kind<>(what + value, world -> doing.on(world, value)));
    }

    static <W> Arbitrary<Kind<W>> number(String what, int from, int to, With<W, Integer> doing) {
        return Arbitraries.integers()
                .between(from, to)
                .map(value -> new Kind<>(what + value, world -> doing.on(world, value)));
    }

    @Override
    public String toString() {
        return "%s, then %d s".formatted(what, then.toSeconds());
    }
}
