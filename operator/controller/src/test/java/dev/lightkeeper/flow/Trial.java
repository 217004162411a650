package dev.lightkeeper.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.desired.SecretText;
import dev.lightkeeper.flow.Application.Visit;
import dev.lightkeeper.verify.Prober.Answer;
import dev.lightkeeper.verify.Prober.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * One release from its declaration to the end, and what was told meanwhile. The words in which the cases of the catalogue
 * are written: declare, release, untilX, breaks, happens, lookOn.
 */
public final class Trial {
    static final String NEW = "example.com/api:2";
    private static final Duration MATURE = Duration.ofMinutes(10);
    private static final Duration AFTERWARDS = Duration.ofMinutes(40);

    final Flow flow = new Flow();
    private final Random random = new Random(7);
    private final boolean update;
    private final Map<String, Application> applications = new HashMap<>();
    private Consumer<Flow> given = flow -> {};
    private String image = NEW;
    private Journal journal = new Journal(flow);
    private Counted counted = Counted.ACTIVE;
    private Instant fault = Instant.EPOCH;
    private int versionsBefore;
    private int callsBefore;

    /**
     * A trial of a first deployment, or of an update of a release that was verified and has run for a while. What happens
     * by chance is the same in each.
     */
    Trial(boolean update) {
        this.update = update;
        applications.put(Manifest.IMAGE, Application.good());
        flow.chance = new Random(11);
        flow.prober.answers(this::answer);
        flow.cloud.log().startsWith(images -> application(images).firstLines());
        flow.restart();
    }

    /** From which moment seconds are counted. */
    public enum Counted {
        ACTIVE("ACTIVE"),
        FIRST_HOST("the first host"),
        DECLARED("declared"),
        FAULT("the fault");

        final String words;

        Counted(String words) {
            this.words = words;
        }
    }

    /** A change of the manifest that comes with the release. */
    record Change(String pointer, String yaml) {}

    static Change change(String pointer, String yaml) {
        return new Change(pointer, yaml);
    }

    private Application application(List<String> images) {
        return applications.getOrDefault(images.getFirst(), Application.good());
    }

    private Answer answer(Request request) {
        FakeService service = flow.cloud.service();
        Instant since = Objects.requireNonNull(service.activeSince());
        Map<String, String> variables = new TreeMap<>();
        service.content()
                .containers()
                .values()
                .forEach(container -> container
                        .environment()
                        .forEach((String name, SecretText value) -> variables.put(name, value.reveal())));
        Visit visit = new Visit(
                request,
                Duration.between(since, flow.clock.instant()),
                random.nextInt(service.scale()),
                random.nextDouble(),
                variables);
        return application(service.images()).answer(visit);
    }

    /** Is in the manifest from the beginning. */
    Trial declare(String pointer, String yaml) {
        flow.manifest.initially(pointer, yaml);
        return this;
    }

    /** Is so in the world when the release is declared. */
    Trial given(Consumer<Flow> state) {
        given = given.andThen(state);
        return this;
    }

    /** What is released is called so. */
    Trial named(String name) {
        image = name;
        return this;
    }

    /** What serves before behaves like that. */
    Trial running(Application before) {
        applications.put(Manifest.IMAGE, before);
        return this;
    }

    /** Declares a release that behaves like that, with these changes of the manifest beside its image. */
    Trial release(Application released, Change... changes) {
        applications.put(image, released);
        if (!released.activates()) {
            flow.cloud.cannotStart(image);
        }
        return edit(edited -> {
            for (Change change : changes) {
                flow.manifest.initially(change.pointer(), change.yaml());
            }
            if (update) {
                flow.set("/containers/0/image", image);
            } else {
                flow.manifest.initially("/containers/0/image", image);
            }
        });
    }

    /** Makes the release otherwise than by another image. */
    Trial edit(Consumer<Flow> change) {
        if (update) {
            flow.untilSteady().pass(MATURE);
            versionsBefore = flow.cloud.service().versions();
        }
        given.accept(flow);
        callsBefore = flow.cloud.audit().size();
        journal = new Journal(flow);
        fault = flow.clock.instant();
        change.accept(flow);
        return this;
    }

    Trial untilVerifying() {
        flow.until(() -> flow.store.status().rollout() != null
                && flow.cloud
                        .found()
                        .flatMap(it -> it.activeSince(versionsBefore + 1))
                        .isPresent());
        return this;
    }

    Trial untilVerified() {
        flow.untilReady();
        return this;
    }

    Trial untilSteady() {
        flow.untilSteady();
        return this;
    }

    Trial untilTakenBack() {
        flow.until("Stalled", ConditionStatus.True, Reason.RolledBack);
        return this;
    }

    /** What serves behaves like that from now on. */
    Trial breaks(Application broken) {
        applications.put(flow.cloud.service().images().getFirst(), broken);
        return faultNow();
    }

    /** The verified release behaves like that from now on, and when it comes back. */
    Trial breaksTheOld(Application broken) {
        applications.put(Manifest.IMAGE, broken);
        return this;
    }

    /** Something happens in the world. */
    Trial happens(Consumer<Flow> event) {
        event.accept(flow);
        return this;
    }

    /** Seconds are counted from now on, not from ACTIVE. */
    Trial faultNow() {
        counted = Counted.FAULT;
        fault = flow.clock.instant();
        return this;
    }

    Trial lookOn(Duration time) {
        flow.pass(time);
        return this;
    }

    /** Looks on for a while, and then for as long again, in which nothing may move any more. */
    Measured measure() {
        flow.pass(AFTERWARDS);
        assertRest();
        assertThat(flow.cloud.offences()).isEmpty();
        Optional<Instant> active = flow.cloud.found().flatMap(service -> service.activeSince(versionsBefore + 1));
        Counted from = counted == Counted.ACTIVE && active.isEmpty() ? Counted.DECLARED : counted;
        Instant zero = from == Counted.ACTIVE ? active.orElseThrow() : fault;
        Optional<Journal.Complaint> complaint = journal.firstComplaint(fault);
        return new Measured(
                from,
                complaint.map(Journal.Complaint::reason).orElse(""),
                complaint.map(it -> seconds(zero, it.at())),
                journal.rollbackOrdered().map(at -> seconds(zero, at)),
                journal.ready(zero).map(at -> seconds(zero, at)),
                flow.cloud.found().map(FakeService::images).orElse(List.of()),
                Scene.Seen.of(flow),
                journal.events(),
                journal.complaintsOfItsOwn(),
                journal.transitions(),
                journal.everDegraded(),
                flow.cloud.calls().subList(callsBefore, flow.cloud.calls().size()));
    }

    private void assertRest() {
        List<Condition> conditions = flow.store.status().conditions();
        int told = flow.events.size();
        int calls = flow.cloud.audit().size();
        Map<String, Integer> moved = journal.transitions();
        flow.pass(AFTERWARDS);
        assertThat(flow.store.status().conditions()).isEqualTo(conditions);
        assertThat(journal.transitions()).isEqualTo(moved);
        assertThat(flow.events).hasSize(told);
        assertThat(flow.cloud.audit()).hasSize(calls);
    }

    private static long seconds(Instant from, Instant to) {
        return Duration.between(from, to).toSeconds();
    }
}
