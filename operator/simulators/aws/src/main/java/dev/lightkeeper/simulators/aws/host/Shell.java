package dev.lightkeeper.simulators.aws.host;

import java.time.Duration;

/** Runs scripts as an SSM agent would on one instance. */
public interface Shell {
    /**
     * Runs under /bin/sh as that host's root; never throws for the script's failure.
     *
     * @param script text of the script
     * @param executionTimeout how long it may take, in real time
     * @return what came of it
     */
    Execution run(String script, Duration executionTimeout);

    /**
     * What came of a script.
     *
     * @param exitCode of the shell; without meaning when it timed out
     * @param standardOutput whole
     * @param standardError whole
     * @param timedOut whether it was ended because it took too long
     */
    record Execution(int exitCode, String standardOutput, String standardError, boolean timedOut) {}
}
