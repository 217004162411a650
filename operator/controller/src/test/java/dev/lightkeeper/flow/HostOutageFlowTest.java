package dev.lightkeeper.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.plan.RevisionRecord;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** EC2 or SSM has a bad day: nothing is held against a release or a host because of it. */
class HostOutageFlowTest {
    private static final String NEW = "example.com/api:2";
    private static final Failure THROTTLED = new Failure.Throttled("Rate exceeded");
    private static final List<String> RELEASE =
            List.of("inspect i-1 i-2 i-3", "prepare i-1 i-2 i-3", "activate i-1", "activate i-2", "activate i-3");

    private final Flow flow = Flow.onHosts(3);

    private static Set<String> newEverywhere() {
        return Set.of("2 [%s]".formatted(NEW));
    }

    /** Each kind of outage, begun and ended. */
    private static Stream<Outage> outages() {
        return Stream.of(
                new Outage("EC2 and SSM do not answer", (fleet, on) -> fleet.answers(!on)),
                new Outage("SSM does not tell results", (fleet, on) -> fleet.commandsAnswer(!on)),
                new Outage(
                        "SSM throttles commands",
                        (fleet, on) ->
                                fleet.refuses(on ? new Failure.Throttled("ssm:SendCommand: too many calls") : null)),
                new Outage(
                        "SSM answers 503",
                        (fleet, on) ->
                                fleet.refuses(on ? new Failure.Transient("503", "SSM has a bad day", false) : null)),
                new Outage("two of three agents answer nothing", (fleet, on) -> {
                    fleet.host("i-2").mute = on;
                    fleet.host("i-3").mute = on;
                }));
    }

    record Outage(String name, BiConsumer<FakeFleet, Boolean> switched) {
        void begins(Flow flow) {
            switched.accept(flow.fleet, true);
        }

        void ends(Flow flow) {
            switched.accept(flow.fleet, false);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** In each phase of a release. */
    static Stream<Arguments> moments() {
        return outages().flatMap(outage -> Stream.of(0, 1, 2, 3, 4, 5).map(commands -> Arguments.of(outage, commands)));
    }

    @ParameterizedTest
    @MethodSource("moments")
    void aReleaseOutlastsAnOutageThatBeginsWhenSoManyCommandsAreSent(Object happens, int commands) {
        Outage outage = (Outage) happens;
        flow.untilSteady();
        int before = flow.calls().size();
        flow.set("/containers/0/image", NEW);
        flow.until(() -> flow.calls().size() == before + commands);

        outage.begins(flow);
        flow.pass(Duration.ofMinutes(25));
        assertThat(flow.store.status().failed()).as(flow.toString()).isNull();
        assertThat(
                        flow.store.revision("2") == null
                                ? null
                                : flow.store.revision("2").result())
                .isNotEqualTo(RevisionRecord.Result.Failed);
        assertThat(flow.is("Ready", ConditionStatus.True, Reason.Verified)).isFalse();
        assertThat(flow.calls().size() - before).isLessThanOrEqualTo(commands + 3);

        outage.ends(flow);
        flow.untilSteady();
        assertThat(HostCase.serving(flow)).isEqualTo(newEverywhere());
        assertThat(flow.calls().subList(before, flow.calls().size())).isEqualTo(RELEASE);
        assertThat(flow.fleet.mostOut()).isLessThanOrEqualTo(1);
    }

    static Stream<Outage> steady() {
        return outages();
    }

    @ParameterizedTest
    @MethodSource("steady")
    void anOutageInSteadyStateChangesNothingAndIsToldAfterAWhile(Object happens) {
        Outage outage = (Outage) happens;
        flow.untilSteady();
        ServiceDeploymentStatus before = flow.store.status();
        int sent = flow.calls().size();

        outage.begins(flow);
        flow.pass(Duration.ofMinutes(2));
        assertThat(flow.is("Ready", ConditionStatus.True, Reason.Verified)).isTrue();
        flow.pass(Duration.ofMinutes(30));
        assertThat(flow.told("Stalled", "Degraded")).containsExactly("Stalled=-", "Degraded=False/NotDegraded");
        assertThat(flow.condition("Available").orElseThrow().status()).isNotEqualTo(ConditionStatus.False);
        assertThat(flow.condition("ReadinessPassed").orElseThrow().status()).isNotEqualTo(ConditionStatus.False);

        outage.ends(flow);
        flow.untilSteady();
        flow.until("Available", ConditionStatus.True, Reason.Passing);
        assertThat(flow.calls()).hasSize(sent);
        assertThat(flow.store.status().currentRevision()).isEqualTo(before.currentRevision());
    }

    @Test
    void throttledCommandsOfARollAreSentEverMoreSeldom() {
        flow.untilSteady();
        flow.fleet.refuses(new Failure.Throttled("ssm:SendCommand: too many calls"));
        flow.set("/containers/0/image", NEW);
        int before = flow.fleet.sendsRefused();

        flow.pass(Duration.ofHours(1));

        assertThat(flow.fleet.sendsRefused() - before).isBetween(5, 15);
    }

    /** What throttling costs in calls: of rounds of checks that hosts make of themselves, and of their answers. */
    private int askedOfHosts(Duration time) {
        AtomicInteger asked = new AtomicInteger();
        flow.outside.watch(new Outside.Watcher() {
            @Override
            public void before(int number, String call) {
                if (call.endsWith("of HostProber")) {
                    asked.incrementAndGet();
                }
            }
        });
        flow.pass(time);
        flow.outside.watchNoMore();
        return asked.get();
    }

    static Stream<Outage> throttled() {
        return Stream.of(
                new Outage("commands", (fleet, on) -> fleet.refuses(on ? THROTTLED : null)),
                new Outage("results", (fleet, on) -> fleet.resultsRefused(on ? THROTTLED : null)));
    }

    @ParameterizedTest
    @MethodSource("throttled")
    void throttledRoundsOfChecksAreMadeEverMoreSeldomAndSayNothingOfHosts(Object happens) {
        Outage outage = (Outage) happens;
        flow.untilSteady();
        int sent = flow.calls().size();
        outage.begins(flow);

        assertThat(askedOfHosts(Duration.ofMinutes(10))).isBetween(5, 12);
        assertThat(askedOfHosts(Duration.ofMinutes(90))).isLessThan(40);
        assertThat(flow.store.status().hosts()).noneMatch(host -> Boolean.FALSE.equals(host.ready()));
        assertThat(flow.condition("ReadinessPassed").orElseThrow().status()).isEqualTo(ConditionStatus.Unknown);

        outage.ends(flow);
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.told("Ready", "ReadinessPassed"))
                .containsExactly("Ready=True/Verified", "ReadinessPassed=True/Passing");
        assertThat(askedOfHosts(Duration.ofMinutes(10))).as("as often as ever").isGreaterThan(15);
        assertThat(flow.calls()).hasSize(sent);
    }

    @ParameterizedTest
    @MethodSource("throttled")
    void aHostThatWasSwitchedOverIsNeitherProvedNorGivenUpWhileItCannotBeAsked(Object happens) {
        Outage outage = (Outage) happens;
        flow.untilSteady();
        int before = flow.calls().size();
        flow.set("/containers/0/image", NEW);
        flow.until(() -> flow.calls().size() == before + 3);
        flow.until(() -> flow.store.status().ec2().roll().command() == null);
        outage.begins(flow);

        assertThat(askedOfHosts(Duration.ofMinutes(20))).isBetween(5, 30);
        assertThat(flow.calls().subList(before, flow.calls().size())).isEqualTo(RELEASE.subList(0, 3));
        assertThat(flow.store.status().failed()).isNull();

        outage.ends(flow);
        flow.untilSteady();
        assertThat(HostCase.serving(flow)).isEqualTo(newEverywhere());
        assertThat(flow.calls().subList(before, flow.calls().size())).isEqualTo(RELEASE);
    }

    @Test
    void aDeletionOutlastsAnOutage() {
        flow.set("/deletionPolicy", "Delete").untilSteady();
        flow.fleet.refuses(new Failure.Throttled("ssm:SendCommand: too many calls"));
        flow.delete().pass(Duration.ofMinutes(30));
        assertThat(flow.isReleased()).isFalse();

        flow.fleet.refuses(null);
        flow.until(flow::isReleased);
        assertThat(flow.calls()).containsOnlyOnce("remove i-1 i-2 i-3");
    }
}
