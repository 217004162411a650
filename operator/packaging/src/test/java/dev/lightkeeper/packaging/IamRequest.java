package dev.lightkeeper.packaging;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * One authorization that AWS asks a policy for, with what its conditions can see. Knows the operators that our policies use,
 * and only statements that allow.
 *
 * @param requestTags those that the call sets, or for UntagResource those that it takes away
 * @param resourceTags those that the resource has; none while it is being made
 */
record IamRequest(String action, Map<String, String> requestTags, Map<String, String> resourceTags) {
    boolean allowedBy(JsonNode policy) {
        return stream(policy.path("Statement")).anyMatch(this::allowedByStatement);
    }

    private boolean allowedByStatement(JsonNode statement) {
        if (!statement.path("Effect").asText().equals("Allow")) {
            throw new IllegalArgumentException("only statements that allow are understood: " + statement);
        }
        return texts(statement.path("Action")).contains(action)
                && statement.path("Condition").properties().stream()
                        .allMatch(operator -> operator.getValue().properties().stream()
                                .allMatch(key -> holds(operator.getKey(), key.getKey(), texts(key.getValue()))));
    }

    private boolean holds(String operator, String key, Set<String> wanted) {
        List<String> values = values(key);
        return switch (operator) {
            case "StringEquals" -> !values.isEmpty() && wanted.containsAll(values);
            case "StringEqualsIfExists" -> wanted.containsAll(values);
            case "ForAllValues:StringNotEquals" -> values.stream().noneMatch(wanted::contains);
            case "Null" -> wanted.equals(Set.of(String.valueOf(values.isEmpty())));
            default -> throw new IllegalArgumentException(operator);
        };
    }

    private List<String> values(String key) {
        String tag = key.substring(key.indexOf('/') + 1);
        return switch (key.substring(0, Math.max(0, key.indexOf('/')))) {
            case "aws:RequestTag" -> Stream.ofNullable(requestTags.get(tag)).toList();
            case "aws:ResourceTag" -> Stream.ofNullable(resourceTags.get(tag)).toList();
            default -> {
                if (!key.equals("aws:TagKeys")) {
                    throw new IllegalArgumentException(key);
                }
                yield List.copyOf(requestTags.keySet());
            }
        };
    }

    private static Set<String> texts(JsonNode oneOrMore) {
        return oneOrMore.isTextual()
                ? Set.of(oneOrMore.asText())
                : stream(oneOrMore).map(JsonNode::asText).collect(Collectors.toSet());
    }

    private static Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }
}
