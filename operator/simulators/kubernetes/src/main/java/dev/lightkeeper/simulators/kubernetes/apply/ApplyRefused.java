package dev.lightkeeper.simulators.kubernetes.apply;

/** Something was applied that has no place in an object of its kind; no force helps. */
public final class ApplyRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /**
     * Names what is wrong.
     *
     * @param status HTTP status that kube-apiserver answers: 400, or 500 for what does not fit the schema
     */
    public ApplyRefused(int status, String message) {
        super(message);
        this.status = status;
    }

    /** HTTP status that kube-apiserver answers. */
    public int status() {
        return status;
    }
}
