package dev.lightkeeper.simulators.aws.ec2;

import java.util.Locale;

/** State of an instance, with the code that AWS sends beside its name. */
public enum InstanceState {
    /** Launched or started, not yet running. */
    PENDING(0),
    /** It runs. */
    RUNNING(16),
    /** On its way to being terminated. */
    SHUTTING_DOWN(32),
    /** Gone; shown for about an hour. */
    TERMINATED(48),
    /** On its way to being stopped. */
    STOPPING(64),
    /** Stopped; it can be started. */
    STOPPED(80);

    private final int code;

    InstanceState(int code) {
        this.code = code;
    }

    /** {@return AWS's number} */
    public int code() {
        return code;
    }

    /** {@return the name on the wire, such as {@code shutting-down}} */
    public String wire() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
