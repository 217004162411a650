package dev.lightkeeper.simulators.kubernetes.patch;

/** A patch that cannot be applied. */
public final class PatchFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    /**
     * Names what is wrong.
     *
     * @param status HTTP status that kube-apiserver answers: 400 for a patch it cannot read, 422 for one that does not fit
     */
    public PatchFailure(int status, String message) {
        super(message);
        this.status = status;
    }

    /** HTTP status that kube-apiserver answers. */
    public int status() {
        return status;
    }
}
