package dev.lightkeeper.simulators.aws.ssm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.http.ApiError;
import dev.lightkeeper.simulators.aws.http.Input;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What SendCommand asks for, with everything checked that can be without looking at instances.
 *
 * @param input the request, to be echoed
 * @param instanceIds named instances; empty with targets
 * @param targets conditions that all are to hold; empty with named instances
 * @param parameters of the document, with its defaults
 * @param deliveryTimeout how long an agent may take to answer
 */
record CommandRequest(
        Input input,
        List<String> instanceIds,
        Map<String, List<String>> targets,
        Map<String, List<String>> parameters,
        Duration deliveryTimeout) {
    static final String DOCUMENT = "AWS-RunShellScript";

    private static final Pattern INSTANCE_ID = Pattern.compile("(^i-(\\w{8}|\\w{17})$)|(^mi-\\w{17}$)");
    private static final Pattern CONCURRENCY = Pattern.compile("[1-9][0-9]*|[1-9][0-9]%|[1-9]%|100%");
    private static final Pattern ERRORS = Pattern.compile("[1-9][0-9]*|0|[1-9][0-9]%|[0-9]%|100%");
    private static final Pattern EXECUTION_TIMEOUT =
            Pattern.compile("([1-9][0-9]{0,4})|(1[0-6][0-9]{4})|(17[0-1][0-9]{3})|(172[0-7][0-9]{2})|(172800)");
    private static final Set<String> VERSIONS = Set.of("$DEFAULT", "$LATEST", "1");
    private static final int MOST_IDS = 50;
    private static final int MOST_TARGETS = 5;
    private static final int LONGEST_COMMENT = 100;
    private static final int LONGEST_DIRECTORY = 4_096;
    private static final int MOST_BYTES = 97 * 1024;
    private static final int DEFAULT_TIMEOUT = 3_600;
    private static final int SHORTEST_TIMEOUT = 30;
    private static final int LONGEST_TIMEOUT = 2_592_000;

    static CommandRequest read(Input input) {
        List<String> ids = ids(input);
        Map<String, List<String>> targets = targets(input);
        String comment = input.string("Comment");
        if (comment != null && comment.length() > LONGEST_COMMENT) {
            throw constraint("comment", "Member must have length less than or equal to " + LONGEST_COMMENT);
        }
        checkPattern(input, "MaxConcurrency", CONCURRENCY);
        checkPattern(input, "MaxErrors", ERRORS);
        int timeout = Objects.requireNonNullElse(input.integer("TimeoutSeconds"), DEFAULT_TIMEOUT);
        if (timeout < SHORTEST_TIMEOUT || timeout > LONGEST_TIMEOUT) {
            throw constraint(
                    "timeoutSeconds", "Member must be between " + SHORTEST_TIMEOUT + " and " + LONGEST_TIMEOUT);
        }
        if (ids.isEmpty() == targets.isEmpty()) {
            throw ApiError.validation("Either InstanceIds or Targets must be given, and not both.");
        }
        checkDocument(input);
        Map<String, List<String>> parameters = parameters(input);
        if (new HashSet<>(ids).size() < ids.size()) {
            throw new ApiError(400, "DuplicateInstanceId", "You can't specify an instance ID in more than one place.");
        }
        return new CommandRequest(input, ids, targets, parameters, Duration.ofSeconds(timeout));
    }

    /** The instances of a request as the audit log names them; null when it names none. */
    static @Nullable String target(ObjectNode input) {
        if (input.path("InstanceIds").isArray()) {
            return texts(input.path("InstanceIds"));
        }
        if (input.path("Targets").isArray()) {
            return StreamSupport.stream(input.path("Targets").spliterator(), false)
                    .map(target -> target.path("Key").asText() + "=" + texts(target.path("Values")))
                    .collect(Collectors.joining(";"));
        }
        String id = input.path("InstanceId").textValue();
        return id == null ? input.path("CommandId").textValue() : id;
    }

    /** All lines of the document's parameter as one script, as the agent writes it to a file. */
    String script() {
        String directory =
                parameters.getOrDefault("workingDirectory", List.of("")).getFirst();
        String lines = String.join("\n", parameters.getOrDefault("commands", List.of())) + "\n";
        return directory.isEmpty() ? lines : "cd '" + directory.replace("'", "'\\''") + "' || exit 1\n" + lines;
    }

    Duration executionTimeout() {
        return Duration.ofSeconds(Long.parseLong(
                parameters.getOrDefault("executionTimeout", List.of("3600")).getFirst()));
    }

    int concurrency(int instances) {
        return Math.max(1, share(Objects.requireNonNullElse(input.string("MaxConcurrency"), "50"), instances));
    }

    int errorsAllowed(int instances) {
        return share(Objects.requireNonNullElse(input.string("MaxErrors"), "0"), instances);
    }

    static void checkInstanceId(String id) {
        if (!INSTANCE_ID.matcher(id).matches()) {
            throw constraint("instanceIds", "Member must satisfy regular expression pattern: " + INSTANCE_ID);
        }
    }

    static List<String> ids(Input input) {
        List<String> ids = input.stringList("InstanceIds");
        if (ids.size() > MOST_IDS) {
            throw constraint("instanceIds", "Member must have length less than or equal to " + MOST_IDS);
        }
        ids.forEach(CommandRequest::checkInstanceId);
        return ids;
    }

    static ApiError constraint(String member, String rule) {
        return ApiError.validation(
                "1 validation error detected: Value at '" + member + "' failed to satisfy constraint: " + rule);
    }

    private static Map<String, List<String>> targets(Input input) {
        Map<String, List<String>> targets = new LinkedHashMap<>();
        for (Input target : input.objectList("Targets")) {
            String key = target.required("Key");
            List<String> values = target.stringList("Values");
            if (values.size() > MOST_IDS) {
                throw constraint("targets", "Member must have at most " + MOST_IDS + " values");
            }
            if (!key.startsWith("tag:") && !key.equals("tag-key") && !key.equals("InstanceIds")) {
                throw new ApiError(400, "InvalidTarget", "The target is not valid or not simulated: " + key);
            }
            if (targets.put(key, values) != null) {
                throw new ApiError(400, "InvalidTarget", "The target's key is there twice: " + key);
            }
        }
        if (targets.size() > MOST_TARGETS) {
            throw constraint("targets", "Member must have length less than or equal to " + MOST_TARGETS);
        }
        return targets;
    }

    private static void checkDocument(Input input) {
        String name = input.required("DocumentName");
        if (!name.equals(DOCUMENT) && !name.matches("arn:aws:ssm:[a-z0-9-]*::document/" + DOCUMENT)) {
            throw new ApiError(400, "InvalidDocument", "Document with name " + name + " does not exist.");
        }
        String version = input.string("DocumentVersion");
        if (version != null && !VERSIONS.contains(version)) {
            throw new ApiError(400, "InvalidDocumentVersion", "The document has no version " + version + ".");
        }
    }

    private static Map<String, List<String>> parameters(Input input) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        Input given = input.object("Parameters");
        if (given != null) {
            given.names().forEach(name -> parameters.put(name, given.stringList(name)));
        }
        int bytes = parameters.values().stream()
                .flatMap(List::stream)
                .mapToInt(value -> value.getBytes(StandardCharsets.UTF_8).length)
                .sum();
        if (bytes > MOST_BYTES) {
            throw new ApiError(
                    400,
                    "MaxDocumentSizeExceeded",
                    "The total size of your parameter(s) and document exceeds the 97KB limit.");
        }
        parameters.putIfAbsent("workingDirectory", List.of(""));
        parameters.putIfAbsent("executionTimeout", List.of("3600"));
        if (!Set.of("commands", "workingDirectory", "executionTimeout").containsAll(parameters.keySet())) {
            throw invalidParameters(
                    "document " + DOCUMENT + " does not support parameters " + parameters.keySet() + ".");
        }
        List<String> commands = parameters.getOrDefault("commands", List.of());
        if (commands.isEmpty()) {
            throw invalidParameters("The parameter commands is required and holds at least one line.");
        }
        String directory = single(parameters, "workingDirectory");
        if (directory.length() > LONGEST_DIRECTORY) {
            throw invalidParameters("The parameter workingDirectory is too long.");
        }
        if (!EXECUTION_TIMEOUT.matcher(single(parameters, "executionTimeout")).matches()) {
            throw invalidParameters("The parameter executionTimeout must match " + EXECUTION_TIMEOUT + ".");
        }
        return parameters;
    }

    private static String single(Map<String, List<String>> parameters, String name) {
        List<String> values = parameters.getOrDefault(name, List.of());
        if (values.size() != 1) {
            throw invalidParameters("The parameter " + name + " takes one value.");
        }
        return values.getFirst();
    }

    private static void checkPattern(Input input, String member, Pattern pattern) {
        String value = input.string(member);
        if (value != null && (value.length() > 7 || !pattern.matcher(value).matches())) {
            throw constraint(member, "Member must satisfy regular expression pattern: " + pattern);
        }
    }

    private static int share(String text, int of) {
        return text.endsWith("%")
                ? of * Integer.parseInt(text.substring(0, text.length() - 1)) / 100
                : Integer.parseInt(text);
    }

    private static ApiError invalidParameters(String message) {
        return new ApiError(400, "InvalidParameters", message);
    }

    private static String texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining(","));
    }

    @Override
    public String toString() {
        return "CommandRequest" + instanceIds + targets.keySet();
    }
}
