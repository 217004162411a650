package dev.lightkeeper.simulators.kubernetes.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What is wrong with a value and what is in it, in kube-openapi's words; the same words count once. */
final class ValueErrors {
    private final Map<String, Function<String, FieldError>> errors = new LinkedHashMap<>();
    private final String path;

    ValueErrors(String path) {
        this.path = path;
    }

    boolean isEmpty() {
        return errors.isEmpty();
    }

    /** As errors of an object in which this value stands at a path. */
    List<FieldError> below(String prefix) {
        return errors.values().stream().map(error -> error.apply(prefix)).toList();
    }

    void addAll(ValueErrors others) {
        others.errors.forEach(errors::putIfAbsent);
    }

    String inBody(String words) {
        return path + " in body " + words;
    }

    void invalid(JsonNode bad, String words) {
        add(inBody(words), field -> FieldError.invalid(field, bad, inBody(words)));
    }

    void wrongType(String expected, String actual) {
        String message = inBody("must be of type " + expected + ": " + GoText.quote(actual));
        add(message, field -> FieldError.typeInvalid(field, actual, message));
    }

    /** @param field which is missing, with the path of its object */
    void required(String field) {
        errors.putIfAbsent(field + " in body is required", prefix -> FieldError.required(fieldOf(prefix, field), ""));
    }

    /** An error that kube-openapi raises without a field: it is reported at the object itself. */
    void composite(String message) {
        errors.putIfAbsent(message, prefix -> FieldError.invalid(prefix, "", message));
    }

    void add(String message, Function<String, FieldError> error) {
        errors.putIfAbsent(message, prefix -> error.apply(fieldOf(prefix, path)));
    }

    private static String fieldOf(String prefix, String path) {
        String relative = path.startsWith(".") ? path.substring(1) : path;
        return prefix.isEmpty() || relative.isEmpty() ? prefix + relative : prefix + "." + relative;
    }
}
