package dev.lightkeeper.verify;

import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.failure.Failure;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Reads what a service wrote, at each place where it writes: a container, a host, a stream. */
@FunctionalInterface
public interface LogSource {
    /**
     * What came of each place. Places that are left out are as if it were {@link Reading.NotNow}. Never throws for a fault
     * of AWS, of the network, of credentials or of a host.
     */
    Map<String, Reading> read(DesiredState desired, Wanted wanted);

    /**
     * What is to be read.
     *
     * @param since by place, from when on, by the clock of its lines
     * @param soon whether a verdict waits for it; otherwise it may be read together with what others want
     */
    record Wanted(SortedMap<String, Instant> since, boolean soon) {}

    /** What came of one place. */
    sealed interface Reading {
        /**
         * The log could be read.
         *
         * @param lines the oldest first
         * @param complete whether nothing that there was is left for the next time
         * @param host what the host told besides; null where it is no host's own log
         */
        record Lines(
                List<LogLine> lines,
                boolean complete,
                @Nullable OfHost host) implements Reading {
            public Lines {
                lines = List.copyOf(lines);
            }

            /** Lines that no host told. */
            public Lines(List<LogLine> lines, boolean complete) {
                this(lines, complete, null);
            }
        }

        /** Nothing is known of the log. */
        record Unreadable(Failure failure) implements Reading {}

        /** There is no such log, or it may not be read: somebody has to make it so. */
        record Missing(Failure failure) implements Reading {}

        /** It was not asked for, or is not answered yet. */
        record NotNow() implements Reading {}
    }

    /**
     * What a host told along with its lines.
     *
     * @param askedAt by our own clock: lines that were written later may not be among them
     * @param started when the release that runs was started there; null where the host does not know
     * @param cut whether older lines than these were left out for good
     */
    record OfHost(Instant askedAt, @Nullable Start started, boolean cut) {}

    /**
     * A start of a release on one host.
     *
     * @param at by the host's clock, as its lines are dated
     * @param seen the same by our own clock, at the latest
     */
    record Start(Instant at, Instant seen) {}
}
