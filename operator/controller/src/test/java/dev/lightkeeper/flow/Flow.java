package dev.lightkeeper.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.act.CloudWriter;
import dev.lightkeeper.act.Executor;
import dev.lightkeeper.api.v1alpha1.CheckResult;
import dev.lightkeeper.api.v1alpha1.CheckStatus;
import dev.lightkeeper.api.v1alpha1.CheckType;
import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Ec2Target;
import dev.lightkeeper.api.v1alpha1.Enforcement;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.aws.MovableClock;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.DesiredStep;
import dev.lightkeeper.desired.Digester;
import dev.lightkeeper.desired.ParameterStore;
import dev.lightkeeper.desired.References;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.observe.Observer;
import dev.lightkeeper.plan.Ownership;
import dev.lightkeeper.plan.Planner;
import dev.lightkeeper.plan.RevisionRecord;
import dev.lightkeeper.plan.Timings;
import dev.lightkeeper.probe.JacksonJsonReader;
import dev.lightkeeper.reconcile.Breaker;
import dev.lightkeeper.reconcile.Pipeline;
import dev.lightkeeper.reconcile.RunResult;
import dev.lightkeeper.reconcile.Trace;
import dev.lightkeeper.status.Notice;
import dev.lightkeeper.status.StatusStep;
import dev.lightkeeper.verify.Attempt;
import dev.lightkeeper.verify.Expectations;
import dev.lightkeeper.verify.HostProber;
import dev.lightkeeper.verify.LogSource;
import dev.lightkeeper.verify.Prober;
import dev.lightkeeper.verify.TryLedger;
import dev.lightkeeper.verify.Verifier;
import dev.lightkeeper.verify.Witnesses;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The real pipeline on a fake world with a clock that the test moves. What survives {@link #restart()} is what survives in
 * a cluster: the resource, its revisions and AWS. Every status and every event is linted.
 */
final class Flow {
    static final String CLUSTER = "cluster-uid";
    private static final int MOST_RUNS_AT_ONE_INSTANT = 12;

    final MovableClock clock = new MovableClock();
    final Digester digester = new Digester("0123456789abcdef".getBytes(UTF_8));
    final FakeCloud cloud = new FakeCloud(clock, digester);
    final FakeReferences references = new FakeReferences();
    final FakeParameters parameters = new FakeParameters();
    final FakeProber prober = new FakeProber(this::serving);
    final Manifest manifest = new Manifest();
    final FakeStore store = new FakeStore(digester);
    final Outside outside = new Outside();
    final List<Notice> events = new ArrayList<>();
    final List<String> excerpts = new ArrayList<>();
    final MeasuredProbes measured = new MeasuredProbes();

    /** Where a service on EC2 runs; null for one at Lightsail. */
    final FakeFleet fleet;

    Witnesses witnesses;
    Breaker breaker;

    /** What the AwsAccount says of automation to a new process. */
    Observed<Instant> automationStopped = new Observed.Absent<>();

    /** Jitter, where a test wants it. */
    UnaryOperator<Instant> spread = due -> due;

    /** What the repeat of a failed try lets pass: no turn, unless a test wants chance. */
    RandomGenerator chance = () -> 0L;

    private final StatusLinter linter = new StatusLinter(this::secretValues);
    private final StatusStep statusStep = new StatusStep();
    private Consumer<ServiceDeploymentStatus> truth = status -> {};
    private boolean released;
    private Instant driftHeldUntil;
    private Pipeline pipeline;
    private Instant nextRun = clock.instant();
    private Instant lastRun = Instant.EPOCH;
    private int runsAtThisInstant;
    private int runs;

    Flow() {
        this(0);
    }

    /** A service on two EC2 hosts. */
    static Flow onHosts() {
        return onHosts(2);
    }

    /** A service on so many EC2 hosts, i-1 and so on. */
    static Flow onHosts(int count) {
        return new Flow(count);
    }

    private Flow(int hosts) {
        fleet = hosts > 0 ? new FakeFleet(clock) : null;
        if (fleet != null) {
            manifest.onHosts();
            manifest.initially("/scale", String.valueOf(hosts)).initially("/minimumScale", String.valueOf(hosts));
            IntStream.rangeClosed(1, hosts).forEach(number -> fleet.add("i-" + number));
        }
        pipeline = newPipeline();
        store.onStatus((before, after) -> {
            linter.status(before, after, manifest.generation());
            assertThat(offences()).filteredOn(offence -> fleet != null).isEmpty();
            truth.accept(after);
        });
    }

    /** From now on every status that is written is held against what there is. */
    Flow holdToTheTruth() {
        truth = fleet == null ? new Truth(this)::told : new HostTruth(this)::told;
        return this;
    }

    private Pipeline newPipeline() {
        Timings timings = Timings.standard();
        witnesses = new Witnesses(timings.witnessValidity(), clock);
        cloud.onAnswer(witnesses::awsAnswered);
        breaker = new Breaker(account -> automationStopped, timings, clock);
        return new Pipeline(
                new DesiredStep(
                        outside.through(References.class, references),
                        outside.through(ParameterStore.class, parameters),
                        digester),
                outside.through(Observer.class, fleet == null ? cloud : fleet),
                new Planner(new Ownership(CLUSTER), timings),
                new Executor(
                        outside.through(CloudWriter.class, fleet == null ? cloud : fleet),
                        timings,
                        clock,
                        new Random(7)),
                new Verifier(
                        new Attempt(outside.through(Prober.class, prober), witnesses, chance),
                        new Expectations(new JacksonJsonReader()),
                        new TryLedger(100),
                        tries -> tries.forEach(Runnable::run),
                        timings,
                        clock,
                        new Random(11),
                        outside.through(LogSource.class, this::logs),
                        (resource, check, text) -> excerpts.add(check + ": " + text),
                        measured,
                        fleet == null ? HostProber.NONE : outside.through(HostProber.class, fleet)),
                statusStep,
                breaker,
                clock,
                driftHeldUntil,
                Trace.NONE);
    }

    /** The images that whoever asks from outside is answered by. */
    private List<String> serving() {
        return fleet == null
                ? cloud.found().map(FakeService::images).orElse(List.of())
                : fleet.hosts().stream()
                        .filter(host -> host.state.equals("running"))
                        .flatMap(host -> host.running.values().stream())
                        .toList();
    }

    private Map<String, LogSource.Reading> logs(DesiredState desired, LogSource.Wanted wanted) {
        Ec2Target target = desired.spec().ec2();
        return target != null && target.logGroup() == null
                ? fleet.log().read(desired, wanted)
                : cloud.log().read(desired, wanted);
    }

    /** The next mutating call of AWS fares like that. */
    Flow nextCall(FakeCloud.Fault fault) {
        cloud.nextCall(fault);
        return this;
    }

    /** A new process: everything that was only in memory is lost. */
    void restart() {
        cloud.forgetAbsence();
        pipeline = newPipeline();
        nextRun = clock.instant();
    }

    /** A new process after the operator was away for that long. */
    void restartAfter(Duration absence) {
        clock.advance(absence);
        driftHeldUntil = absence.compareTo(Timings.standard().absence()) < 0
                ? null
                : clock.instant().plus(Timings.standard().absence());
        restart();
    }

    /** Checks of so many other services of the account begin to fail, and so many others are well. */
    Flow othersFail(int failing, int well) {
        for (int i = 0; i < failing + well; i++) {
            breaker.seen(
                    manifest.resource(store.status()).getSpec(),
                    "other-" + i,
                    false,
                    List.of(readiness(CheckResult.Passing)),
                    List.of(readiness(i < well ? CheckResult.Passing : CheckResult.Failing)));
        }
        return this;
    }

    private static CheckStatus readiness(CheckResult result) {
        return new CheckStatus("readiness", CheckType.Readiness, Enforcement.Required, result, null, 1L, null);
    }

    /** Changes the manifest; a null value removes the member. The operator hears of it at once. */
    Flow set(String pointer, String yaml) {
        manifest.set(pointer, yaml);
        store.edited();
        nextRun = clock.instant();
        return this;
    }

    Flow annotate(String name, String value) {
        manifest.annotate(name, value);
        store.edited();
        nextRun = clock.instant();
        return this;
    }

    /** Marks the resource as deleted. */
    Flow delete() {
        manifest.delete(clock.instant());
        store.edited();
        nextRun = clock.instant();
        return this;
    }

    Instant nextRun() {
        return nextRun;
    }

    /** One run, now. */
    RunResult run() {
        if (store.status().conditions().isEmpty()) {
            firstSight();
        }
        Pipeline mine = pipeline;
        int mutationsBefore = mutationsMade();
        ServiceDeployment resource = outside.call("read resource", () -> manifest.resource(store.status()));
        FakeStore.Writes writes = store.open(outside);
        List<RevisionRecord> revisions =
                outside.call("list revisions", () -> resource.isMarkedForDeletion() ? List.of() : store.revisions());
        runs++;
        RunResult result = mine.run(resource, revisions, writes);
        boolean told = !result.abandoned() && tell(result, writes);
        if (mine != pipeline) {
            // Another process has taken over meanwhile, and goes by its own schedule.
            return result;
        }
        nextRun = told ? spread.apply(result.nextRun()) : clock.instant().plusMillis(500);
        int mutations = mutationsMade() - mutationsBefore;
        assertThat(mutations).as("mutations in one run").isLessThanOrEqualTo(1);
        if (told) {
            linter.events(result.told().notices(), mutations);
            events.addAll(result.told().notices());
        }
        return result;
    }

    /** What the operator did although it must not have. */
    List<String> offences() {
        return fleet == null ? cloud.offences() : fleet.offences();
    }

    /** What it changed, or told hosts, in words and in order. */
    List<String> calls() {
        return fleet == null ? cloud.calls() : List.copyOf(fleet.audit());
    }

    /** Faults of single calls that are still to come. */
    int faultsLeft() {
        return fleet == null ? cloud.faultsLeft() : fleet.faultsLeft();
    }

    private int mutationsMade() {
        return fleet == null ? cloud.audit().size() : fleet.mutations();
    }

    private boolean tell(RunResult result, FakeStore.Writes writes) {
        result.marks().forEach(writes::mark);
        if (!writes.write(result.told().status())) {
            return false;
        }
        if (result.released()) {
            outside.call("remove finalizer", () -> released = true);
        }
        return true;
    }

    /** Whether the resource is gone. */
    boolean isReleased() {
        return released;
    }

    /** A new process begins while another is in the middle of a run, and makes so many runs. */
    void takeOver(int runsAtOnce) {
        restart();
        for (int i = 0; i < runsAtOnce && !released; i++) {
            run();
        }
    }

    /** The write before anything is looked at. */
    void firstSight() {
        store.open(outside).write(statusStep.initial(store.status(), manifest.generation(), clock.instant()));
    }

    private Set<String> secretValues() {
        return Stream.concat(references.secretValues().stream(), parameters.secretValues())
                .collect(Collectors.toSet());
    }

    /** How often the pipeline was run. */
    int runs() {
        return runs;
    }

    /** Moves the clock to the next run and makes it. */
    RunResult step() {
        Instant now = clock.instant();
        if (nextRun.isAfter(now)) {
            clock.advance(Duration.between(now, nextRun));
        }
        runsAtThisInstant = clock.instant().equals(lastRun) ? runsAtThisInstant + 1 : 0;
        assertThat(runsAtThisInstant).as(() -> "runs without a pause: " + this).isLessThan(MOST_RUNS_AT_ONE_INSTANT);
        lastRun = clock.instant();
        return run();
    }

    /** Runs as the schedule says until it holds, for at most four hours. */
    Flow until(BooleanSupplier holds) {
        Instant latest = clock.instant().plus(Duration.ofHours(4));
        while (!holds.getAsBoolean()) {
            step();
            assertThat(clock.instant()).as(() -> "still not: " + this).isBefore(latest);
        }
        return this;
    }

    Flow until(String type, ConditionStatus status, Reason reason) {
        return until(() -> is(type, status, reason));
    }

    /** Until the current generation is Ready. */
    Flow untilReady() {
        return until(() -> is("Ready", ConditionStatus.True, Reason.Verified)
                && store.status().observedGeneration() == manifest.generation());
    }

    /** Until verified, baked and at rest. */
    Flow untilSteady() {
        untilReady();
        return until(() -> store.status().rollout() == null
                && store.status().operation() == null
                && condition("Reconciling").isEmpty());
    }

    /** Runs as the schedule says for that long. */
    Flow pass(Duration time) {
        Instant end = clock.instant().plus(time);
        while (!nextRun.isAfter(end)) {
            step();
        }
        clock.advance(Duration.between(clock.instant(), end));
        return this;
    }

    /** Ten more looks change nothing and tell nothing. */
    Flow assertQuiet() {
        ServiceDeploymentStatus before = store.status();
        int mutations = mutationsMade();
        int told = events.size();
        for (int i = 0; i < 10; i++) {
            step();
            assertThat(differences(before, store.status())).isEmpty();
        }
        assertThat(mutationsMade()).isEqualTo(mutations);
        assertThat(events).hasSize(told);
        return this;
    }

    private static List<String> differences(ServiceDeploymentStatus before, ServiceDeploymentStatus after) {
        List<String> differences = new ArrayList<>();
        for (RecordComponent component : ServiceDeploymentStatus.class.getRecordComponents()) {
            try {
                Object was = component.getAccessor().invoke(before);
                Object is = component.getAccessor().invoke(after);
                if (!Objects.equals(was, is)) {
                    differences.add("%s was %s, is %s".formatted(component.getName(), was, is));
                }
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
        return differences;
    }

    Optional<Condition> condition(String type) {
        return store.status().conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst();
    }

    boolean is(String type, ConditionStatus status, Reason reason) {
        return condition(type)
                .filter(condition ->
                        condition.status() == status && condition.reason().equals(reason.name()))
                .isPresent();
    }

    /** {@code type=Status/Reason} of each condition named, {@code type=-} where it is absent. */
    List<String> told(String... types) {
        List<String> told = new ArrayList<>();
        for (String type : types) {
            told.add(condition(type)
                    .map(condition -> "%s=%s/%s".formatted(type, condition.status(), condition.reason()))
                    .orElse(type + "=-"));
        }
        return told;
    }

    String message(String type) {
        return condition(type).map(Condition::message).orElse("");
    }

    @Override
    public String toString() {
        return "%s %s%nrollout %s%noperation %s%nfailed %s%nchecks %s%ncalls %s%nroll %s%nhosts %s"
                .formatted(
                        clock.instant(),
                        store.status().conditions().stream()
                                .map(c -> "%n  %s=%s %s: %s".formatted(c.type(), c.status(), c.reason(), c.message()))
                                .toList(),
                        store.status().rollout(),
                        store.status().operation(),
                        store.status().failed(),
                        store.status().checks(),
                        fleet == null ? cloud.calls() : fleet.audit(),
                        store.status().ec2(),
                        store.status().hosts());
    }
}
