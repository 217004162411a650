package dev.lightkeeper.simulators.kubernetes.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.wire.GroupResource;
import org.jspecify.annotations.Nullable;

/**
 * One write, as watches see it.
 *
 * @param revision of the write
 * @param resource what was written
 * @param key      {@code namespace/name}, or {@code name} of a cluster-scoped object
 * @param before   null when the object is new
 * @param after    null when the object is gone
 */
public record Change(
        long revision,
        GroupResource resource,
        String key,
        @Nullable ObjectNode before,
        @Nullable ObjectNode after) {}
