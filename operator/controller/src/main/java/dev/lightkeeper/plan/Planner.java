package dev.lightkeeper.plan;

import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.observe.LiveState;
import java.time.Duration;
import java.time.Instant;

/** Decides, in one place and without I/O, what has to be done. The same input gives the same plan. */
public final class Planner {
    private final Ownership ownership;
    private final Timings timings;

    /** Plans for the cluster that {@code ownership} names. */
    public Planner(Ownership ownership, Timings timings) {
        this.ownership = ownership;
        this.timings = timings;
    }

    /** Which cluster this operator works for. */
    public String clusterUid() {
        return ownership.clusterUid();
    }

    /** How long is waited before something is tried once more that only people can cure. */
    public Duration slowLook() {
        return timings.slowLook();
    }

    /** The plan for one run. */
    public Plan plan(DesiredState desired, LiveState live, History history, Instant now) {
        Draft draft = new Draft(desired, live, history, now, timings);
        Requests.take(draft);
        Clocks.apply(draft);
        HostRolls.note(draft);
        if (desired.absent()) {
            DeletionRules.apply(draft, ownership);
        } else if (PermissionRules.allow(draft) && ServiceRules.identify(draft, ownership)) {
            Comparison.apply(draft, ownership);
            if (HostRolls.advance(draft) && Settlement.settle(draft)) {
                Convergence.apply(draft, ownership);
            }
        }
        Standing.apply(draft);
        return draft.finish();
    }
}
