package dev.lightkeeper.simulators.aws.host;

import java.time.Duration;

/** Runs scripts as an SSM agent would on one instance. */
public interface Shell {
    /**
     * Runs a script under /bin/sh as that host's root; never throws for the script's failure.
     *
     * @param script the whole text
     * @param executionTimeout real time after which the script and all that it started is killed
     * @return what came of it
     */
    Execution run(String script, Duration executionTimeout);

    /**
     * What came of a script.
     *
     * @param exitCode its exit code; 137 when it was killed
     * @param standardOutput all of it, as UTF-8
     * @param standardError all of it, as UTF-8
     * @param timedOut whether it was killed because it took too long
     */
    record Execution(int exitCode, String standardOutput, String standardError, boolean timedOut) {}
}
