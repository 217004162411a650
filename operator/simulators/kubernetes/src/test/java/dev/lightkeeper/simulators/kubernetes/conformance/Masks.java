package dev.lightkeeper.simulators.kubernetes.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Replaces what differs from run to run. uids and resource versions of objects are numbered in the order of their
 * appearance in a case instead, so that two that are equal stay equal: "nothing was written" remains visible.
 */
final class Masks {
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern VERSION_IN_TEXT =
            Pattern.compile("(resourceVersion\"?: ?\"|Resource Version: +)(\\d+)");
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");
    private static final Pattern AGE_IN_TEXT = Pattern.compile("(?<=\\s|\\()(\\d+[smh]){1,2}(?![\\w.])( *)");
    private static final Pattern IDENTITY = Pattern.compile("<(uid|version) ([0-9a-f-]+)>");
    private static final Pattern AGE = Pattern.compile("(\\d+[smh]){1,2}");
    private static final Map<Pattern, String> EVERYWHERE = Map.of(
            Pattern.compile("https?://(127\\.0\\.0\\.1|localhost):\\d+"), "<server>",
            Pattern.compile("\\S*/(LIVE|MERGED)-\\d+"), "<$1>",
            Pattern.compile("\\S*/kubectl-edit-\\w+\\.yaml"), "<edited file>",
            Pattern.compile("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d+ [+-]\\d{4}"), "<time>",
            Pattern.compile("\\w{3}, \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d [+-]\\d{4}"), "<time>",
            Pattern.compile("(?m)^[IWEF]\\d{4} .*$\\R?"), "");

    private final String repository =
            Conformance.REPOSITORY.toAbsolutePath().normalize().toString();
    private final Map<String, Map<String, Integer>> numbers =
            Map.of("uid", new HashMap<>(), "version", new HashMap<>());

    /** A body of JSON, its keys in order, and of it what counts. */
    JsonNode body(JsonNode node, Step.Look look) {
        // Masked first: what a path selects no longer shows what it is part of. Numbered last: what does not count has
        // no
        // number.
        JsonNode masked = mask(node, "", false, look);
        return numbered(look.only().isEmpty() ? masked : Paths.select(masked, look.only()));
    }

    /** What a command printed, or any other text. */
    String output(String text, Step.Look look) {
        String masked = plain(text, look);
        masked = numbered(VERSION_IN_TEXT.matcher(masked).replaceAll("$1<version $2>"));
        masked = AGE_IN_TEXT
                .matcher(masked)
                .replaceAll(match -> "<age>" + (match.group(2).isEmpty() ? "" : " "));
        // A tab would make the recording one long quoted line.
        masked = masked.replace("\t", "    ").lines().map(String::stripTrailing).collect(Collectors.joining("\n"));
        return Causes.sortLines(masked);
    }

    private JsonNode mask(JsonNode node, String key, boolean ofList, Step.Look look) {
        return switch (node) {
            case TextNode text -> TextNode.valueOf(text(text.asText(), key, ofList, look));
            case ObjectNode object -> object(object, key.equals("metadata") && ofList, look);
            case ArrayNode array -> {
                ArrayNode copy = JsonNodeFactory.instance.arrayNode();
                Stream<JsonNode> items = array.valueStream();
                (key.equals("managedFields") ? items.sorted(byManager()) : items)
                        .forEach(item -> copy.add(mask(item, key.equals("cells") ? "cell" : "", false, look)));
                yield copy;
            }
            default -> node;
        };
    }

    private ObjectNode object(ObjectNode object, boolean listMetadata, Step.Look look) {
        // The version of a list or a bookmark is the version of the whole store, which other cases move.
        boolean list = listMetadata || object.has("items") || object.has("rows") || isBookmark(object);
        // Sorted before masking: the order of keys must not decide who gets which number.
        Map<String, JsonNode> sorted = new TreeMap<>();
        object.properties().forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        if (!look.managedFields()) {
            sorted.remove("managedFields");
        }
        ObjectNode masked = JsonNodeFactory.instance.objectNode();
        sorted.forEach(
                (key, value) -> masked.set(UUID.matcher(key).replaceAll("<uid $0>"), mask(value, key, list, look)));
        Causes.sort(masked);
        return masked;
    }

    private static boolean isBookmark(ObjectNode object) {
        return object.path("metadata").path("annotations").has("k8s.io/initial-events-end");
    }

    private String text(String text, String key, boolean ofList, Step.Look look) {
        if (key.equals("resourceVersion")) {
            return text.isEmpty() ? text : ofList ? "<version of the store>" : "<version " + text + ">";
        }
        if (key.equals("continue")) {
            return text.isEmpty() ? text : "<continue>";
        }
        if (key.equals("cell") && AGE.matcher(text).matches()) {
            return "<age>";
        }
        return plain(text, look);
    }

    private String plain(String text, Step.Look look) {
        String masked = UUID.matcher(text.replace(repository, "<repository>")).replaceAll("<uid $0>");
        masked = TIME.matcher(masked)
                .replaceAll(match -> isNow(match.group()) ? "<time>" : Matcher.quoteReplacement(match.group()));
        for (Map.Entry<Pattern, String> rule : EVERYWHERE.entrySet()) {
            masked = rule.getKey().matcher(masked).replaceAll(rule.getValue());
        }
        for (String pattern : look.mask()) {
            masked = masked.replaceAll(pattern, "<masked>");
        }
        return masked;
    }

    private JsonNode numbered(JsonNode node) {
        return switch (node) {
            case TextNode text -> TextNode.valueOf(numbered(text.asText()));
            case ObjectNode object -> {
                ObjectNode copy = JsonNodeFactory.instance.objectNode();
                object.properties().forEach(entry -> copy.set(numbered(entry.getKey()), numbered(entry.getValue())));
                yield copy;
            }
            case ArrayNode array -> {
                ArrayNode copy = JsonNodeFactory.instance.arrayNode();
                array.forEach(item -> copy.add(numbered(item)));
                yield copy;
            }
            default -> node;
        };
    }

    private String numbered(String text) {
        return IDENTITY.matcher(text).replaceAll(match -> {
            Map<String, Integer> known = Objects.requireNonNull(numbers.get(match.group(1)));
            int number = known.computeIfAbsent(match.group(2), value -> known.size() + 1);
            return "<" + match.group(1) + " " + number + ">";
        });
    }

    /** Times that a case itself wrote are far away. */
    private static boolean isNow(String time) {
        return Duration.between(Instant.parse(time), Instant.now()).abs().compareTo(Duration.ofHours(12)) < 0;
    }

    /** kube-apiserver sorts by time first, which makes the order of writes in different seconds another one. */
    private static Comparator<JsonNode> byManager() {
        return Comparator.comparing(entry -> List.of("operation", "manager", "subresource", "apiVersion").stream()
                .map(key -> entry.path(key).asText())
                .toList()
                .toString());
    }
}
