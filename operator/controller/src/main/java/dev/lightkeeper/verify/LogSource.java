package dev.lightkeeper.verify;

import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.failure.Failure;
import java.time.Instant;
import java.util.List;

/** Reads what a container of a service wrote. */
@FunctionalInterface
public interface LogSource {
    /**
     * The lines from {@code since} on, by the clock of AWS, the oldest first. Never throws for a fault of AWS, of the
     * network or of credentials.
     */
    Reading read(DesiredState desired, String container, Instant since);

    /** What came of it. */
    sealed interface Reading {
        /**
         * The log could be read.
         *
         * @param complete whether nothing that AWS had was left for the next time
         */
        record Lines(List<LogLine> lines, boolean complete) implements Reading {
            public Lines {
                lines = List.copyOf(lines);
            }
        }

        /** Nothing is known of the log. */
        record Unreadable(Failure failure) implements Reading {}

        /** It was not asked for, since others had to go first. */
        record NotNow() implements Reading {}
    }
}
