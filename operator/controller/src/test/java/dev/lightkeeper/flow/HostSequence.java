package dev.lightkeeper.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.observe.HostOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;

/**
 * Hosts on which anything may happen. What must hold whatever happens is checked with each command ({@link Conduct}, nothing
 * is sent while AWS is silent) and with each status ({@link StatusLinter}, {@link HostTruth}); and it comes to rest.
 */
final class HostSequence {
    private static final int QUIET_LOOKS = 10;
    private static final Duration CALMS_DOWN_IN = Duration.ofHours(6);

    final Flow flow = Flow.onHosts(3);
    private int requests;
    private int added = 10;
    private boolean calm;

    HostSequence() {
        flow.manifest
                .initially("/minimumScale", "2")
                .initially("/rollout/bakeSeconds", "60")
                .initially("/verification/deadlineSeconds", "180");
        flow.fleet.add("i-4");
        FakeHost stranger = flow.fleet.add("i-9");
        stranger.matches = false;
    }

    /** Plays it, lets the faults end, and sees that all comes to rest and, once everything is well again, to Ready. */
    void play(List<Deed<HostSequence>> deeds) {
        flow.untilSteady();
        flow.holdToTheTruth();
        for (Deed<HostSequence> deed : deeds) {
            deed.doing().accept(this);
            pass(deed.then());
        }
        flow.outside.watchNoMore();
        flow.fleet.noFaults();
        flow.fleet.hosts().forEach(host -> {
            host.online = true;
            host.mute = false;
        });
        untilQuiet();
        heal();
        untilQuiet();
        if (flow.is("Stalled", ConditionStatus.True, Reason.ManualRollback)) {
            // Asked for while nothing could be done, and done only now.
            request("retry");
            untilQuiet();
        }
        assertThat(flow.told("Ready", "Synced", "Available", "Degraded"))
                .as("all is well again, and a retry was requested: %s", this)
                .containsExactly(
                        "Ready=True/Verified",
                        "Synced=True/InSync",
                        "Available=True/Passing",
                        "Degraded=False/NotDegraded");
        ServiceDeploymentSpec spec = spec();
        assertThat(flow.fleet.hosts())
                .filteredOn(host -> host.answers()
                        && List.copyOf(host.running.values())
                                .equals(List.of(spec.containers().getFirst().image())))
                .as("hosts that run what is declared: %s", this)
                .hasSize(spec.scale());
        assertThat(flow.fleet.hosts())
                .filteredOn(host -> host.matches && host.state.equals("running") && host.current != null)
                .as("no other host runs anything: %s", this)
                .hasSize(spec.scale());
    }

    private ServiceDeploymentSpec spec() {
        return flow.manifest.resource(flow.store.status()).getSpec();
    }

    void edit(String pointer, String value) {
        flow.set(pointer, value);
    }

    void request(String what) {
        requests++;
        flow.annotate("lightkeeper.dev/%s-requested-at".formatted(what), String.valueOf(requests));
    }

    /** By another instance with the same tags. */
    void replace(int number) {
        flow.fleet.host("i-" + number).state = "terminated";
        flow.fleet.add("i-" + ++added);
    }

    /** The next command that comes to an end fares so on one of its hosts, and had no effect. */
    void once(HostOutcome outcome) {
        Deque<HostOutcome> left = new ArrayDeque<>(List.of(outcome));
        flow.fleet.unusually(id -> left.poll());
    }

    void answers(boolean does) {
        flow.fleet.answers(does);
    }

    void dieAt(int call, boolean effective) {
        flow.outside.watch(new Death(call, "", effective));
    }

    void otherLeaderAt(int call) {
        flow.outside.watch(new Outside.Watcher() {
            @Override
            public void before(int number, String name) {
                if (number == call) {
                    flow.outside.watchNoMore();
                    flow.takeOver(2);
                }
            }
        });
    }

    void away(Duration time) {
        flow.restartAfter(time);
    }

    private void pass(Duration time) {
        Instant end = flow.clock.instant().plus(time);
        while (!flow.nextRun().isAfter(end)) {
            step();
        }
        if (flow.clock.instant().isBefore(end)) {
            flow.clock.advance(Duration.between(flow.clock.instant(), end));
        }
    }

    private void step() {
        try {
            flow.step();
        } catch (Killed e) {
            flow.outside.watchNoMore();
            flow.restart();
        }
        assertThat(flow.offences()).as("%s", this).isEmpty();
    }

    private void untilQuiet() {
        Instant latest = flow.clock.instant().plus(CALMS_DOWN_IN);
        int quiet = 0;
        while (quiet < QUIET_LOOKS) {
            ServiceDeploymentStatus before = flow.store.status();
            int sent = flow.calls().size();
            step();
            boolean same = flow.store.status().equals(before) && flow.calls().size() == sent && isOver(before);
            quiet = same ? quiet + 1 : 0;
            assertThat(flow.clock.instant())
                    .as("it does not come to rest: %s", this)
                    .isBefore(latest);
        }
    }

    /** What is still under way is no rest, even if it says the same for a while. */
    private static boolean isOver(ServiceDeploymentStatus status) {
        boolean waits = status.conditions().stream()
                .anyMatch(told -> told.type().equals("Stalled")
                        || told.reason().equals(Reason.ScaleMismatch.name())
                        || told.message().contains("nothing is done about it")
                        || (told.type().equals("Suspended") && told.status() == ConditionStatus.True));
        return waits || (status.operation() == null && status.rollout() == null);
    }

    private void heal() {
        calm = true;
        flow.fleet.cureAll();
        flow.fleet.hosts().forEach(host -> host.dirty = false);
        long running = flow.fleet.hosts().stream()
                .filter(host -> host.matches && host.state.equals("running"))
                .count();
        for (long missing = spec().scale() - running; missing > 0; missing--) {
            flow.fleet.add("i-" + ++added);
        }
        edit("/suspend", "false");
        edit("/driftPolicy", "Correct");
        request("retry");
    }

    @Override
    public String toString() {
        return "%s%n%s%n%s".formatted(calm ? "healed" : "playing", flow.fleet.running(), Objects.toString(flow));
    }
}
