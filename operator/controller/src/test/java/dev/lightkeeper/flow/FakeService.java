package dev.lightkeeper.flow;

import dev.lightkeeper.desired.Content;
import dev.lightkeeper.desired.Digester;
import dev.lightkeeper.observe.LiveDeployment;
import dev.lightkeeper.observe.LiveService;
import dev.lightkeeper.observe.ServiceState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A container service with Lightsail's states: a failed deployment ends RUNNING with the old version, or READY with none. */
final class FakeService {
    private static final Duration CREATION = Duration.ofSeconds(60);
    private static final Duration UPDATE = Duration.ofSeconds(45);
    private static final Duration DELETION = Duration.ofSeconds(40);

    private final String arn;
    private final Map<String, String> tags;
    private final List<Version> versions = new ArrayList<>();
    private final Map<String, List<String>> domains = new HashMap<>();
    private ServiceState state = ServiceState.PENDING;
    private String power;
    private int scale;
    private boolean ecr;
    private boolean gone;
    private Instant restsAt;
    private @Nullable Version current;
    private @Nullable Version next;

    FakeService(int number, String power, int scale, Map<String, String> tags, Instant now) {
        this.arn = "arn:aws:lightsail:us-east-2:111122223333:ContainerService/uuid-" + number;
        this.power = power;
        this.scale = scale;
        this.tags = new HashMap<>(tags);
        restsAt = now.plus(CREATION);
    }

    private static final class Version {
        private final int number;
        private final Content content;
        private final Instant createdAt;
        private @Nullable Instant activeAt;
        private LiveDeployment.State state = LiveDeployment.State.ACTIVATING;

        Version(int number, Content content, Instant createdAt) {
            this.number = number;
            this.content = content;
            this.createdAt = createdAt;
        }

        LiveDeployment live(Digester digester) {
            Set<String> empty = new TreeSet<>();
            content.containers()
                    .forEach((name, its) -> its.environment().forEach((variable, value) -> {
                        if (value.isEmpty()) {
                            empty.add(name + "/" + variable);
                        }
                    }));
            return new LiveDeployment(number, state, content.digested(digester), content, empty, createdAt);
        }
    }

    void moveOn(Instant now, Set<String> failingImages) {
        if (state.acceptsChanges() || state == ServiceState.DISABLED || now.isBefore(restsAt)) {
            return;
        }
        Version arriving = next;
        if (state == ServiceState.DELETING) {
            gone = true;
        } else if (arriving != null) {
            boolean fails = arriving.content.images().values().stream().anyMatch(failingImages::contains);
            arriving.state = fails ? LiveDeployment.State.FAILED : LiveDeployment.State.ACTIVE;
            if (!fails) {
                if (current != null) {
                    current.state = LiveDeployment.State.INACTIVE;
                }
                current = arriving;
                arriving.activeAt = restsAt;
            }
            next = null;
        }
        state = current == null ? ServiceState.READY : ServiceState.RUNNING;
    }

    int deploy(Content content, Instant now, Duration activation) {
        return deploy(content, now, activation, Duration.ZERO);
    }

    int deploy(Content content, Instant now, Duration activation, Duration clockAhead) {
        Version version = new Version(versions.size() + 1, content, now.plus(clockAhead));
        versions.add(version);
        next = version;
        state = ServiceState.DEPLOYING;
        restsAt = now.plus(activation);
        return version.number;
    }

    /** Whether the newest deployment has that content and has not failed. */
    boolean hasJustDeployed(Content content) {
        return !versions.isEmpty()
                && versions.getLast().content.equals(content)
                && versions.getLast().state != LiveDeployment.State.FAILED;
    }

    /** Somebody deploys by hand and AWS makes it serve at once. */
    void serveNow(Content content, Instant now) {
        deploy(content, now, Duration.ZERO);
        moveOn(now, Set.of());
    }

    /** Somebody sets the scale by hand and AWS does it at once. */
    void scaleNow(int replicas) {
        scale = replicas;
    }

    /** Somebody sets the power by hand and AWS does it at once. */
    void powerNow(String by) {
        power = by;
    }

    void capacity(String newPower, int newScale, Instant now) {
        power = newPower;
        scale = newScale;
        updating(now);
    }

    /** Somebody sets the attached domains by hand and AWS does it at once. */
    void domainsNow(Map<String, List<String>> attached) {
        domains.clear();
        domains.putAll(attached);
    }

    Map<String, List<String>> domains() {
        return Map.copyOf(domains);
    }

    void access(Map<String, List<String>> newDomains, @Nullable Boolean newEcr, Instant now) {
        domains.putAll(newDomains);
        ecr = newEcr == null ? ecr : newEcr;
        updating(now);
    }

    private void updating(Instant now) {
        state = ServiceState.UPDATING;
        restsAt = now.plus(UPDATE);
    }

    void delete(Instant now) {
        state = ServiceState.DELETING;
        restsAt = now.plus(DELETION);
    }

    void disable() {
        state = ServiceState.DISABLED;
    }

    void enable() {
        state = current == null ? ServiceState.READY : ServiceState.RUNNING;
    }

    boolean isGone() {
        return gone;
    }

    String arn() {
        return arn;
    }

    ServiceState state() {
        return state;
    }

    int scale() {
        return scale;
    }

    String power() {
        return power;
    }

    Map<String, String> tags() {
        return tags;
    }

    /** What serves. */
    @Nullable
    Content content() {
        return current == null ? null : current.content;
    }

    /** The images that serve. */
    List<String> images() {
        return current == null
                ? List.of()
                : List.copyOf(current.content.images().values());
    }

    /** Since when it serves. */
    @Nullable
    Instant activeSince() {
        return current == null ? null : current.activeAt;
    }

    /** When the version of that number began to serve, if it ever did. */
    Optional<Instant> activeSince(int version) {
        return version > versions.size() ? Optional.empty() : Optional.ofNullable(versions.get(version - 1).activeAt);
    }

    int versions() {
        return versions.size();
    }

    List<LiveDeployment> deployments(Digester digester) {
        return versions.stream()
                .sorted(Comparator.comparingInt((Version version) -> version.number)
                        .reversed())
                .map(version -> version.live(digester))
                .toList();
    }

    LiveService live(Digester digester) {
        boolean inTransition = !state.acceptsChanges() && state != ServiceState.DISABLED;
        return new LiveService(
                arn,
                state,
                inTransition ? "CREATING_DEPLOYMENT" : null,
                power,
                scale,
                "https://api.example.com/",
                current == null ? null : current.live(digester),
                next == null ? null : next.live(digester),
                tags,
                domains,
                ecr,
                ecr ? "arn:aws:iam::1:role/puller" : null);
    }
}
