package dev.lightkeeper.simulators.kubernetes.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.apply.WriteSequences.Sequence;
import dev.lightkeeper.simulators.kubernetes.apply.WriteSequences.Write;
import dev.lightkeeper.simulators.kubernetes.patch.PatchFailure;
import dev.lightkeeper.simulators.kubernetes.patch.Patches;
import dev.lightkeeper.simulators.kubernetes.schema.StructuralSchema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a server does around the functions that are tested, and no more. */
final class PureServer {
    private static final Instant LATER = Instant.parse("2026-02-02T02:02:02.5Z");

    private static final List<String> NOT_SENT =
            List.of("managedFields", "creationTimestamp", "resourceVersion", "generation", "status");

    private final StructuralSchema schema;
    private final Sequence sequence;

    PureServer(StructuralSchema schema, Sequence sequence) {
        this.schema = schema;
        this.sequence = sequence;
    }

    /**
     * Makes one write.
     *
     * @param live   the object before it, null when there is none
     * @param stored what kube-apiserver stored; the defaults of built-in kinds are taken from it
     */
    Outcome write(Write write, JsonNode request, @Nullable ObjectNode live, @Nullable ObjectNode stored) {
        FieldManagement.Writer writer =
                new FieldManagement.Writer(write.by(), sequence.apiVersion(), write.on(), LATER);
        try {
            return switch (write.verb()) {
                case "apply" ->
                    ok(withDefaults(FieldManagement.apply(live, (ObjectNode) request, writer, write.force(), schema)));
                case "create" -> {
                    ObjectNode created = ((ObjectNode) request.deepCopy()).without("status");
                    yield ok(FieldManagement.update(null, completed(created, stored), writer, schema));
                }
                default -> update(write, request, live == null ? emptyObject() : live, stored, writer);
            };
        } catch (ApplyConflict e) {
            return failed(
                    409,
                    e.getMessage(),
                    e.conflicts().stream()
                            .map(conflict -> conflict.field() + ": " + conflict.message())
                            .toList());
        } catch (ApplyRefused e) {
            return failed(e.status(), e.getMessage(), List.of());
        } catch (PatchFailure e) {
            return failed(e.status(), e.getMessage(), List.of());
        }
    }

    private Outcome update(
            Write write, JsonNode request, ObjectNode live, @Nullable ObjectNode stored, FieldManagement.Writer writer)
            throws PatchFailure {
        if (write.on().equals("scale")) {
            String field = sequence.kind().equals("Thing") ? "scale" : "replicas";
            ObjectNode scaled = live.deepCopy();
            scaled.withObjectProperty("spec")
                    .set(field, IntNode.valueOf(request.at("/spec/replicas").asInt()));
            return ok(FieldManagement.updateScale(live, scaled, writer, ".spec." + field));
        }
        ObjectNode changed = switch (write.verb()) {
            case "put" -> (ObjectNode) request;
            case "merge" -> Patches.merge(live, request);
            case "json" -> Patches.json(live, request);
            default -> Patches.strategic(live, request, schema);
        };
        ObjectNode updated;
        if (write.on().equals("status")) {
            updated = live.deepCopy();
            replace(updated, "status", changed.get("status"));
            replace(
                    updated.withObjectProperty("metadata"),
                    "managedFields",
                    changed.path("metadata").get("managedFields"));
        } else {
            updated = changed.deepCopy();
            replace(updated, "status", live.get("status"));
        }
        return ok(FieldManagement.update(live, completed(updated, stored), writer, schema));
    }

    private ObjectNode completed(ObjectNode updated, @Nullable ObjectNode stored) {
        if (sequence.kind().equals("Thing") || stored == null) {
            return withDefaults(updated);
        }
        String missing = missing(updated, stored);
        if (missing != null) {
            throw new AssertionError("kube-apiserver has other content at " + missing + ": " + stored);
        }
        ObjectNode complete = stored.deepCopy();
        replace(
                complete.withObjectProperty("metadata"),
                "managedFields",
                updated.path("metadata").get("managedFields"));
        return complete;
    }

    /** The path of something that is not in the other in the same way, or null: a default may be, and only there. */
    static @Nullable String missing(JsonNode part, JsonNode whole) {
        if (part.isObject() && whole.isObject()) {
            for (Map.Entry<String, JsonNode> field : part.properties()) {
                if (!NOT_SENT.contains(field.getKey())) {
                    String below = missing(field.getValue(), whole.path(field.getKey()));
                    if (below != null) {
                        return "." + field.getKey() + below;
                    }
                }
            }
            return null;
        }
        if (part.isArray() && whole.isArray() && part.size() == whole.size()) {
            for (int i = 0; i < part.size(); i++) {
                String below = missing(part.get(i), whole.get(i));
                if (below != null) {
                    return "[" + i + "]" + below;
                }
            }
            return null;
        }
        boolean nothing = (part.isNull() || (part.isContainerNode() && part.isEmpty())) && whole.isMissingNode();
        return nothing || Values.same(part, whole) ? null : "";
    }

    // The only default of the CRD.
    private ObjectNode withDefaults(ObjectNode object) {
        if (sequence.kind().equals("Thing")) {
            object.at("/spec/ports").forEach(port -> {
                if (!port.has("protocol")) {
                    ((ObjectNode) port).put("protocol", "TCP");
                }
            });
        }
        return object;
    }

    private static void replace(ObjectNode object, String field, @Nullable JsonNode value) {
        if (value == null) {
            object.remove(field);
        } else {
            object.set(field, value.deepCopy());
        }
    }

    private static Outcome ok(ObjectNode object) {
        return new Outcome(200, object);
    }

    private static Outcome failed(int status, @Nullable String message, List<String> causes) {
        return new Outcome(status, Outcome.failure(status, String.valueOf(message), causes));
    }

    private static ObjectNode emptyObject() {
        return WriteSequences.JSON.createObjectNode();
    }
}
