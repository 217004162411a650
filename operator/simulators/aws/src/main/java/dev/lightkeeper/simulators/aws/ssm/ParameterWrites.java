package dev.lightkeeper.simulators.aws.ssm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.SimulatorClock;
import dev.lightkeeper.simulators.aws.audit.Effect;
import dev.lightkeeper.simulators.aws.http.Answer;
import dev.lightkeeper.simulators.aws.http.ApiError;
import dev.lightkeeper.simulators.aws.http.Input;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Operations that change parameters. */
final class ParameterWrites {
    static final String DEFAULT_KEY = "alias/aws/ssm";

    private static final Set<String> TYPES =
            Set.of(ParameterVersion.STRING, ParameterVersion.STRING_LIST, ParameterVersion.SECURE_STRING);
    private static final String STANDARD = "Standard";
    private static final String ADVANCED = "Advanced";
    private static final Set<String> TIERS = Set.of(STANDARD, ADVANCED, "Intelligent-Tiering");
    private static final int LONGEST_STANDARD = 4096;
    private static final int LONGEST_ADVANCED = 8192;
    private static final int MOST_PARAMETERS = 10_000;
    private static final int MOST_LABELS = 10;
    private static final int KMS_OVERHEAD = 150;
    private static final Pattern LABEL = Pattern.compile("(?!(?i:aws|ssm))[A-Za-z_.-][A-Za-z0-9_.-]{0,99}");

    private final SimulatorClock clock;
    private final Random random;

    ParameterWrites(SimulatorClock clock, Random random) {
        this.clock = clock;
        this.random = random;
    }

    Answer put(Place place, Input input, String user) {
        String name = ParameterName.writable(input.required("Name"));
        String value = input.required("Value");
        Parameter existing = place.parameters.get(name);
        if (existing != null && !Boolean.TRUE.equals(input.bool("Overwrite"))) {
            throw new ApiError(
                    400,
                    "ParameterAlreadyExists",
                    "The parameter already exists. To overwrite this value, set the overwrite option in the request to"
                            + " true.");
        }
        ParameterVersion before = existing == null ? null : existing.latest();
        if (before == null && place.parameters.size() >= MOST_PARAMETERS) {
            throw new ApiError(400, "ParameterLimitExceeded", "You have exceeded the number of parameters.");
        }
        ParameterVersion version = version(input, value, before, user);
        Parameter parameter = existing == null ? new Parameter(name) : existing;
        parameter.add(version);
        place.parameters.put(name, parameter);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("Version", version.number()).put("Tier", version.tier());
        return new Answer(body, before == null ? Effect.CREATED : Effect.CHANGED);
    }

    private ParameterVersion version(Input input, String value, @Nullable ParameterVersion before, String user) {
        if (input.has("Policies") || !input.objectList("Tags").isEmpty()) {
            throw ApiError.validation("This simulator knows neither policies nor tags of parameters.");
        }
        String type = type(input, before);
        String keyId = input.string("KeyId");
        boolean secure = type.equals(ParameterVersion.SECURE_STRING);
        if (keyId != null && !secure) {
            throw ApiError.validation("KeyId is required for SecureString type parameter only.");
        }
        String pattern = input.string("AllowedPattern");
        matches(value, pattern);
        return new ParameterVersion(
                before == null ? 1 : before.number() + 1,
                type,
                value,
                secure ? ciphertext(value) : value,
                secure ? (keyId == null ? DEFAULT_KEY : keyId) : null,
                input.string("Description"),
                pattern,
                tier(input, value, before),
                dataType(input),
                clock.now(),
                user,
                new TreeSet<>());
    }

    private static String type(Input input, @Nullable ParameterVersion before) {
        String type = input.string("Type");
        if (type == null) {
            if (before == null) {
                throw ApiError.validation("A parameter type is required when you create a parameter.");
            }
            return before.type();
        }
        if (!TYPES.contains(type)) {
            throw ApiError.validation("1 validation error detected: Value '" + type
                    + "' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [SecureString,"
                    + " StringList, String]");
        }
        if (before != null && !before.type().equals(type)) {
            throw new ApiError(
                    400,
                    "HierarchyTypeMismatchException",
                    "Parameter Store doesn't support changing a parameter type in a hierarchy.");
        }
        return type;
    }

    private static String tier(Input input, String value, @Nullable ParameterVersion before) {
        String tier = input.string("Tier");
        if (tier != null && !TIERS.contains(tier)) {
            throw ApiError.validation("1 validation error detected: Value '" + tier
                    + "' at 'tier' failed to satisfy constraint: Member must satisfy enum value set: [Standard,"
                    + " Advanced, Intelligent-Tiering]");
        }
        int length = value.getBytes(StandardCharsets.UTF_8).length;
        boolean wasAdvanced = before != null && before.tier().equals(ADVANCED);
        if (wasAdvanced && STANDARD.equals(tier)) {
            throw ApiError.validation("This parameter uses the advanced-parameter tier. You can't downgrade a parameter"
                    + " from the advanced-parameter tier to the standard-parameter tier.");
        }
        boolean standard = !wasAdvanced && (tier == null || tier.equals(STANDARD));
        if (standard && length > LONGEST_STANDARD) {
            throw ApiError.validation(
                    "Standard tier parameters support a maximum parameter value of 4096 characters. To"
                            + " create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.");
        }
        if (length > LONGEST_ADVANCED) {
            throw ApiError.validation("Advanced tier parameters support a maximum parameter value of 8192 characters.");
        }
        return wasAdvanced || ADVANCED.equals(tier) || length > LONGEST_STANDARD ? ADVANCED : STANDARD;
    }

    private static String dataType(Input input) {
        String dataType = input.string("DataType");
        if (dataType != null && !dataType.isEmpty() && !dataType.equals("text")) {
            throw ApiError.validation("This simulator knows no other data type than text.");
        }
        return "text";
    }

    private static void matches(String value, @Nullable String pattern) {
        if (pattern == null || pattern.isEmpty()) {
            return;
        }
        try {
            if (!Pattern.matches(pattern, value)) {
                throw new ApiError(
                        400,
                        "ParameterPatternMismatchException",
                        "Parameter value, cannot be validated against allowedPattern: " + pattern);
            }
        } catch (PatternSyntaxException e) {
            throw new ApiError(400, "InvalidAllowedPatternException", "The allowed pattern isn't valid.");
        }
    }

    /** Looks like what KMS makes, and has nothing of the value in it but its length. */
    private String ciphertext(String value) {
        byte[] bytes = new byte[value.length() + KMS_OVERHEAD];
        random.nextBytes(bytes);
        return "AQICAH" + Base64.getEncoder().encodeToString(bytes);
    }

    Answer label(Place place, Input input) {
        Parameter parameter =
                place.parameter(ParameterName.read(input.required("Name")).base());
        List<String> wanted = input.stringList("Labels");
        if (wanted.isEmpty() || wanted.size() > MOST_LABELS) {
            throw ApiError.validation("1 validation error detected: Value at 'labels' failed to satisfy constraint:"
                    + " Member must have length between 1 and 10");
        }
        Integer number = input.integer("ParameterVersion");
        ParameterVersion version = number == null ? parameter.latest() : parameter.select(number.toString());
        if (version == null) {
            throw new ApiError(
                    400,
                    "ParameterVersionNotFound",
                    "Systems Manager could not find version " + number + " of " + parameter.name
                            + ". Verify the version and try again.");
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode invalid = body.putArray("InvalidLabels");
        List<String> valid = new ArrayList<>();
        for (String label : wanted) {
            if (LABEL.matcher(label).matches()) {
                valid.add(label);
            } else {
                invalid.add(label);
            }
        }
        Set<String> after = new TreeSet<>(version.labels());
        after.addAll(valid);
        if (after.size() > MOST_LABELS) {
            throw new ApiError(
                    400,
                    "ParameterVersionLabelLimitExceeded",
                    "A parameter version can have maximum " + MOST_LABELS + " labels.");
        }
        parameter.versions.forEach(other -> other.labels().removeAll(valid));
        version.labels().addAll(valid);
        body.put("ParameterVersion", version.number());
        return new Answer(body, valid.isEmpty() ? Effect.NONE : Effect.CHANGED);
    }

    Answer delete(Place place, Input input) {
        Parameter parameter = place.parameter(input.required("Name"));
        place.parameters.remove(parameter.name);
        return Answer.empty(Effect.DELETED);
    }

    Answer deleteAll(Place place, Input input) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode deleted = body.putArray("DeletedParameters");
        ArrayNode invalid = body.putArray("InvalidParameters");
        for (String name : ParameterReads.names(input)) {
            if (place.parameters.remove(name) == null) {
                invalid.add(name);
            } else {
                deleted.add(name);
            }
        }
        return new Answer(body, deleted.isEmpty() ? Effect.NONE : Effect.DELETED);
    }
}
