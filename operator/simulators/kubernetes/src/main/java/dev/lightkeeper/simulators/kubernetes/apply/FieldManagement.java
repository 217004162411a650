package dev.lightkeeper.simulators.kubernetes.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.apply.Ownership.Entry;
import dev.lightkeeper.simulators.kubernetes.apply.Ownership.Manager;
import dev.lightkeeper.simulators.kubernetes.schema.StructuralSchema;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps {@code metadata.managedFields}. No call changes its arguments. */
public final class FieldManagement {
    private static final FieldSet NEVER_OWNED = FieldSet.ofFields(
            "apiVersion",
            "kind",
            "metadata",
            "metadata.name",
            "metadata.namespace",
            "metadata.creationTimestamp",
            "metadata.selfLink",
            "metadata.uid",
            "metadata.clusterName",
            "metadata.generation",
            "metadata.managedFields",
            "metadata.resourceVersion");

    private FieldManagement() {}

    /**
     * Who writes, and where.
     *
     * @param manager             field manager
     * @param apiVersion          version that the writer speaks, for example {@code lightkeeper.dev/v1alpha1}
     * @param subresource         {@code status} or {@code scale}; empty for the object itself
     * @param time                of the write; truncated to seconds in managedFields
     * @param statusIsSubresource whether a write to the object itself leaves its status alone
     */
    public record Writer(
            String manager, String apiVersion, String subresource, Instant time, boolean statusIsSubresource) {
        /** A writer of a kind whose status, if it has one, is a subresource. */
        public Writer(String manager, String apiVersion, String subresource, Instant time) {
            this(manager, apiVersion, subresource, time, true);
        }

        private FieldSet ignored() {
            return switch (subresource) {
                case "status" -> FieldSet.ofFields("metadata", "spec");
                case "" -> statusIsSubresource ? FieldSet.ofFields("status") : FieldSet.empty();
                default -> FieldSet.empty();
            };
        }

        private Instant second() {
            return time.truncatedTo(ChronoUnit.SECONDS);
        }
    }

    /**
     * Server-side apply. What the endpoint must not change (the status, or all but the status) is as in the live object.
     *
     * @param live    the stored object; null when there is none
     * @param applied what the client sent, without managedFields
     * @param force   takes over what others own
     * @return the object to store, defaulted, with its managedFields; equal to {@code live} when nothing changes
     * @throws ApplyRefused when {@code applied} does not fit the schema
     */
    public static ObjectNode apply(
            @Nullable ObjectNode live, ObjectNode applied, Writer writer, boolean force, StructuralSchema schema)
            throws ApplyConflict {
        FieldType type = FieldType.ofObjects(schema.openApi());
        Configuration.check(applied, type);
        ObjectNode configuration = withoutManagedFields(applied);
        if (configuration.path("metadata").path("creationTimestamp").isNull()) {
            // What Go clients send for none; it leaves the one that there is.
            configuration.withObjectProperty("metadata").remove("creationTimestamp");
        }
        ObjectNode before = live == null ? applied.objectNode() : withoutManagedFields(live);
        Ownership ownership = Ownership.parse(managedFields(live))
                .orElseThrow(() -> new ApplyRefused(500, "failed to decode managed fields"));
        if (ownership.isEmpty()) {
            recordUpdate(ownership, Comparison.of(applied.objectNode(), before, type), "before-first-apply", writer);
        }
        Manager manager = Manager.applier(writer);
        Entry last = ownership.entries().get(manager);
        FieldSet fields = Comparison.fieldsOf(configuration, type).minusTrees(writer.ignored());
        ownership.put(manager, new Entry(writer.apiVersion(), fields, last == null ? null : last.time()));
        ObjectNode merged = prune(Merge.of(before, configuration, type), last, ownership.all(), type);

        Comparison comparison = Comparison.of(before, merged, type).minusTrees(writer.ignored());
        if (!force) {
            refuseConflicts(ownership, comparison, manager, LastApplied.agreed(before, writer, type));
        }
        ownership.take(comparison, manager);
        Instant time = Values.same(before, merged) ? (last == null ? null : last.time()) : writer.second();
        ownership.put(manager, new Entry(writer.apiVersion(), fields.minus(NEVER_OWNED), time));

        ObjectNode result = keepIgnored(before, merged, writer);
        LastApplied.renew(result, configuration, writer);
        schema.applyDefaults(result);
        return settled(live, result, ownership);
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
        Ownership ownership = ownershipToUpdate(live, updated, writer);
        ObjectNode result = withoutManagedFields(updated);
        ObjectMetadata.dropEmptyFields(result);
        if (ownership.isEmpty() && live != null) {
            return result;
        }
        FieldType type = FieldType.ofObjects(schema.openApi());
        ObjectNode before = live == null ? updated.objectNode() : withoutManagedFields(live);
        Comparison comparison;
        try {
            comparison = Comparison.of(before, result, type);
        } catch (IllegalArgumentException e) {
            // An item that has no place in its list: nobody comes to own it, and to refuse it is up to validation.
            return settled(live, result, Ownership.parse(managedFields(live)).orElseGet(Ownership::new));
        }
        recordUpdate(ownership, comparison, writer.manager(), writer);
        ownership.forgetOldUpdaters();
        return settled(live, result, ownership);
    }

    /**
     * Ownership after a write to the scale subresource: only the number of replicas can change hands. As on a real
     * server, nobody comes to own it so when nobody owned it before, nor when it is 0; an entry that a scale leaves
     * behind has no time, and an updater that keeps the number gets an entry of its own for it.
     *
     * @param writer       with the apiVersion of the scaled object
     * @param replicasPath the CRD's {@code specReplicasPath}, for example {@code .spec.replicas}
     */
    public static ObjectNode updateScale(ObjectNode live, ObjectNode updated, Writer writer, String replicasPath) {
        Ownership ownership = Ownership.parse(managedFields(live)).orElseGet(Ownership::new);
        ObjectNode result = withoutManagedFields(updated);
        FieldSet replicas = FieldSet.ofFields(replicasPath.substring(1));
        FieldSet changed = Comparison.of(withoutManagedFields(live), result, FieldType.DEDUCED)
                .changed()
                .intersection(replicas);
        String pointer = replicasPath.replace('.', '/');
        boolean goesOver = !ownership.all().intersection(replicas).isEmpty()
                && !changed.isEmpty()
                && result.at(pointer).asInt() != 0;
        Entry inScale = new Entry(writer.apiVersion(), replicas, null);
        Map.copyOf(ownership.entries()).forEach((manager, entry) -> {
            boolean owns = !entry.fields().intersection(replicas).isEmpty();
            if (owns && !(manager.applies() && changed.isEmpty())) {
                ownership.put(manager, entry.withFields(entry.fields().minus(replicas)));
                if (changed.isEmpty()) {
                    ownership.put(manager.inScale(), inScale);
                }
            }
        });
        if (goesOver) {
            ownership.put(Manager.updater(writer.manager(), writer).inScale(), inScale);
        }
        return settled(live, result, ownership);
    }

    private static void recordUpdate(Ownership ownership, Comparison comparison, String name, Writer writer) {
        Comparison counted = comparison.minusTrees(writer.ignored());
        Manager manager = Manager.updater(name, writer);
        Entry previous = ownership.entries().get(manager);
        ownership.take(counted, null);
        FieldSet taken = counted.changed().minus(NEVER_OWNED);
        if (!taken.isEmpty()) {
            FieldSet kept =
                    previous == null ? FieldSet.empty() : previous.fields().minus(counted.removed());
            ownership.put(manager, new Entry(writer.apiVersion(), kept.union(taken), writer.second()));
        }
    }

    private static Ownership ownershipToUpdate(@Nullable ObjectNode live, ObjectNode updated, Writer writer) {
        JsonNode sent = managedFields(updated);
        Optional<Ownership> stored = Ownership.parse(managedFields(live));
        if (!writer.subresource().isEmpty()) {
            return stored.orElseGet(Ownership::new);
        }
        boolean empty = sent.isArray() && sent.isEmpty() && !isCustom(writer.apiVersion());
        if (empty || (sent.size() == 1 && sent.get(0).isEmpty())) {
            return new Ownership();
        }
        return Ownership.parse(sent)
                .filter(ownership -> !ownership.isEmpty())
                .or(() -> stored)
                .orElseGet(Ownership::new);
    }

    // An empty list gets lost when kube-apiserver reads a custom object, and so keeps what there is.
    private static boolean isCustom(String apiVersion) {
        String group = apiVersion.substring(0, Math.max(0, apiVersion.indexOf('/')));
        return group.contains(".") && !group.endsWith(".k8s.io");
    }

    /** Takes out what the applier had applied, does not apply any more, and nobody else owns. */
    private static ObjectNode prune(ObjectNode merged, @Nullable Entry last, FieldSet owned, FieldType type) {
        if (last == null) {
            return merged;
        }
        FieldSet had = last.fields().withDeclaredParents(type);
        FieldSet all = Comparison.fieldsOf(merged, type).withDeclaredParents(type);
        FieldSet left = fieldsLeft(merged, had, type).union(owned.withDeclaredParents(type));
        FieldSet kept = fieldsLeft(merged, all.minus(left), type);
        return (ObjectNode) Merge.without(merged, all.minus(kept).intersection(had), type);
    }

    private static FieldSet fieldsLeft(ObjectNode object, FieldSet removed, FieldType type) {
        return Comparison.fieldsOf(Merge.without(object, removed, type), type).withDeclaredParents(type);
    }

    private static void refuseConflicts(Ownership ownership, Comparison comparison, Manager applier, FieldSet agreed)
            throws ApplyConflict {
        List<ApplyConflict.Conflict> conflicts = new ArrayList<>();
        StringBuilder groups = new StringBuilder();
        FieldSet changed = comparison.changed().minus(agreed);
        List<Map.Entry<Manager, Entry>> others =
                new ArrayList<>(ownership.entries().entrySet());
        others.removeIf(other -> other.getKey().equals(applier));
        others.sort(Comparator.comparing(other -> other.getKey().sortKey()));
        for (Map.Entry<Manager, Entry> other : others) {
            String with = other.getKey().describe();
            List<List<PathElement>> paths =
                    other.getValue().fields().intersection(changed).paths();
            groups.append(paths.isEmpty() ? "" : "\nconflicts with %s:".formatted(with));
            for (List<PathElement> path : paths) {
                String field = PathElement.print(path);
                groups.append("\n- ").append(field);
                conflicts.add(new ApplyConflict.Conflict(field, "conflict with " + with));
            }
        }
        if (conflicts.size() == 1) {
            ApplyConflict.Conflict only = conflicts.getFirst();
            throw new ApplyConflict(
                    "Apply failed with 1 conflict: %s: %s".formatted(only.message(), only.field()), conflicts);
        }
        if (!conflicts.isEmpty()) {
            throw new ApplyConflict(
                    "Apply failed with %d conflicts: %s".formatted(conflicts.size(), groups.substring(1)), conflicts);
        }
    }

    private static ObjectNode keepIgnored(ObjectNode before, ObjectNode merged, Writer writer) {
        if (writer.subresource().equals("status")) {
            return withField(before.deepCopy(), "status", merged.get("status"));
        }
        return writer.subresource().isEmpty() && writer.statusIsSubresource()
                ? withField(merged.deepCopy(), "status", before.get("status"))
                : merged.deepCopy();
    }

    private static ObjectNode withField(ObjectNode object, String field, @Nullable JsonNode value) {
        if (value == null) {
            object.remove(field);
        } else {
            object.set(field, value.deepCopy());
        }
        return object;
    }

    /** A write that changes nothing but times changes nothing at all. */
    private static ObjectNode settled(@Nullable ObjectNode live, ObjectNode result, Ownership ownership) {
        ObjectMetadata.dropEmptyFields(result);
        ArrayNode managedFields = ownership.toJson();
        if (live != null
                && Values.same(withoutManagedFields(live), result)
                && Values.same(withoutTimes(managedFields(live)), withoutTimes(managedFields))) {
            return live.deepCopy();
        }
        if (!managedFields.isEmpty()) {
            result.withObjectProperty("metadata").set("managedFields", managedFields);
        }
        return result;
    }

    private static JsonNode withoutTimes(JsonNode managedFields) {
        ArrayNode timeless = JsonNodeFactory.instance.arrayNode();
        managedFields.forEach(entry -> timeless.add(((ObjectNode) entry.deepCopy()).without("time")));
        return timeless;
    }

    private static JsonNode managedFields(@Nullable ObjectNode object) {
        return object == null
                ? MissingNode.getInstance()
                : object.path("metadata").path("managedFields");
    }

    private static ObjectNode withoutManagedFields(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        if (copy.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove("managedFields");
        }
        return copy;
    }
}
