package dev.lightkeeper.simulators.kubernetes.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with an object, as kube-apiserver tells it in {@code status.details.causes}.
 *
 * @param reason  the cause's reason, for example {@code FieldValueInvalid} or {@code FieldValueRequired}
 * @param field   path of the field, for example {@code spec.containers[0].image}; {@code <nil>} for the object itself
 * @param message the cause's whole message, for example {@code Invalid value: "x": spec.a in body should match '^a$'}
 */
public record FieldError(String reason, String field, String message) {
    private static FieldError of(String reason, String path, String message, @Nullable String detail) {
        return new FieldError(
                reason,
                path.isEmpty() ? "<nil>" : path,
                detail == null || detail.isEmpty() ? message : message + ": " + detail);
    }

    /** @param value null to leave it out of the message */
    static FieldError invalid(String path, @Nullable JsonNode value, String detail) {
        return of("FieldValueInvalid", path, withValue("Invalid value", value), detail);
    }

    static FieldError invalid(String path, String value, String detail) {
        return invalid(path, TextNode.valueOf(value), detail);
    }

    static FieldError typeInvalid(String path, String value, String detail) {
        return of("FieldValueTypeInvalid", path, withValue("Invalid value", TextNode.valueOf(value)), detail);
    }

    static FieldError required(String path, String detail) {
        return of("FieldValueRequired", path, "Required value", detail);
    }

    static FieldError forbidden(String path, String detail) {
        return of("FieldValueForbidden", path, "Forbidden", detail);
    }

    static FieldError duplicate(String path, @Nullable JsonNode value) {
        return of("FieldValueDuplicate", path, withValue("Duplicate value", value), null);
    }

    static FieldError notSupported(String path, JsonNode value, List<String> supported) {
        String values = supported.stream().map(GoText::quote).collect(Collectors.joining(", "));
        return of("FieldValueNotSupported", path, withValue("Unsupported value", value), "supported values: " + values);
    }

    static FieldError tooLong(String path, long max) {
        return of(
                "FieldValueTooLong", path, "Too long", "may not be more than " + max + (max == 1 ? " byte" : " bytes"));
    }

    static FieldError tooMany(String path, long actual, long max) {
        String detail = "must have at most " + max + (max == 1 ? " item" : " items");
        return of("FieldValueTooMany", path, "Too many: " + actual, detail);
    }

    private static String withValue(String type, @Nullable JsonNode value) {
        return value == null ? type : type + ": " + GoText.value(value);
    }
}
