package dev.lightkeeper.observe;

import java.util.List;

/** What became of a command on one host. */
public sealed interface HostOutcome {
    /** It has not ended. */
    record Running() implements HostOutcome {}

    /**
     * The script did what it was told.
     *
     * @param problems what a preflight found; empty when nothing stands in the way
     */
    record Done(List<HostProblem> problems) implements HostOutcome {
        public Done {
            problems = List.copyOf(problems);
        }
    }

    /** The script said no: its code and words. */
    record Failed(String code, String message) implements HostOutcome {}

    /** It never reached the host, for certain. */
    record NotRun(String why) implements HostOutcome {}

    /** Nobody knows: what the host itself tells later decides. */
    record MayHaveRun(String why) implements HostOutcome {}
}
