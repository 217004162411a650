package dev.lightkeeper.simulators.kubernetes.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * RFC 6902 with the liberties that kube-apiserver's library takes: {@code replace} of a key that is not there adds it,
 * {@code test} of one against null succeeds, and negative indices count from the end.
 */
final class JsonPatch {
    private static final int MOST_OPERATIONS = 10_000;

    private JsonNode document;

    private JsonPatch(JsonNode document) {
        this.document = document;
    }

    static ObjectNode apply(ObjectNode object, ArrayNode operations) throws PatchFailure {
        if (operations.size() > MOST_OPERATIONS) {
            throw new PatchFailure(
                    413,
                    "Request entity too large: The allowed maximum operations in a JSON patch is %d, got %d"
                            .formatted(MOST_OPERATIONS, operations.size()));
        }
        JsonPatch patch = new JsonPatch(object.deepCopy());
        for (JsonNode operation : operations) {
            patch.apply(operation);
        }
        if (patch.document instanceof ObjectNode result) {
            return result;
        }
        throw doesNotFit();
    }

    private void apply(JsonNode operation) throws PatchFailure {
        JsonNode value = operation.path("value").isMissingNode()
                ? NullNode.getInstance()
                : operation.get("value").deepCopy();
        switch (operation.path("op").asText()) {
            case "add" -> at(operation, "path").add(value);
            case "remove" -> at(operation, "path").remove();
            case "replace" -> replace(operation, value);
            case "move" -> {
                Place from = at(operation, "from");
                JsonNode moved = from.get();
                from.remove();
                at(operation, "path").add(moved);
            }
            case "copy" -> {
                JsonNode copied = at(operation, "from").get().deepCopy();
                at(operation, "path").add(copied);
            }
            case "test" -> test(operation, value);
            default -> throw doesNotFit();
        }
    }

    private void replace(JsonNode operation, JsonNode value) throws PatchFailure {
        if (operation.path("path").asText("?").isEmpty()) {
            document = value;
        } else {
            at(operation, "path").replace(value);
        }
    }

    private void test(JsonNode operation, JsonNode value) throws PatchFailure {
        JsonNode actual = operation.path("path").asText("?").isEmpty()
                ? document
                : at(operation, "path").get();
        if (!actual.equals((left, right) -> sameScalar(left, right) ? 0 : 1, value)) {
            throw doesNotFit();
        }
    }

    // 1 and 1.0 differ there, but how Jackson stores a 1 must not matter.
    private static boolean sameScalar(JsonNode left, JsonNode right) {
        return left.getNodeType() == right.getNodeType() && left.asText().equals(right.asText());
    }

    private Place at(JsonNode operation, String pointerField) throws PatchFailure {
        JsonNode pointer = operation.path(pointerField);
        if (!pointer.isTextual()) {
            throw doesNotFit();
        }
        List<String> tokens = List.of(pointer.asText().split("/", -1));
        if (tokens.size() < 2) {
            throw doesNotFit();
        }
        JsonNode container = document;
        for (String token : tokens.subList(1, tokens.size() - 1)) {
            container = new Place(container, unescape(token)).get();
        }
        if (!container.isContainerNode()) {
            throw doesNotFit();
        }
        return new Place(container, unescape(tokens.getLast()));
    }

    private static String unescape(String token) {
        return token.replace("~1", "/").replace("~0", "~");
    }

    /** kube-apiserver tells no more than this. */
    private static PatchFailure doesNotFit() {
        return new PatchFailure(422, "the server rejected our request due to an error in our request");
    }

    /** One key of an object or one index of a list. */
    private record Place(JsonNode container, String key) {
        JsonNode get() throws PatchFailure {
            return switch (container) {
                case ArrayNode list -> list.get(index(list.size()));
                case ObjectNode object -> object.has(key) ? object.get(key) : NullNode.getInstance();
                default -> throw doesNotFit();
            };
        }

        void add(JsonNode value) throws PatchFailure {
            switch (container) {
                case ArrayNode list when key.equals("-") -> list.add(value);
                case ArrayNode list -> list.insert(index(list.size() + 1), value);
                case ObjectNode object -> object.set(key, value);
                default -> throw doesNotFit();
            }
        }

        void replace(JsonNode value) throws PatchFailure {
            switch (container) {
                case ArrayNode list -> list.set(index(list.size()), value);
                case ObjectNode object -> object.set(key, value);
                default -> throw doesNotFit();
            }
        }

        void remove() throws PatchFailure {
            JsonNode removed = switch (container) {
                case ArrayNode list -> list.remove(index(list.size()));
                case ObjectNode object -> object.remove(key);
                default -> null;
            };
            if (removed == null) {
                throw doesNotFit();
            }
        }

        private int index(int size) throws PatchFailure {
            int index;
            try {
                index = Integer.parseInt(key);
            } catch (NumberFormatException e) {
                throw doesNotFit();
            }
            if (index >= size || index < -size) {
                throw doesNotFit();
            }
            return index < 0 ? index + size : index;
        }
    }
}
