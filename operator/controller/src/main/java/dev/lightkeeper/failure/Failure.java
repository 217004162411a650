package dev.lightkeeper.failure;

/**
 * Why a call to a remote system did not do what was asked. Messages are safe to show: they name the action and AWS's
 * error code, never a value of the request.
 */
public sealed interface Failure {
    /** One sentence without time stamps, counters or values, fit for a condition message. */
    String message();

    /** The same call will fail again until the spec or the world changes. */
    record Terminal(String code, String message) implements Failure {}

    /**
     * May succeed later.
     *
     * @param effectUnknown the call may have taken effect although no answer said so (time-out, cut connection, 5xx)
     */
    record Transient(String code, String message, boolean effectUnknown) implements Failure {}

    /**
     * Refused for its rate. Nothing was changed.
     *
     * @param heldBack by the operator's own limits, so that nothing was sent
     */
    record Throttled(String message, boolean heldBack) implements Failure {
        /** By the remote system. */
        public Throttled(String message) {
            this(message, false);
        }
    }

    /** Refused because of the state of the resource (a transition runs, it is disabled). Nothing was changed. */
    record Conflict(String code, String message) implements Failure {}

    /**
     * Credentials or permissions are wrong. Nothing was changed.
     *
     * @param code AWS's, or the name of a reason that the account is not verified for
     * @param action the denied AWS action, such as {@code lightsail:CreateContainerService}
     */
    record Denied(String code, String action, String message) implements Failure {}
}
