package dev.lightkeeper.simulators.kubernetes.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and writes metadata.managedFields. */
final class Ownership {
    private static final int MOST_UPDATERS = 10;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<Manager, Entry> entries = new LinkedHashMap<>();

    /**
     * Who has an entry.
     *
     * @param apiVersion empty for one that applies, which has one entry whatever version it speaks
     */
    record Manager(String name, boolean applies, String apiVersion, String subresource) {
        static Manager applier(FieldManagement.Writer writer) {
            return new Manager(name(writer.manager()), true, "", writer.subresource());
        }

        static Manager updater(String name, FieldManagement.Writer writer) {
            return new Manager(name(name), false, writer.apiVersion(), writer.subresource());
        }

        private static String name(String name) {
            return name.isEmpty() ? "unknown" : name;
        }

        /** The same one in the view of the scale subresource, which has an apiVersion of its own. */
        Manager inScale() {
            return applies ? this : new Manager(name, false, "autoscaling/v1", subresource);
        }

        /** How a conflict names it. */
        String describe() {
            return "\"" + name + "\""
                    + (subresource.isEmpty() ? "" : " with subresource \"" + subresource + "\"")
                    + (applies ? "" : " using " + apiVersion);
        }

        /** What kube-apiserver sorts managers by in its messages. */
        String sortKey() {
            ObjectNode key = JSON.createObjectNode().put("manager", name).put("operation", operation());
            if (!apiVersion.isEmpty()) {
                key.put("apiVersion", apiVersion);
            }
            if (!subresource.isEmpty()) {
                key.put("subresource", subresource);
            }
            return key.toString();
        }

        String operation() {
            return applies ? "Apply" : "Update";
        }
    }

    /**
     * What it owns.
     *
     * @param time null when it was never told
     */
    record Entry(
            String apiVersion, FieldSet fields, @Nullable Instant time) {
        Entry withFields(FieldSet others) {
            return new Entry(apiVersion, others, time);
        }

        private long seconds() {
            return time == null ? 0 : time.getEpochSecond();
        }
    }

    /** Empty when the managedFields are not valid. */
    static Optional<Ownership> parse(JsonNode managedFields) {
        Ownership ownership = new Ownership();
        try {
            for (JsonNode item : managedFields) {
                ownership.read(item);
            }
        } catch (IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
        return Optional.of(ownership);
    }

    private void read(JsonNode item) {
        String operation = item.path("operation").asText();
        String apiVersion = item.path("apiVersion").asText();
        boolean applies = operation.equals("Apply");
        if ((!applies && !operation.equals("Update"))
                || apiVersion.isEmpty()
                || !item.path("fieldsType").asText().equals("FieldsV1")) {
            throw new IllegalArgumentException("no valid entry: " + item);
        }
        Manager manager = new Manager(
                item.path("manager").asText(),
                applies,
                applies ? "" : apiVersion,
                item.path("subresource").asText());
        entries.put(
                manager,
                new Entry(
                        apiVersion,
                        FieldSet.parseRoot(item.path("fieldsV1")),
                        item.path("time").isTextual()
                                ? Instant.parse(item.path("time").asText())
                                : null));
    }

    ArrayNode toJson() {
        List<Map.Entry<Manager, Entry>> sorted = new ArrayList<>(entries.entrySet());
        sorted.sort(Comparator.<Map.Entry<Manager, Entry>, String>comparing(
                        entry -> entry.getKey().operation())
                .thenComparingLong(entry -> entry.getValue().seconds())
                .thenComparing(entry -> entry.getKey().name())
                .thenComparing(entry -> entry.getValue().apiVersion())
                .thenComparing(entry -> entry.getKey().subresource()));
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        sorted.forEach(entry -> json.add(toJson(entry.getKey(), entry.getValue())));
        return json;
    }

    private static ObjectNode toJson(Manager manager, Entry entry) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", entry.apiVersion())
                .put("fieldsType", "FieldsV1");
        json.set("fieldsV1", entry.fields().toJson());
        json.put("manager", manager.name()).put("operation", manager.operation());
        if (!manager.subresource().isEmpty()) {
            json.put("subresource", manager.subresource());
        }
        if (entry.time() != null) {
            json.put("time", entry.time().toString());
        }
        return json;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    Map<Manager, Entry> entries() {
        return entries;
    }

    /** All that anybody owns. */
    FieldSet all() {
        return entries.values().stream().map(Entry::fields).reduce(FieldSet.empty(), FieldSet::union);
    }

    /** Whoever owns nothing has no entry. */
    void put(Manager manager, Entry entry) {
        if (entry.fields().isEmpty()) {
            entries.remove(manager);
        } else {
            entries.put(manager, entry);
        }
    }

    /** What changed belongs to nobody else any more, and what is gone to nobody at all. */
    void take(Comparison comparison, @Nullable Manager except) {
        FieldSet taken = comparison.changed();
        Map.copyOf(entries).forEach((manager, entry) -> {
            if (!manager.equals(except)) {
                put(manager, entry.withFields(entry.fields().minus(taken).minus(comparison.removed())));
            }
        });
    }

    /** Joins the oldest entries of updaters, so that an object that many write does not grow for ever. */
    void forgetOldUpdaters() {
        List<Manager> updaters = new ArrayList<>(entries.keySet());
        updaters.removeIf(Manager::applies);
        updaters.sort(Comparator.<Manager>comparingLong(
                        manager -> entries.getOrDefault(manager, NOTHING).seconds())
                .thenComparing(Manager::sortKey));
        int surplus = updaters.size() - MOST_UPDATERS;
        Map<String, Manager> oldestOfVersion = new LinkedHashMap<>();
        for (Manager manager : updaters) {
            if (surplus <= 0) {
                return;
            }
            Manager oldest = oldestOfVersion.putIfAbsent(manager.apiVersion(), manager);
            if (oldest != null) {
                Manager ancient = new Manager("ancient-changes", false, manager.apiVersion(), "");
                Entry joined = entries.getOrDefault(ancient, entries.getOrDefault(oldest, NOTHING));
                entries.remove(oldest);
                Entry entry = entries.getOrDefault(manager, NOTHING);
                entries.remove(manager);
                entries.put(ancient, entry.withFields(entry.fields().union(joined.fields())));
                surplus--;
            }
        }
    }

    private static final Entry NOTHING = new Entry("", FieldSet.empty(), null);
}
