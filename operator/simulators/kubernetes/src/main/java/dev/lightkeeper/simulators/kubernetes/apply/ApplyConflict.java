package dev.lightkeeper.simulators.kubernetes.apply;

import java.util.List;

/** A server-side apply without force met fields of other managers. */
public final class ApplyConflict extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Conflict> conflicts;

    /** Names all conflicts, in kube-apiserver's order. */
    public ApplyConflict(String message, List<Conflict> conflicts) {
        super(message);
        this.conflicts = List.copyOf(conflicts);
    }

    /** For {@code status.details.causes}. */
    public List<Conflict> conflicts() {
        return conflicts;
    }

    /**
     * One field that another manager owns.
     *
     * @param field   path as kube-apiserver writes it, for example {@code .spec.scale}
     * @param message for example {@code conflict with "kubectl" using v1}
     */
    public record Conflict(String field, String message) {}
}
