package dev.lightkeeper.simulators.kubernetes.wire;

/**
 * A resource without its version: what storage and messages go by.
 *
 * @param group    empty for the core group
 * @param resource plural, for example {@code configmaps}
 */
public record GroupResource(String group, String resource) {
    /** As kube-apiserver writes it, for example {@code servicedeployments.lightkeeper.dev}. */
    @Override
    public String toString() {
        return group.isEmpty() ? resource : resource + "." + group;
    }
}
