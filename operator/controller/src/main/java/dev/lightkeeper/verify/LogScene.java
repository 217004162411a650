package dev.lightkeeper.verify;

import dev.lightkeeper.api.v1alpha1.RolloutStatus;
import dev.lightkeeper.observe.LiveDeployment;
import dev.lightkeeper.observe.LiveService;
import dev.lightkeeper.observe.Observed;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The version whose log is judged.
 *
 * @param createdAt when it was deployed, by AWS's clock: earlier lines are another version's
 * @param activeTime when it was first seen to be active, by our own
 * @param nodes how many nodes run it
 * @param onTrial whether it may still be found bad: it is in its rollout or bake time
 * @param began its rollout or deployment, whichever was later
 */
record LogScene(long version, Instant createdAt, Instant activeTime, int nodes, boolean onTrial, Instant began) {
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
        return new LogScene(
                version,
                created,
                active,
                service.scale(),
                rollout != null,
                started.isBefore(created) ? created : started);
    }
}
