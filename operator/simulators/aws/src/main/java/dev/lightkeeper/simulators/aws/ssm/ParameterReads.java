package dev.lightkeeper.simulators.aws.ssm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.http.Answer;
import dev.lightkeeper.simulators.aws.http.ApiError;
import dev.lightkeeper.simulators.aws.http.Input;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Operations that change nothing. */
final class ParameterReads {
    private static final Pages TEN = new Pages(10);
    private static final Pages FIFTY = new Pages(50);

    Answer get(Place place, Input input, @Nullable Instant asOf) {
        ParameterName name = ParameterName.read(input.required("Name"));
        Parameter parameter = place.parameter(name.base());
        ParameterVersion version = version(parameter, name, asOf);
        if (version == null) {
            throw new ApiError(
                    400,
                    "ParameterVersionNotFound",
                    "Systems Manager could not find version " + name.selector() + " of " + name.base()
                            + ". Verify the version and try again.");
        }
        ObjectNode body = body();
        body.set("Parameter", parameter(place, parameter, version, name.selector(), decrypts(input)));
        return Answer.read(body);
    }

    Answer getAll(Place place, Input input, @Nullable Instant asOf) {
        ObjectNode body = body();
        ArrayNode found = body.putArray("Parameters");
        ArrayNode invalid = body.putArray("InvalidParameters");
        // AWS answers in an order of its own.
        for (String text : names(input).stream().sorted().toList()) {
            ParameterName name = ParameterName.read(text);
            Parameter parameter = place.parameters.get(name.base());
            ParameterVersion version = parameter == null ? null : version(parameter, name, asOf);
            if (parameter == null || version == null) {
                invalid.add(text);
            } else {
                found.add(parameter(place, parameter, version, name.selector(), decrypts(input)));
            }
        }
        return Answer.read(body);
    }

    Answer byPath(Place place, Input input, @Nullable Instant asOf) {
        String path = ParameterName.path(input.required("Path"));
        boolean recursive = Boolean.TRUE.equals(input.bool("Recursive"));
        Predicate<Parameter> filter = ParameterFilter.all(input, ParameterFilter.BY_PATH);
        NavigableMap<String, Parameter> below = new TreeMap<>(place.parameters);
        below.values()
                .removeIf(parameter -> !ParameterName.isBelow(parameter.name, path, recursive)
                        || parameter.latest(asOf) == null
                        || !filter.test(parameter));
        ObjectNode body = body();
        ArrayNode parameters = body.putArray("Parameters");
        if (place.emptyFirstPage && !input.has("NextToken")) {
            Pages.next("", body);
            return Answer.read(body);
        }
        for (Parameter parameter : TEN.page(below, input, body)) {
            ParameterVersion version = parameter.latest(asOf);
            if (version != null) {
                parameters.add(parameter(place, parameter, version, null, decrypts(input)));
            }
        }
        return Answer.read(body);
    }

    Answer describe(Place place, Input input) {
        if (input.has("Filters") || Boolean.TRUE.equals(input.bool("Shared"))) {
            throw ApiError.validation(
                    "This simulator knows neither Filters nor shared parameters; use ParameterFilters.");
        }
        NavigableMap<String, Parameter> wanted = new TreeMap<>(place.parameters);
        wanted.values()
                .removeIf(ParameterFilter.all(input, ParameterFilter.DESCRIBE).negate());
        ObjectNode body = body();
        ArrayNode parameters = body.putArray("Parameters");
        for (Parameter parameter : FIFTY.page(wanted, input, body)) {
            parameters.add(metadata(parameter, parameter.latest()).put("ARN", place.arn(parameter.name)));
        }
        return Answer.read(body);
    }

    Answer history(Place place, Input input) {
        Parameter parameter =
                place.parameter(ParameterName.read(input.required("Name")).base());
        NavigableMap<String, ParameterVersion> versions = new TreeMap<>();
        parameter.versions.forEach(version -> versions.put("%019d".formatted(version.number()), version));
        ObjectNode body = body();
        ArrayNode parameters = body.putArray("Parameters");
        for (ParameterVersion version : FIFTY.page(versions, input, body)) {
            ObjectNode node = metadata(parameter, version).put("Value", value(place, version, decrypts(input)));
            ArrayNode labels = node.putArray("Labels");
            version.labels().forEach(labels::add);
            parameters.add(node);
        }
        return Answer.read(body);
    }

    /** One to ten names. */
    static List<String> names(Input input) {
        List<String> names = input.stringList("Names");
        if (names.isEmpty() || names.size() > 10) {
            throw ApiError.validation(
                    "1 validation error detected: Value at 'names' failed to satisfy constraint: Member"
                            + " must have length between 1 and 10");
        }
        if (names.stream().distinct().count() < names.size()) {
            throw ApiError.validation("1 validation error detected: Value at 'names' holds a name twice");
        }
        return names;
    }

    private static @Nullable ParameterVersion version(Parameter parameter, ParameterName name, @Nullable Instant asOf) {
        return name.selector() == null ? parameter.latest(asOf) : parameter.select(name.selector());
    }

    private static boolean decrypts(Input input) {
        return Boolean.TRUE.equals(input.bool("WithDecryption"));
    }

    private static ObjectNode parameter(
            Place place, Parameter parameter, ParameterVersion version, @Nullable String selector, boolean decrypted) {
        ObjectNode node = body();
        node.put("Name", parameter.name)
                .put("Type", version.type())
                .put("Value", value(place, version, decrypted))
                .put("Version", version.number())
                .put("LastModifiedDate", time(version.modifiedAt()))
                .put("ARN", place.arn(parameter.name))
                .put("DataType", version.dataType());
        if (selector != null) {
            node.put("Selector", ":" + selector);
        }
        return node;
    }

    private static ObjectNode metadata(Parameter parameter, ParameterVersion version) {
        ObjectNode node = body();
        node.put("Name", parameter.name)
                .put("Type", version.type())
                .put("LastModifiedDate", time(version.modifiedAt()))
                .put("LastModifiedUser", version.modifiedBy())
                .put("Version", version.number())
                .put("Tier", version.tier())
                .put("DataType", version.dataType());
        node.putArray("Policies");
        putIfPresent(node, "KeyId", version.keyId());
        putIfPresent(node, "Description", version.description());
        putIfPresent(node, "AllowedPattern", version.allowedPattern());
        return node;
    }

    private static void putIfPresent(ObjectNode node, String member, @Nullable String value) {
        if (value != null) {
            node.put(member, value);
        }
    }

    private static String value(Place place, ParameterVersion version, boolean decrypted) {
        if (!decrypted) {
            return version.ciphertext();
        }
        if (version.isSecure() && version.keyId() != null && place.deniedKeys.contains(version.keyId())) {
            throw new ApiError(
                    400,
                    "AccessDeniedException",
                    "The ciphertext refers to a customer master key that does not exist, does not exist in this"
                            + " region, or you are not allowed to access.");
        }
        return version.value();
    }

    private static BigDecimal time(Instant instant) {
        return BigDecimal.valueOf(instant.toEpochMilli(), 3);
    }

    private static ObjectNode body() {
        return JsonNodeFactory.instance.objectNode();
    }
}
