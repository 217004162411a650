package dev.lightkeeper.reconcile;

import org.slf4j.MDC;

/** What every line of the log says during one run, besides what the framework says of the object. */
final class RunLog implements AutoCloseable {
    private static final String RUN = "reconcile.id";

    /** Set by whoever calls AWS, on the thread of the run. */
    private static final String AWS_REQUEST = "aws.requestId";

    private RunLog() {}

    /** From now on, on this thread, until it is closed. */
    static RunLog of(String run) {
        MDC.put(RUN, run);
        return new RunLog();
    }

    @Override
    public void close() {
        MDC.remove(RUN);
        MDC.remove(AWS_REQUEST);
    }
}
