package dev.lightkeeper.flow;

import dev.lightkeeper.act.CloudWriter;
import dev.lightkeeper.desired.Content;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.Digester;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.AccountCheck;
import dev.lightkeeper.observe.Costs;
import dev.lightkeeper.observe.LiveDeployment;
import dev.lightkeeper.observe.LiveService;
import dev.lightkeeper.observe.LiveState;
import dev.lightkeeper.observe.Look;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.observe.Observer;
import dev.lightkeeper.observe.ServiceState;
import dev.lightkeeper.plan.Action;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One account and region of Lightsail with at most one service, in memory. Time moves its states; what the operator changes
 * is in {@link #audit()}, what it changed although it must not have is in {@link #offences()}.
 */
final class FakeCloud implements Observer, CloudWriter {
    static final Failure UNREACHABLE = new Failure.Transient("Timeout", "AWS did not answer", false);
    private static final Duration ABSENCE_CONFIRMATION = Duration.ofSeconds(60);

    private final InstantSource clock;
    private final Digester digester;
    private final List<Mutation> audit = new ArrayList<>();
    private final List<String> offences = new ArrayList<>();
    private final Deque<Fault> faults = new ArrayDeque<>();
    private final Map<Class<? extends Action>, Fault> standingByKind = new HashMap<>();
    private final List<Instant> refusedAt = new ArrayList<>();
    private final TreeMap<Instant, LiveService> seen = new TreeMap<>();
    private UnaryOperator<Content> asActivated = UnaryOperator.identity();
    private final Set<String> storedImages = new TreeSet<>();
    private final Set<String> failingImages = new TreeSet<>();
    private AccountCheck account = new AccountCheck.Verified("111122223333", "us-east-2", true, true);
    private Costs costs = new Costs(
            new Observed.Present<>(Map.of(
                    "nano", BigDecimal.valueOf(7), "micro", BigDecimal.valueOf(10), "small", BigDecimal.valueOf(15))),
            null,
            Observed.notLooked());
    private Duration activation = Duration.ofSeconds(150);
    private Duration staleness = Duration.ZERO;
    private Duration ahead = Duration.ZERO;
    private @Nullable Fault standing;
    private final FakeLog log;
    private Runnable onAnswer = () -> {};
    private boolean answers = true;
    private boolean hidden;
    private boolean listsDeployments = true;
    private boolean listsImages = true;
    private int deploymentsListed = 50;
    private @Nullable FakeService service;
    private int services;
    private int looks;
    private @Nullable Instant firstAbsent;

    FakeCloud(InstantSource clock, Digester digester) {
        this.clock = clock;
        this.digester = digester;
        log = new FakeLog(clock);
    }

    /** What the service writes. */
    FakeLog log() {
        return log;
    }

    /**
     * One accepted change of AWS.
     *
     * @param repeats whether it deploys what the deployment before it did, and AWS did not fail that one
     */
    record Mutation(Instant at, String call, Action action, boolean repeats) {}

    /** What happens to the next mutating call. */
    sealed interface Fault {
        /** Nothing happens and nothing is answered. */
        record LostBefore() implements Fault {}

        /** It happens, but the answer is lost. */
        record LostAfter() implements Fault {}

        /** It is refused. */
        record Refuses(Failure failure) implements Fault {}
    }

    void nextCall(Fault fault) {
        faults.add(fault);
    }

    /** Every mutating call fares like that, until told otherwise; null: none does. */
    void refuses(@Nullable Fault always) {
        standing = always;
    }

    /** From now on every call of a kind fares like that; null ends it. */
    void refuses(Class<? extends Action> kind, @Nullable Fault always) {
        if (always == null) {
            standingByKind.remove(kind);
        } else {
            standingByKind.put(kind, always);
        }
    }

    /** When calls met {@link #refuses}. */
    List<Instant> refusedAt() {
        return List.copyOf(refusedAt);
    }

    /** Looks show services as they stood that long ago. */
    void staleFor(Duration age) {
        staleness = age;
    }

    /** AWS's clock is so much ahead of ours. */
    void clockAhead(Duration by) {
        ahead = by;
        log.clockAhead(by);
    }

    void account(AccountCheck check) {
        account = check;
    }

    /** Called when AWS answers a look. */
    void onAnswer(Runnable call) {
        onAnswer = call;
    }

    /** What services cost from now on. */
    void costs(Costs known) {
        costs = known;
    }

    /** The account's limit, and what its other services cost. */
    void limit(@Nullable Integer usd, String others) {
        costs = new Costs(costs.prices(), usd, new Observed.Present<>(new BigDecimal(others)));
    }

    /** Whether AWS says for a while that the service does not exist. */
    void hide(boolean does) {
        hidden = does;
    }

    /** Whether AWS answers reads at all. */
    void answers(boolean does) {
        answers = does;
    }

    void listsDeployments(boolean does) {
        listsDeployments = does;
    }

    /** Of older deployments AWS knows nothing any more. */
    void listsDeployments(int newest) {
        deploymentsListed = newest;
    }

    void listsImages(boolean does) {
        listsImages = does;
    }

    void activationTakes(Duration time) {
        activation = time;
    }

    /** Nothing becomes of the calls to come but what they ask for. */
    void noFaults() {
        faults.clear();
    }

    /** Deployments of this image end FAILED. */
    void cannotStart(String image) {
        failingImages.add(image);
    }

    /** Deployments of this image become active again. */
    void canStart(String image) {
        failingImages.remove(image);
    }

    /** What AWS makes of the content that it is sent. */
    void activates(UnaryOperator<Content> other) {
        asActivated = other;
    }

    /** Somebody deletes a stored image. */
    void unstore(String image) {
        storedImages.remove(image);
    }

    void store(String image) {
        storedImages.add(image);
    }

    List<Mutation> audit() {
        return List.copyOf(audit);
    }

    /** The names of the accepted calls, in order. */
    List<String> calls() {
        return audit.stream().map(Mutation::call).toList();
    }

    List<String> offences() {
        return List.copyOf(offences);
    }

    int looks() {
        return looks;
    }

    /** The service, moved on to now. */
    FakeService service() {
        return found().orElseThrow();
    }

    Optional<FakeService> found() {
        if (service != null) {
            service.moveOn(clock.instant(), failingImages);
            if (service.isGone()) {
                service = null;
            }
        }
        return Optional.ofNullable(service);
    }

    /** What an operator has in memory of an absence ends with it. */
    void forgetAbsence() {
        firstAbsent = null;
    }

    /** Faults of single calls that are still to come. */
    int faultsLeft() {
        return faults.size();
    }

    /** Somebody deletes the service by hand. */
    void remove() {
        service = null;
    }

    /** Somebody makes a service by hand. */
    FakeService make(String power, int scale, Map<String, String> tags) {
        service = new FakeService(++services, power, scale, tags, clock.instant());
        return service;
    }

    @Override
    public LiveState look(Look look) {
        looks++;
        boolean open = account instanceof AccountCheck.Verified verified && !verified.isElsewhereThan(look.pinned());
        if (!open || !answers) {
            Failure why = account instanceof AccountCheck.Unavailable(Failure failure, String ignored)
                    ? failure
                    : UNREACHABLE;
            return new LiveState(account, new Observed.Unknown<>(why), Observed.notLooked(), Observed.notLooked());
        }
        onAnswer.run();
        Optional<FakeService> there = hidden ? Optional.empty() : found();
        if (there.isEmpty()) {
            return new LiveState(account, absent(look), new Observed.Absent<>(), new Observed.Absent<>(), costs);
        }
        firstAbsent = null;
        return new LiveState(
                account,
                new Observed.Present<>(shown(there.get())),
                look.deployments() ? deployments(there.get()) : Observed.notLooked(),
                look.storedImages() ? images() : Observed.notLooked(),
                images(),
                costs);
    }

    /** The service as it stood when it was looked at last before the staleness; as it is, where nobody looked then. */
    private LiveService shown(FakeService there) {
        LiveService now = there.live(digester);
        seen.put(clock.instant(), now);
        Map.Entry<Instant, LiveService> then = seen.floorEntry(clock.instant().minus(staleness));
        return then == null ? now : then.getValue();
    }

    private Observed<LiveService> absent(Look look) {
        if (look.pinnedArn() == null) {
            return new Observed.Absent<>();
        }
        Instant first = firstAbsent == null ? clock.instant() : firstAbsent;
        firstAbsent = first;
        return clock.instant().isBefore(first.plus(ABSENCE_CONFIRMATION))
                ? new Observed.Unknown<>(new Failure.Transient("AbsenceNotConfirmed", "to be confirmed", false))
                : new Observed.Absent<>();
    }

    private Observed<List<LiveDeployment>> deployments(FakeService there) {
        return listsDeployments
                ? new Observed.Present<>(there.deployments(digester).stream()
                        .limit(deploymentsListed)
                        .toList())
                : new Observed.Unknown<>(UNREACHABLE);
    }

    private Observed<Set<String>> images() {
        return listsImages ? new Observed.Present<>(Set.copyOf(storedImages)) : new Observed.Unknown<>(UNREACHABLE);
    }

    @Override
    public Answer apply(DesiredState desired, Action action) {
        if (!(account instanceof AccountCheck.Verified)) {
            offences.add("called without a verified account: " + action.describe());
        }
        Fault fault = faults.poll();
        Fault always = standingByKind.getOrDefault(action.getClass(), standing);
        if (fault == null && always != null) {
            refusedAt.add(clock.instant());
            fault = always;
        }
        return switch (fault) {
            case null -> change(action);
            case Fault.LostBefore ignored -> lost();
            case Fault.LostAfter ignored -> {
                Answer unheard = change(action);
                if (unheard instanceof Answer.Refused) {
                    offences.add("refused although to be lost: " + action.describe());
                }
                yield lost();
            }
            case Fault.Refuses(Failure failure) -> new Answer.Refused(failure);
        };
    }

    private static Answer lost() {
        return new Answer.Refused(new Failure.Transient("Timeout", "no answer came", true));
    }

    private Answer change(Action action) {
        Optional<FakeService> there = found();
        if (action instanceof Action.CreateService create) {
            if (there.isPresent()) {
                return new Answer.Refused(new Failure.Terminal("NameExists", "the name is taken"));
            }
            Answer made = new Answer.Accepted(
                    make(create.power(), create.scale(), create.tags()).arn(), null);
            audit.add(new Mutation(clock.instant(), "create", action, false));
            return made;
        }
        if (there.isEmpty()) {
            return new Answer.Refused(new Failure.Terminal("NotFoundException", "there is no such service"));
        }
        FakeService changed = there.get();
        boolean takesTags = action instanceof Action.ChangeTags;
        boolean deletesDisabled = action instanceof Action.DeleteService && changed.state() == ServiceState.DISABLED;
        if (!takesTags && !deletesDisabled && !changed.state().acceptsChanges()) {
            offences.add("called while %s: %s".formatted(changed.state(), action.describe()));
            return new Answer.Refused(new Failure.Conflict("InvalidInput", "the service is " + changed.state()));
        }
        return changed(changed, action);
    }

    private Answer changed(FakeService changed, Action action) {
        Instant now = clock.instant();
        Integer version = null;
        boolean repeats = false;
        String call = "update";
        switch (action) {
            case Action.CreateService ignored -> throw new IllegalStateException("handled before");
            case Action.Deploy deploy -> {
                Content content = asActivated.apply(deploy.release().content());
                repeats = changed.hasJustDeployed(content);
                version = changed.deploy(content, now, activation, ahead);
                log.deployed(
                        version, changed.scale(), List.copyOf(content.images().values()));
                call = "deploy";
            }
            case Action.UpdateCapacity update -> changed.capacity(update.power(), update.scale(), now);
            case Action.UpdateAccess update -> changed.access(update.publicDomainNames(), update.ecrImagePuller(), now);
            case Action.ChangeTags change -> {
                changed.tags().putAll(change.set());
                change.remove().forEach(changed.tags()::remove);
                call = "tag";
            }
            case Action.CommandHosts ignored -> throw new IllegalStateException("no hosts here");
            case Action.DeleteService ignored -> {
                changed.delete(now);
                call = "delete";
            }
        }
        audit.add(new Mutation(now, call, action, repeats));
        return new Answer.Accepted(changed.arn(), version);
    }
}
