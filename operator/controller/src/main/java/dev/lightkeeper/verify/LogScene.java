package dev.lightkeeper.verify;

import dev.lightkeeper.api.v1alpha1.Container;
import dev.lightkeeper.api.v1alpha1.Ec2Target;
import dev.lightkeeper.api.v1alpha1.HostStatus;
import dev.lightkeeper.api.v1alpha1.LogGroup;
import dev.lightkeeper.api.v1alpha1.RollKind;
import dev.lightkeeper.api.v1alpha1.RollStatus;
import dev.lightkeeper.api.v1alpha1.RolloutStatus;
import dev.lightkeeper.observe.LiveDeployment;
import dev.lightkeeper.observe.LiveService;
import dev.lightkeeper.observe.Observed;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The version whose log is judged.
 *
 * @param createdAt when it was deployed, by AWS's clock: earlier lines are another version's
 * @param activeTime when it was first seen to be active, by our own
 * @param nodes how many nodes write into one log
 * @param onTrial whether it may still be found bad: it is in its rollout or bake time
 * @param began its rollout or deployment, whichever was later
 * @param kind whose logs they are
 * @param places where the logs are, in their order
 * @param away hosts that run it and cannot be asked
 * @param unchanged those of them that this version was not started on: it had run there before
 */
record LogScene(
        long version,
        Instant createdAt,
        Instant activeTime,
        int nodes,
        boolean onTrial,
        Instant began,
        Kind kind,
        List<String> places,
        Set<String> away,
        Set<String> unchanged) {
    /** Whose logs they are. */
    enum Kind {
        /** Of the containers at Lightsail, each with the lines of all nodes. */
        CONTAINERS,
        /** Of the hosts, each with its own lines. */
        HOSTS,
        /** Of one stream with the lines of all hosts. */
        STREAM
    }

    /** Null while no version of ours serves, or while another one comes: then nodes that shut down write too. */
    static @Nullable LogScene of(Situation situation) {
        Long version = situation.version();
        Instant active = situation.memory().activeTime();
        if (version == null
                || active == null
                || situation.memory().isDeploying()
                || !(situation.live().ours(situation.memory().arn())
                        instanceof Observed.Present<LiveService>(LiveService service))) {
            return null;
        }
        LiveDeployment current = service.current();
        if (current == null || current.version() != version) {
            return null;
        }
        RolloutStatus rollout = situation.memory().rollout();
        Instant created = current.createdAt();
        Instant started = rollout == null ? created : Objects.requireNonNullElse(rollout.startedTime(), created);
        Ec2Target target = situation.desired().spec().ec2();
        LogGroup group = target == null ? null : target.logGroup();
        Kind kind = target == null ? Kind.CONTAINERS : group == null ? Kind.HOSTS : Kind.STREAM;
        return new LogScene(
                version,
                created,
                active,
                kind == Kind.CONTAINERS ? service.scale() : 1,
                rollout != null,
                started.isBefore(created) ? created : started,
                kind,
                switch (kind) {
                    case CONTAINERS ->
                        situation.desired().spec().containers().stream()
                                .map(Container::name)
                                .toList();
                    case HOSTS -> hosts(situation, "running").toList();
                    case STREAM -> List.of(stream(Objects.requireNonNull(group)));
                },
                kind == Kind.HOSTS ? hosts(situation, "unreachable").collect(Collectors.toUnmodifiableSet()) : Set.of(),
                kind == Kind.HOSTS ? unchanged(situation) : Set.of());
    }

    private static String stream(LogGroup group) {
        return group.stream() == null ? group.name() : "%s %s".formatted(group.name(), group.stream());
    }

    /** Those in that state that ought to run it. */
    private static Stream<String> hosts(Situation situation, String state) {
        return situation.memory().hosts().stream()
                .filter(host -> host.revision() != null && state.equals(host.state()))
                .map(HostStatus::instanceId);
    }

    /** A host that is only joined by others forgets how it came to the version. */
    private static Set<String> unchanged(Situation situation) {
        RollStatus roll = situation.memory().roll();
        return roll == null || roll.kind() == RollKind.Scale
                ? Set.of()
                : situation.memory().hosts().stream()
                        .filter(host -> host.step() == null)
                        .map(HostStatus::instanceId)
                        .collect(Collectors.toUnmodifiableSet());
    }

    /** Whose log it is, in a message; empty where there is only one. */
    String of(String place) {
        return kind == Kind.HOSTS ? "host %s: ".formatted(place) : "";
    }
}
