package dev.lightkeeper.simulators.kubernetes.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Items of a set, and keys of a list map, are unique. */
final class ListInvariants {
    private final List<FieldError> errors = new ArrayList<>();

    private ListInvariants() {}

    static List<FieldError> of(ObjectNode object, StructuralSchema schema) {
        ListInvariants invariants = new ListInvariants();
        invariants.check("", object, schema);
        return invariants.errors;
    }

    private void check(String path, JsonNode value, @Nullable StructuralSchema schema) {
        if (schema == null) {
            return;
        }
        if (value.isObject()) {
            value.properties().forEach(field -> {
                check(path + "[" + field.getKey() + "]", field.getValue(), schema.additionalProperties());
                String child = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
                check(child, field.getValue(), schema.property(field.getKey()));
            });
        } else if (value.isArray()) {
            switch (schema.listType()) {
                case "set" -> checkUnique(path, List.copyOf(values(value)));
                case "map" -> checkMap(path, value, schema.listMapKeys());
                default -> {}
            }
            for (int i = 0; i < value.size(); i++) {
                check(path + "[" + i + "]", value.get(i), schema.items());
            }
        }
    }

    private void checkMap(String path, JsonNode list, List<String> keyNames) {
        List<JsonNode> keys = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode item = list.get(i);
            if (!item.isObject() && !item.isNull()) {
                String detail = "must be an object for an array of list-type map";
                errors.add(FieldError.invalid(path + "[" + i + "]", item, detail));
                return;
            }
            ObjectNode key = JsonNodeFactory.instance.objectNode();
            keyNames.stream().filter(item::has).forEach(name -> key.set(name, item.get(name)));
            keys.add(key);
        }
        checkUnique(path, keys);
    }

    /** The second appearance is named, the third is not. */
    private void checkUnique(String path, List<JsonNode> values) {
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < values.size(); i++) {
            if (seen.merge(GoText.json(values.get(i)), 1, Integer::sum) == 2) {
                errors.add(FieldError.duplicate(path + "[" + i + "]", values.get(i)));
            }
        }
    }

    private static List<JsonNode> values(JsonNode list) {
        List<JsonNode> values = new ArrayList<>();
        list.forEach(values::add);
        return values;
    }
}
