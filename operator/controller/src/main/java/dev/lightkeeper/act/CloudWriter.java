package dev.lightkeeper.act;

import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.plan.Action;
import org.jspecify.annotations.Nullable;

/** The mutations of one target. Each method is one AWS call (tags: two), never repeated by the SDK. */
public interface CloudWriter {
    /** Does it, once. Remote faults come back as values. */
    Answer apply(DesiredState desired, Action action);

    /** What AWS said. */
    sealed interface Answer {
        /**
         * Accepted.
         *
         * @param arn of the service, null where the call does not tell
         * @param version of the new deployment, null where there is none
         * @param commandId of what was sent to hosts, null where nothing was
         */
        record Accepted(
                @Nullable String arn,
                @Nullable Integer version,
                @Nullable String commandId) implements Answer {
            /** Accepted by a service, rather than sent to hosts. */
            public Accepted(@Nullable String arn, @Nullable Integer version) {
                this(arn, version, null);
            }
        }

        /** Not accepted, or unknown. */
        record Refused(Failure failure) implements Answer {}
    }
}
