package dev.lightkeeper.simulators.kubernetes.apply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Comparator;

/** How the values of fields compare: numbers by their value, and all kinds in one order. */
final class Values {
    private static final String ESCAPED = "<>&\u2028\u2029";
    private static final ObjectMapper GO =
            JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();

    private Values() {}

    static boolean same(JsonNode left, JsonNode right) {
        return left.equals(Values::compare, right);
    }

    static int compare(JsonNode left, JsonNode right) {
        if (left.isNumber() && right.isNumber()) {
            return left.isIntegralNumber() && right.isIntegralNumber()
                    ? left.bigIntegerValue().compareTo(right.bigIntegerValue())
                    : Double.compare(left.doubleValue(), right.doubleValue());
        }
        if (left.isTextual() && right.isTextual()) {
            return left.textValue().compareTo(right.textValue());
        }
        if (left.isBoolean() && right.isBoolean()) {
            return Boolean.compare(left.booleanValue(), right.booleanValue());
        }
        return Comparator.comparingInt(Values::rank)
                .thenComparing(JsonNode::toString)
                .compare(left, right);
    }

    private static int rank(JsonNode value) {
        return switch (value.getNodeType()) {
            case NUMBER -> 0;
            case STRING -> 1;
            case BOOLEAN -> 2;
            case ARRAY -> 3;
            case OBJECT -> 4;
            default -> 5;
        };
    }

    /** As Go writes it, where the text matters: keys in order, and more characters escaped than JSON asks for. */
    static String goJson(JsonNode value) {
        StringBuilder text = new StringBuilder();
        try {
            GO.writeValueAsString(value)
                    .chars()
                    .forEach(c -> text.append(ESCAPED.indexOf(c) < 0 ? Character.toString(c) : "\\u%04x".formatted(c)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        return text.toString();
    }
}
