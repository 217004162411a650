package dev.lightkeeper.simulators.kubernetes.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.schema.StructuralSchema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Keeps {@code metadata.managedFields}. Neither call changes its arguments. */
public final class FieldManagement {
    private FieldManagement() {}

    /**
     * Who writes, and where.
     *
     * @param manager     field manager
     * @param apiVersion  version that the writer speaks, for example {@code lightkeeper.dev/v1alpha1}
     * @param subresource {@code status} or {@code scale}; empty for the object itself
     * @param time        of the write; truncated to seconds in managedFields
     */
    public record Writer(String manager, String apiVersion, String subresource, Instant time) {}

    /**
     * Server-side apply.
     *
     * @param live    the stored object; null when there is none
     * @param applied what the client sent, without managedFields
     * @param force   takes over what others own
     * @return the object to store, with its managedFields; equal to {@code live} when nothing changes
     */
    public static ObjectNode apply(
            @Nullable ObjectNode live, ObjectNode applied, Writer writer, boolean force, StructuralSchema schema)
            throws ApplyConflict {
        return applied;
    }

    /**
     * Ownership after a create, a replace or a patch of another kind.
     *
     * @param live    the stored object before; null for a new one
     * @param updated the object after the change, defaulted and pruned
     * @return {@code updated} with the managedFields it has to be stored with
     */
    public static ObjectNode update(
            @Nullable ObjectNode live, ObjectNode updated, Writer writer, StructuralSchema schema) {
        return updated;
    }
}
