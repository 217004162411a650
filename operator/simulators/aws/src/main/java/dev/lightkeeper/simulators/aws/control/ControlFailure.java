package dev.lightkeeper.simulators.aws.control;

/** A control request that cannot be done. */
final class ControlFailure extends RuntimeException {
    private final int status;

    ControlFailure(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }
}
