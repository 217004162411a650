package dev.lightkeeper.simulators.kubernetes.apply;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;

/** How the values of fields compare: numbers by their value, and all kinds in one order. */
final class Values {
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
}
