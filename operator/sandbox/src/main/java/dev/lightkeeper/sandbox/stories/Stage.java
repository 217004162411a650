package dev.lightkeeper.sandbox.stories;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.plan.Timings;
import dev.lightkeeper.sandbox.Sightings;
import dev.lightkeeper.sandbox.Terminal;
import dev.lightkeeper.sandbox.World;
import dev.lightkeeper.simulators.aws.audit.AuditEntry;
import dev.lightkeeper.simulators.aws.lightsail.ContainerContent;
import dev.lightkeeper.simulators.aws.lightsail.RegionControl;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where a story is played: one service in a namespace of its own. */
final class Stage implements AutoCloseable {
    /** The resource of every story. */
    static final String NAME = "api";

    /** Within so long a release is judged: after the deadline of the template, and the time until AWS says ACTIVE. */
    static final Duration VERDICT = Duration.ofMinutes(4);

    private static final String REGION = "us-east-2";
    private static final String GROUND = "ground.yaml";
    private static final String ACCOUNT = "account.yaml";
    private static final String SECRET = "secret.yaml";
    // A story that comes true never waits so long; two busy cores are slow, and that is not what a story is about.
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int LAST_EVENTS = 10;
    private static final int ROUNDS = 20;

    private final World world;
    private final Terminal terminal;
    private final String namespace;
    private final Versions versions;
    private String account = "stories";
    private List<String> eventsBefore = List.of();
    private long auditedBefore;

    Stage(World world, Terminal terminal, String namespace) {
        this.world = world;
        this.terminal = terminal;
        this.namespace = namespace;
        this.versions = new Versions(world.sightings(), namespace, NAME);
    }

    /** Name of the service at AWS. */
    String service() {
        return namespace + "-api";
    }

    /** A stored image of the service. */
    String image(String labelAndNumber) {
        return ":" + service() + "." + labelAndNumber;
    }

    /** The machines of the service at EC2, past every API. */
    Hosts hosts() {
        return new Hosts(this, world.aws(), REGION);
    }

    /** Where the host script keeps the service. */
    String folderOnHosts() {
        return "var/lib/lightkeeper/%s.%s".formatted(namespace, NAME);
    }

    void tell(String sentence) {
        terminal.happened(Terminal.Tone.STRONG, "» " + sentence);
    }

    /** Past the API of AWS: other people's hands. */
    RegionControl lightsail() {
        return world.aws().in(REGION);
    }

    /** Pushes images of that label until the stored one of that reference is there; their numbers only count up. */
    void push(String label, String image) {
        String pushed = "";
        while (!pushed.equals(image)) {
            pushed = lightsail().registerImage(service(), label, null);
        }
    }

    /** Past the API of AWS: what images do, for those of this story only. */
    void nowAnswersAs(String image, String other) {
        world.aws().catalogue().put(image, world.aws().catalogue().behaviour(other));
    }

    /** Ends what {@link #nowAnswersAs} did. */
    void answersAgain(String image) {
        world.aws().catalogue().remove(image);
    }

    /** An account of AWS that is not the team's. */
    void otherAccount(String accountId, String accessKeyId) {
        world.aws().credentials().addKey(accountId, accessKeyId);
    }

    /**
     * Declares an AwsAccount of the story's own, whose keys are in a Secret, and uses it from now on.
     *
     * @param accessKeyId again with another one changes only the Secret
     */
    void useAccount(String name, String accessKeyId) {
        account = name;
        for (HasMetadata object : parse(ACCOUNT, Map.of("account", name, "key", accessKeyId))) {
            var _ = world.manifests().apply(object);
        }
    }

    /** Sets an annotation, as people do by {@code kubectl annotate}. */
    void annotate(String name, String value) {
        var _ = world.client()
                .resources(ServiceDeployment.class)
                .inNamespace(namespace)
                .withName(NAME)
                .edit(found -> {
                    found.getMetadata().getAnnotations().put(name, value);
                    return found;
                });
    }

    /** Makes a Secret of one key, or changes its value. */
    void secret(String name, String key, String value) {
        for (HasMetadata object : parse(SECRET, Map.of("name", name, "key", key, "value", value))) {
            var _ = world.manifests().apply(object);
        }
    }

    /** Applies namespace, account, ConfigMap and service. */
    void declare(Release declared) {
        for (HasMetadata object : manifests(declared)) {
            var _ = world.manifests().apply(object);
        }
    }

    /** The same, where the API server has to refuse it with these words. */
    void refused(Declared declared, String words) {
        try {
            declare(declared);
        } catch (KubernetesClientException e) {
            String message = String.valueOf(
                    e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage());
            if (!message.contains(words)) {
                throw new StoryBroken("a refusal that says \"%s\"".formatted(words), message);
            }
            terminal.happened(Terminal.Tone.GOOD, "The API server refuses it: " + message);
            return;
        }
        throw new StoryBroken("a refusal that says \"%s\"".formatted(words), "the API server accepts it");
    }

    private List<HasMetadata> manifests(Release declared) {
        Map<String, String> values = new HashMap<>(declared.placeholders());
        values.put("account", account);
        values.put("service", service());
        return Stream.concat(parse(GROUND, Map.of()).stream(), parse(declared.template(), values).stream())
                .toList();
    }

    private List<HasMetadata> parse(String template, Map<String, String> values) {
        try (InputStream file = Objects.requireNonNull(Stage.class.getResourceAsStream(template), template)) {
            String yaml = new String(file.readAllBytes(), UTF_8).replace("{namespace}", namespace);
            for (Map.Entry<String, String> value : values.entrySet()) {
                yaml = yaml.replace("{" + value.getKey() + "}", value.getValue());
            }
            return world.manifests().parse(new ByteArrayInputStream(yaml.getBytes(UTF_8)));
        } catch (IOException e) {
            throw new IllegalStateException(template, e);
        }
    }

    /** From here on only what happens later counts. */
    void fromNow() {
        versions.fromNow();
        auditedBefore = world.aws().audit().entries().size();
        eventsBefore = events();
    }

    /** Waits until it is Ready for its newest generation and nothing of a rollout is left. */
    void settles() throws InterruptedException {
        await(
                "Ready=True for its newest generation, in sync and baked",
                () -> versions.newest()
                        .filter(Stage::settled)
                        .filter(now -> Objects.equals(
                                generation(now), now.getMetadata().getGeneration()))
                        .isPresent());
    }

    /** Waits until no check has missed for so long that the operator takes other people's deployments for mistakes. */
    void isKnownToBeWell() throws InterruptedException {
        Misses misses = new Misses(world, namespace);
        Duration well = Timings.standard().divided(world.speed()).quietBefore();
        for (int i = 0; i < ROUNDS; i++) {
            double before = misses.counted();
            passes(well);
            if (misses.counted() == before) {
                return;
            }
        }
        throw new StoryBroken("%s without a missed check".formatted(well), "one in each of %d".formatted(ROUNDS));
    }

    /** Waits until it is Ready for its newest generation; the release may still be watched. */
    void proves(Declared declared) throws InterruptedException {
        await(
                "Ready=True with %s declared".formatted(declared.image()),
                () -> versions.newest()
                        .filter(Sightings::ready)
                        .filter(now -> declares(now, declared.image()))
                        .isPresent());
    }

    /** Waits until it is Stalled for that reason and nothing is under way any more. */
    void rests(Reason reason) throws InterruptedException {
        await(
                "Stalled=True with reason %s, and no rollout".formatted(reason),
                () -> versions.newest()
                        .filter(now ->
                                now.getStatus() != null && now.getStatus().rollout() == null)
                        .flatMap(now -> Sightings.condition(now, "Stalled"))
                        .filter(stalled -> reason.name().equals(stalled.reason()))
                        .isPresent());
    }

    /** Whether that version of the resource asks for the image. */
    static boolean declares(ServiceDeployment version, String image) {
        return version.getSpec().containers().getFirst().image().equals(image);
    }

    private @Nullable Long generation(ServiceDeployment now) {
        ServiceDeployment stored = world.client()
                .resources(ServiceDeployment.class)
                .inNamespace(namespace)
                .withName(NAME)
                .get();
        return stored == null
                ? now.getMetadata().getGeneration()
                : stored.getMetadata().getGeneration();
    }

    private static boolean settled(ServiceDeployment now) {
        return Sightings.ready(now)
                && Sightings.is(now, "Synced", ConditionStatus.True)
                && !Sightings.is(now, "Degraded", ConditionStatus.True)
                && !Sightings.is(now, "Stalled", ConditionStatus.True)
                && now.getStatus().rollout() == null
                && now.getStatus().updateRevision() != null
                && now.getStatus().updateRevision().equals(now.getStatus().lastVerifiedRevision());
    }

    /** Waits until the condition had that status and reason at some moment. */
    Condition sees(String type, ConditionStatus status, Reason reason) throws InterruptedException {
        return sees(type, status, reason, PATIENCE);
    }

    /** Waits for as long until the condition had that status and reason at some moment. */
    Condition sees(String type, ConditionStatus status, Reason reason, Duration patience) throws InterruptedException {
        await(
                "%s=%s with reason %s".formatted(type, status, reason),
                patience,
                () -> find(type, status, reason) != null);
        return Objects.requireNonNull(find(type, status, reason));
    }

    private @Nullable Condition find(String type, ConditionStatus status, Reason reason) {
        return versions.since().stream()
                .flatMap(version -> Sightings.condition(version, type).stream())
                .filter(condition ->
                        condition.status() == status && condition.reason().equals(reason.name()))
                .findFirst()
                .orElse(null);
    }

    /** The message has to name it. */
    void names(Condition condition, String words) {
        if (!condition.message().contains(words)) {
            throw new StoryBroken(
                    "a message of %s that names %s".formatted(condition.type(), words), condition.message());
        }
    }

    /** Nothing that was seen may have been so. */
    void never(String what, Predicate<ServiceDeployment> wrong) {
        if (versions.since().stream().anyMatch(wrong)) {
            throw new StoryBroken("that this never happens", what);
        }
    }

    /** Waits for an event of that reason. */
    void event(Reason reason) throws InterruptedException {
        await(
                "an event " + reason,
                () -> world.client().events().v1().events().inNamespace(namespace).list().getItems().stream()
                        .anyMatch(event -> reason.name().equals(event.getReason())));
    }

    /** Waits until these events were given, and no others; an event comes a moment after the status that it tells of. */
    void told(Reason... reasons) throws InterruptedException {
        List<String> wanted = Arrays.stream(reasons).map(Reason::name).sorted().toList();
        await("events " + wanted, () -> news().size() >= wanted.size());
        if (!news().equals(wanted)) {
            throw new StoryBroken("the events " + wanted, "the events " + news());
        }
    }

    private List<String> news() {
        List<String> news = new ArrayList<>(events());
        eventsBefore.forEach(news::remove);
        return news.stream().sorted().toList();
    }

    /** Whether the operator has acted on that value of an annotation. */
    boolean handled(String annotation, String value) {
        return versions.newest()
                .filter(now -> now.getStatus() != null
                        && value.equals(now.getStatus().handled().get(annotation)))
                .isPresent();
    }

    /** The reasons of all events of the resource, as often as they were given. */
    private List<String> events() {
        return world.client().v1().events().inNamespace(namespace).list().getItems().stream()
                .flatMap(event ->
                        Collections.nCopies(event.getCount() == null ? 1 : event.getCount(), event.getReason())
                                .stream())
                .toList();
    }

    /** Lets time pass. */
    void passes(Duration time) throws InterruptedException {
        Instant end = Instant.now().plus(time);
        await("the end of a pause", time.plus(PATIENCE), () -> Instant.now().isAfter(end));
    }

    /** Lets time pass in which nothing may be written to the resource, nothing told and nothing changed at AWS. */
    void staysQuietFor(Duration time) throws InterruptedException {
        fromNow();
        passes(time);
        int writes = versions.since().size();
        if (writes > 0) {
            throw new StoryBroken("no write while nothing happens", writes + " writes to the resource");
        }
        told();
        changedAwsBy();
    }

    /** AWS was asked by these credentials for nothing but these operations. */
    void askedAwsOnlyFor(String accountId, String... operations) {
        List<String> asked = world.aws().audit().entries().stream()
                .filter(entry -> accountId.equals(entry.account()))
                .map(AuditEntry::operation)
                .distinct()
                .toList();
        if (!List.of(operations).containsAll(asked)) {
            throw new StoryBroken("with the wrong credentials no call but " + List.of(operations), asked.toString());
        }
    }

    /** Waits until the service runs that image, active. */
    void runs(String image) throws InterruptedException {
        await(
                "%s running at AWS".formatted(image),
                () -> running()
                        .filter(container -> container.image().equals(image))
                        .isPresent());
    }

    /** Waits until the service runs that image, active, with that value of a variable. */
    void runs(String image, String variable, String value) throws InterruptedException {
        await(
                "%s running at AWS with the new value of %s".formatted(image, variable),
                () -> running()
                        .filter(container -> container.image().equals(image))
                        .filter(container ->
                                value.equals(container.environment().get(variable)))
                        .isPresent());
    }

    private Optional<ContainerContent> running() {
        Integer version = lightsail().service(service()).currentVersion();
        return version == null
                ? Optional.empty()
                : Optional.ofNullable(
                        lightsail().content(service(), version).containers().get(NAME));
    }

    /** The operator has changed AWS by exactly these calls. */
    void changedAwsBy(String... operations) {
        List<String> made = world.aws().audit().entries().stream()
                .skip(auditedBefore)
                .filter(AuditEntry::isMutation)
                .filter(entry -> service().equals(entry.target()))
                .map(AuditEntry::operation)
                .toList();
        if (!made.equals(List.of(operations))) {
            throw new StoryBroken("AWS changed by " + List.of(operations), "AWS changed by " + made);
        }
    }

    /** Waits for something. */
    void await(String what, BooleanSupplier wanted) throws InterruptedException {
        await(what, PATIENCE, wanted);
    }

    private void await(String what, Duration patience, BooleanSupplier wanted) throws InterruptedException {
        versions.await(what, patience, wanted);
    }

    /** All conditions and the latest events, a line each, for whoever has to find out why a story broke. */
    List<String> lastWords() {
        Stream<String> conditions = versions.newest().stream()
                .filter(now -> now.getStatus() != null)
                .flatMap(now -> now.getStatus().conditions().stream())
                .map(condition -> "  %s=%s  %s: %s"
                        .formatted(condition.type(), condition.status(), condition.reason(), condition.message()));
        Stream<String> events = world.client().events().v1().events().inNamespace(namespace).list().getItems().stream()
                .sorted(Comparator.comparing(event -> event.getMetadata().getCreationTimestamp()))
                .map(event -> "  event %s: %s".formatted(event.getReason(), event.getNote()))
                .toList()
                .reversed()
                .stream()
                .limit(LAST_EVENTS);
        return Stream.of(Stream.of("At last"), conditions, Stream.of("Events, latest first"), events)
                .flatMap(lines -> lines)
                .toList();
    }

    @Override
    public void close() {
        versions.close();
    }
}
