package dev.lightkeeper.simulators.kubernetes.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An object inside an object says what it is. Its metadata is not judged here. */
final class EmbeddedResources {
    private static final Pattern KIND = Pattern.compile("[a-z]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final String KIND_RULE =
            "may have mixed case, but should otherwise match: a DNS-1035 label must consist of lower case alphanumeric"
                    + " characters or '-', start with an alphabetic character, and end with an alphanumeric character"
                    + " (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

    private EmbeddedResources() {}

    static void check(String path, JsonNode value, @Nullable StructuralSchema schema, List<FieldError> errors) {
        if (schema == null) {
            return;
        }
        if (value.isObject()) {
            String prefix = path.isEmpty() ? "" : path + ".";
            if (schema.isEmbeddedResource()) {
                checkType(prefix, value, errors);
            }
            value.properties().forEach(field -> {
                StructuralSchema property = schema.property(field.getKey());
                if (property != null) {
                    check(prefix + field.getKey(), field.getValue(), property, errors);
                } else {
                    String child = path + "[" + field.getKey() + "]";
                    check(child, field.getValue(), schema.additionalProperties(), errors);
                }
            });
        } else if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                check(path + "[" + i + "]", value.get(i), schema.items(), errors);
            }
        }
    }

    private static void checkType(String prefix, JsonNode value, List<FieldError> errors) {
        for (String field : List.of("apiVersion", "kind")) {
            if (!value.has(field)) {
                errors.add(FieldError.required(prefix + field, ""));
            }
        }
        for (String field : List.of("apiVersion", "kind")) {
            JsonNode text = value.path(field);
            if (text.isMissingNode()) {
                continue;
            }
            if (!text.isTextual()) {
                errors.add(FieldError.invalid(prefix + field, text, "must be a string"));
            } else if (text.textValue().isEmpty()) {
                errors.add(FieldError.invalid(prefix + field, text, "must not be empty"));
            } else if (field.equals("apiVersion")
                    && text.textValue().chars().filter(c -> c == '/').count() > 1) {
                String detail = "unexpected GroupVersion string: " + text.textValue();
                errors.add(FieldError.invalid(prefix + field, text, detail));
            } else if (field.equals("kind")
                    && !KIND.matcher(text.textValue().toLowerCase(Locale.ROOT)).matches()) {
                errors.add(FieldError.invalid(prefix + field, text, KIND_RULE));
            }
        }
    }
}
