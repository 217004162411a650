package dev.lightkeeper.simulators.aws.ssm;

/** Status of a command on one instance, with the two members that AWS tells it in. */
enum InvocationStatus {
    PENDING("Pending", "Pending"),
    DELAYED("Delayed", "Delayed"),
    IN_PROGRESS("InProgress", "InProgress"),
    CANCELLING("Cancelling", "Cancelling"),
    SUCCESS("Success", "Success"),
    FAILED("Failed", "Failed"),
    CANCELLED("Cancelled", "Cancelled"),
    DELIVERY_TIMED_OUT("TimedOut", "DeliveryTimedOut"),
    EXECUTION_TIMED_OUT("TimedOut", "ExecutionTimedOut"),
    UNDELIVERABLE("Failed", "Undeliverable"),
    /** The command met too many errors elsewhere before it came to this instance. */
    TERMINATED("Cancelled", "Terminated"),
    ACCESS_DENIED("Failed", "AccessDenied");

    private final String status;
    private final String details;

    InvocationStatus(String status, String details) {
        this.status = status;
        this.details = details;
    }

    String status() {
        return status;
    }

    String details() {
        return details;
    }

    /** The status of the plugin, which knows fewer values. */
    String pluginStatus() {
        return switch (this) {
            case DELAYED -> "Pending";
            case CANCELLING -> "InProgress";
            default -> status;
        };
    }

    boolean isWaiting() {
        return this == PENDING || this == DELAYED;
    }

    boolean isRunning() {
        return this == IN_PROGRESS || this == CANCELLING;
    }

    boolean isOver() {
        return !isWaiting() && !isRunning();
    }

    /** Whether it counts towards MaxErrors; what never reached an instance does not. */
    boolean isError() {
        return this == FAILED || this == EXECUTION_TIMED_OUT || this == ACCESS_DENIED;
    }
}
