package dev.lightkeeper.plan;

import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.DesiredState.ResourceIdentity;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whose a service is, by its tags.
 *
 * @param clusterUid the uid of the namespace kube-system, which names a cluster
 */
public record Ownership(String clusterUid) {
    /** Tag with the cluster's uid. */
    public static final String CLUSTER_TAG = "lightkeeper.dev/cluster";

    /** Tag with {@code namespace/name} of the owner. */
    public static final String OWNER_TAG = "lightkeeper.dev/owner";

    /** Tag that says the owner let go of the service, with value {@code true}. */
    public static final String RELEASED_TAG = "lightkeeper.dev/released";

    /** The relation of a service to a resource. */
    public enum Owner {
        /** Ours, also when we had released it before. */
        OURS,
        /** Nobody's: untagged, or released by another. */
        NOBODY,
        /** Another live owner's. */
        OTHER
    }

    /** Reads the tags of a service. */
    public Owner of(Map<String, String> tags, ResourceIdentity resource) {
        String cluster = tags.get(CLUSTER_TAG);
        String owner = tags.get(OWNER_TAG);
        if (clusterUid.equals(cluster) && resource.qualifiedName().equals(owner)) {
            return Owner.OURS;
        }
        return cluster == null || owner == null || "true".equals(tags.get(RELEASED_TAG)) ? Owner.NOBODY : Owner.OTHER;
    }

    /** Whether nothing says whose the service is or was. */
    public static boolean isUntagged(Map<String, String> tags) {
        return !tags.containsKey(CLUSTER_TAG) && !tags.containsKey(OWNER_TAG) && !tags.containsKey(RELEASED_TAG);
    }

    /** Names the owner that the tags tell, for a message. */
    static String describe(Map<String, String> tags) {
        return "%s of cluster %s".formatted(tags.get(OWNER_TAG), tags.get(CLUSTER_TAG));
    }

    /** The tags that a service of this resource carries: the user's and ours. */
    Map<String, String> tags(DesiredState desired) {
        Map<String, String> tags = new TreeMap<>(desired.tags());
        tags.put(CLUSTER_TAG, clusterUid);
        tags.put(OWNER_TAG, desired.resource().qualifiedName());
        return tags;
    }

    /** The tags that must not stay on a service that is kept: the mark of one that was let go. */
    static Set<String> toRemove(Map<String, String> tags) {
        return isReleased(tags) ? Set.of(RELEASED_TAG) : Set.of();
    }

    /** Whether the service was released and is to be taken back. */
    static boolean isReleased(Map<String, @Nullable String> tags) {
        return "true".equals(tags.get(RELEASED_TAG));
    }
}
