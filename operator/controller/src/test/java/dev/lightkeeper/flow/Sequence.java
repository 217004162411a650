package dev.lightkeeper.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.ServiceState;
import dev.lightkeeper.plan.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/** A world in which anything may happen, and what must hold in it whatever happens. */
final class Sequence {
    /** What may become of one call. */
    static final List<FakeCloud.Fault> FAULTS = List.of(
            new FakeCloud.Fault.LostBefore(),
            new FakeCloud.Fault.LostAfter(),
            new FakeCloud.Fault.Refuses(new Failure.Throttled("slow down")),
            new FakeCloud.Fault.Refuses(new Failure.Transient("503", "AWS has a bad day", false)),
            new FakeCloud.Fault.Refuses(new Failure.Conflict("InvalidInput", "busy")));

    /** Settling after an activation, three misses of readiness, and the looks in between. */
    private static final Duration DETECTION = Duration.ofMinutes(5);

    /** As long as AWS's silence may last before that is told. */
    private static final Duration SILENCE = Duration.ofMinutes(10);

    private static final List<String> POWERS = List.of("nano", "micro", "small");
    private static final int QUIET_LOOKS = 10;
    private static final Duration CALMS_DOWN_IN = Duration.ofHours(6);

    final Flow flow = new Flow();
    private final Truth truth = new Truth(flow);
    private int requests;
    private int restartsRequested;
    private int sameContent;
    private int mutationsSeen;
    private int otherLeaders;
    private boolean silent;
    private Instant silentUntil;
    private Instant staleUntil = Instant.EPOCH;
    private Duration staleness = Duration.ZERO;
    private Instant processBegan;
    private Instant wrongSince;
    private boolean calm;
    /** What a person did while the service was not healthy; null when there is nothing to protect. */
    private Incident incident;

    private record Incident(String content, String power, int scale, long generation, int requests) {}

    Sequence() {
        flow.manifest.initially("/rollout/bakeSeconds", "60").initially("/verification/deadlineSeconds", "180");
        flow.cloud.activationTakes(Duration.ofSeconds(60));
        silentUntil = flow.clock.instant();
        processBegan = flow.clock.instant();
    }

    /** Plays it, lets the faults end, and sees that all comes to rest and, once everything is well again, to Ready. */
    void play(List<Deed<Sequence>> deeds) {
        flow.untilSteady();
        mutationsSeen = flow.cloud.audit().size();
        for (Deed<Sequence> deed : deeds) {
            deed.doing().accept(this);
            pass(deed.then());
        }
        endFaults();
        untilQuiet();
        // What waits for half an hour, such as a scale raised by hand, is done by then.
        pass(Duration.ofMinutes(1));
        flow.clock.advance(Duration.ofMinutes(35));
        untilQuiet();
        heal();
        untilQuiet();
        if (flow.is("Stalled", ConditionStatus.True, Reason.ManualRollback)) {
            // Asked for while nothing could be done, and done only now.
            request("retry");
            untilQuiet();
        }
        assertThat(flow.told("Ready", "Synced"))
                .as("all is well again, and a retry was requested: %s", flow)
                .containsExactly("Ready=True/Verified", "Synced=True/InSync");
        assertThat(truth.contradictions(true)).isEmpty();
    }

    void edit(String pointer, String value) {
        flow.set(pointer, value);
    }

    void request(String what) {
        requests++;
        if (what.equals("restart")) {
            restartsRequested++;
        }
        flow.annotate("lightkeeper.dev/%s-requested-at".formatted(what), String.valueOf(requests));
    }

    void service(Consumer<FakeService> deed) {
        flow.cloud.found().filter(service -> service.state().acceptsChanges()).ifPresent(deed);
    }

    void enable() {
        flow.cloud
                .found()
                .filter(service -> service.state() == ServiceState.DISABLED)
                .ifPresent(FakeService::enable);
    }

    void deployByHand(String image, boolean atOnce) {
        service(service -> {
            if (service.content() == null) {
                return;
            }
            if (atOnce) {
                Contents.deployByHand(flow, image);
            } else {
                int _ = service.deploy(Contents.withImage(flow, image), flow.clock.instant(), Duration.ofSeconds(60));
            }
            protectInAnIncident(service);
        });
    }

    void scaleByHand(int scale) {
        service(service -> {
            boolean raised = scale > service.scale();
            service.scaleNow(scale);
            if (raised) {
                protectInAnIncident(service);
            }
        });
    }

    void powerByHand(String power) {
        service(service -> {
            service.powerNow(power);
            protectInAnIncident(service);
        });
    }

    /** What the operator has been told to do and has not done yet is no act of its own against a person. */
    private void protectInAnIncident(FakeService service) {
        ServiceDeploymentStatus status = flow.store.status();
        boolean healthy = status.conditions().getFirst().status() != ConditionStatus.False;
        boolean heard = status.observedGeneration() == flow.manifest.generation()
                && flow.manifest.resource(status).getMetadata().getAnnotations().entrySet().stream()
                        .allMatch(request ->
                                request.getValue().equals(status.handled().get(request.getKey())));
        boolean atWork = status.operation() != null || status.rollout() != null;
        if (!healthy && heard && !atWork) {
            incident = new Incident(
                    versions(service), service.power(), service.scale(), flow.manifest.generation(), requests);
        }
    }

    private static String versions(FakeService service) {
        return service.arn() + " " + service.versions();
    }

    void staleFor(Duration age) {
        staleness = age;
        staleUntil = flow.clock.instant();
        flow.cloud.staleFor(age);
    }

    void answers(boolean does) {
        silentUntil = flow.clock.instant();
        silent = !does;
        flow.cloud.answers(does);
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
                    otherLeaders++;
                    flow.takeOver(2);
                    processBegan = flow.clock.instant();
                }
            }
        });
    }

    void away(Duration time) {
        flow.restartAfter(time);
        processBegan = flow.clock.instant();
        wrongSince = null;
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
        ServiceDeploymentStatus before = flow.store.status();
        int scaleBefore = flow.cloud.found().map(FakeService::scale).orElse(0);
        try {
            flow.step();
        } catch (Killed e) {
            flow.outside.watchNoMore();
            flow.restart();
            processBegan = flow.clock.instant();
        }
        mutations(before, scaleBefore);
        readiness();
    }

    private void mutations(ServiceDeploymentStatus before, int scaleBefore) {
        List<FakeCloud.Mutation> audit = flow.cloud.audit();
        for (FakeCloud.Mutation mutation : audit.subList(mutationsSeen, audit.size())) {
            switch (mutation.action()) {
                case Action.Deploy deploy -> {
                    sameContent += mutation.repeats() ? 1 : 0;
                    assertThat(sameContent)
                            .as("deployments of what was deployed already: %s, %s", deploy.describe(), flow)
                            .isLessThanOrEqualTo(restartsRequested);
                    assertThat(isProtected())
                            .as("%s undoes what a person did in an incident; %s", deploy.describe(), flow)
                            .isFalse();
                }
                case Action.UpdateCapacity update -> {
                    int floor = Math.min(
                            scaleBefore,
                            flow.manifest.resource(before).getSpec().scale());
                    assertThat(update.scale())
                            .as("%s; %s", update.describe(), flow)
                            .isGreaterThanOrEqualTo(floor);
                    boolean degraded = before.conditions().stream()
                            .anyMatch(told -> told.type().equals("Degraded") && told.status() == ConditionStatus.True);
                    boolean undone = isProtected()
                            && degraded
                            && (update.scale() < incident.scale()
                                    || POWERS.indexOf(update.power()) < POWERS.indexOf(incident.power()));
                    assertThat(undone)
                            .as("%s undoes what a person did in an incident; %s", update.describe(), flow)
                            .isFalse();
                }
                default -> {}
            }
        }
        mutationsSeen = audit.size();
        assertThat(flow.cloud.offences())
                .filteredOn(offence -> !mayBeRefused(offence))
                .as("calls that could not but be refused: %s", flow)
                .isEmpty();
    }

    /** By stale reads, or where two act at once, without an intent; AWS refuses it. */
    private boolean mayBeRefused(String offence) {
        return otherLeaders > 0 || !staleUntil.equals(Instant.EPOCH) || offence.contains("to be lost");
    }

    private boolean isProtected() {
        Incident held = incident;
        return held != null
                && held.generation() == flow.manifest.generation()
                && held.requests() == requests
                && flow.cloud.found().isPresent();
    }

    /** Ready stands no longer than it takes to find out, and never for what is known to be otherwise. */
    private void readiness() {
        ServiceDeploymentStatus status = flow.store.status();
        boolean ready = status.conditions().getFirst().status() == ConditionStatus.True
                && status.observedGeneration() == flow.manifest.generation();
        List<String> wrong = ready ? truth.contradictions(false) : List.of();
        if (wrong.isEmpty()) {
            wrongSince = null;
            return;
        }
        Instant now = flow.clock.instant();
        wrongSince = wrongSince == null ? now : wrongSince;
        boolean inTheDark = silent || now.isBefore(silentUntil.plus(DETECTION));
        // A new process does not know how long the silence lasts already.
        Instant since = inTheDark && processBegan.isAfter(wrongSince) ? processBegan : wrongSince;
        Duration may = DETECTION.plus(staleness).plus(inTheDark ? SILENCE : Duration.ZERO);
        assertThat(now).as("Ready since long, but %s; %s", wrong, flow).isBeforeOrEqualTo(since.plus(may));
    }

    private void endFaults() {
        flow.outside.watchNoMore();
        flow.cloud.staleFor(Duration.ZERO);
        staleness = Duration.ZERO;
        flow.cloud.answers(true);
        silentUntil = flow.clock.instant();
        silent = false;
        flow.cloud.listsDeployments(true);
        flow.cloud.noFaults();
        flow.cloud.activationTakes(Duration.ofSeconds(60));
    }

    private void untilQuiet() {
        Instant latest = flow.clock.instant().plus(CALMS_DOWN_IN);
        int quiet = 0;
        while (quiet < QUIET_LOOKS) {
            ServiceDeploymentStatus before = flow.store.status();
            int mutations = flow.cloud.audit().size();
            step();
            boolean same =
                    flow.store.status().equals(before) && flow.cloud.audit().size() == mutations && isOver(before);
            quiet = same ? quiet + 1 : 0;
            assertThat(flow.clock.instant())
                    .as("it does not come to rest: %s", flow)
                    .isBefore(latest);
        }
    }

    /** What is still under way is no rest, even if it says the same for a while. */
    private static boolean isOver(ServiceDeploymentStatus status) {
        return isWaitingForPeople(status) || (status.operation() == null && status.rollout() == null);
    }

    private static boolean isWaitingForPeople(ServiceDeploymentStatus status) {
        return status.conditions().stream()
                .anyMatch(told -> told.type().equals("Stalled")
                        || (told.type().equals("Suspended") && told.status() == ConditionStatus.True));
    }

    private void heal() {
        calm = true;
        List.of(Manifest.IMAGE, "example.com/api:2", "example.com/api:3").forEach(image -> {
            flow.prober.cured(image);
            flow.cloud.canStart(image);
        });
        enable();
        edit("/suspend", "false");
        edit("/driftPolicy", "Correct");
        request("retry");
    }

    @Override
    public String toString() {
        return "%s%n%s".formatted(calm ? "healed" : "playing", Objects.toString(flow));
    }
}
