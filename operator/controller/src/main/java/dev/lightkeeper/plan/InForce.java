package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.ForeignDeployment;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.observe.LiveDeployment;
import dev.lightkeeper.observe.LiveService;
import java.util.List;
import java.util.Optional;

/**
 * What runs against the revision in force, while nothing is known of the spec's release since something that it refers to is
 * missing or cannot be read. That is told; nothing is deployed meanwhile.
 */
final class InForce {
    private InForce() {}

    /** How what runs differs. On hosts, what is made up for host by host is not told of. */
    static List<Difference> differences(Draft draft, RevisionRecord record, LiveDeployment current) {
        List<Difference> found = Differences.between(record.content(), current.content());
        boolean named = !found.isEmpty() && ServiceRules.isOnHosts(draft);
        return (named ? HostRolls.differences(draft, record) : found)
                .stream()
                        .map(difference -> new Difference(
                                difference.reason(),
                                "held against revision %s, which is in force: %s"
                                        .formatted(record.number(), difference.message())))
                        .toList();
    }

    /** What the conditions have to say about that. */
    static void tell(Draft draft, LiveService service) {
        Optional<Difference> difference = Comparison.contentDifference(draft);
        if (difference.isEmpty() || FailureMemory.leavesDrift(draft)) {
            return;
        }
        String problem = draft.desired.problems().getFirst().message();
        Optional<LiveDeployment> left = Optional.ofNullable(service.current())
                .filter(current -> Convergence.isForeign(draft, current))
                .filter(current -> isLeft(draft, current));
        if (left.isPresent()) {
            draft.find(
                    Finding.Effect.STALLED_DEGRADED,
                    Reason.ForeignDeployment,
                    "version %d was deployed by somebody else, and the service is not known to have been healthy before; it may be a fix, so it is left as it is, in any case while this is so: %s"
                            .formatted(left.get().version(), problem));
        } else if (draft.failed == null) {
            drift(draft, difference.get(), problem);
        }
    }

    private static void drift(Draft draft, Difference difference, String problem) {
        if (draft.withheld(true).isPresent()) {
            Convergence.leave(draft, true, difference.reason(), difference.message());
        } else {
            draft.find(
                    Finding.Effect.WORKING_DEGRADED,
                    difference.reason(),
                    "%s; it is not corrected while this is so: %s".formatted(difference.message(), problem));
        }
    }

    /** Decided now, as long as it is known how the service was before; a retry that is requested decides it, too. */
    private static boolean isLeft(Draft draft, LiveDeployment current) {
        if (draft.retry) {
            draft.foreign = new ForeignDeployment((long) current.version(), true);
        }
        return !Convergence.seen(draft, current).readyBefore();
    }
}
