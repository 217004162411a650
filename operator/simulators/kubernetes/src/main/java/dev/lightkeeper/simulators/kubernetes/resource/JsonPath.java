package dev.lightkeeper.simulators.kubernetes.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The part of kubectl's JSON path language that printer columns and selectable fields use. */
public final class JsonPath {
    private static final Pattern STEP = Pattern.compile(
            "\\.\\.(?<deep>[^.\\[]+)"
                    + "|\\.(?<name>(?:\\\\.|[^.\\[\\\\])+)"
                    + "|\\['(?<quoted>[^']*)'\\]"
                    + "|\\[(?<index>-?\\d+)\\]"
                    + "|(?<all>\\[\\*\\]|\\.\\*)"
                    + "|\\[\\?\\(\\s*@(?<left>[^=!<>\\s)]*)\\s*(?:(?<operator>==|!=)\\s*(?<right>\"[^\"]*\"|'[^']*'|[^)\\s]+)\\s*)?\\)\\]");

    private final List<Step> steps;

    private interface Step {
        void from(JsonNode node, List<JsonNode> found);
    }

    private JsonPath(List<Step> steps) {
        this.steps = steps;
    }

    /**
     * Reads a path.
     *
     * @param path for example {@code .status.conditions[?(@.type=="Ready")].status}
     * @throws IllegalArgumentException when it is none
     */
    public static JsonPath of(String path) {
        String whole = path.startsWith("{") && path.endsWith("}") ? path.substring(1, path.length() - 1) : path;
        if (whole.startsWith("$")) {
            whole = whole.substring(1);
        }
        if (!whole.startsWith(".") && !whole.startsWith("[")) {
            whole = "." + whole;
        }
        List<Step> steps = new ArrayList<>();
        Matcher matcher = STEP.matcher(whole);
        int at = 0;
        while (at < whole.length()) {
            if (!matcher.find(at) || matcher.start() != at) {
                throw new IllegalArgumentException("unrecognized JSON path: " + path);
            }
            steps.add(step(matcher));
            at = matcher.end();
        }
        return new JsonPath(steps);
    }

    /** All values at the path. */
    public List<JsonNode> find(JsonNode root) {
        List<JsonNode> current = List.of(root);
        for (Step step : steps) {
            List<JsonNode> next = new ArrayList<>();
            current.forEach(node -> step.from(node, next));
            current = next;
        }
        return current;
    }

    /** The first value as text; empty when there is none. */
    public String text(JsonNode root) {
        List<JsonNode> found = find(root);
        return found.isEmpty() || found.getFirst().isNull()
                ? ""
                : found.getFirst().asText();
    }

    private static Step step(Matcher step) {
        if (step.group("deep") != null) {
            String name = step.group("deep");
            return (node, found) -> found.addAll(node.findValues(name));
        }
        if (step.group("name") != null && !step.group("name").equals("*")) {
            return named(step.group("name").replaceAll("\\\\(.)", "$1"));
        }
        if (step.group("quoted") != null) {
            return named(step.group("quoted"));
        }
        if (step.group("index") != null) {
            int index = Integer.parseInt(step.group("index"));
            return (node, found) -> addIfPresent(node.path(index < 0 ? node.size() + index : index), found);
        }
        if (step.group("left") != null) {
            return filter(step.group("left"), step.group("operator"), step.group("right"));
        }
        return (node, found) -> node.forEach(found::add);
    }

    private static Step named(String name) {
        return (node, found) -> addIfPresent(node.path(name), found);
    }

    private static Step filter(String left, @Nullable String operator, @Nullable String right) {
        JsonPath path = left.isEmpty() ? new JsonPath(List.of()) : of(left);
        if (operator == null || right == null) {
            return (node, found) -> node.forEach(item -> {
                if (!path.find(item).isEmpty()) {
                    found.add(item);
                }
            });
        }
        boolean quoted = right.startsWith("\"") || right.startsWith("'");
        String wanted = quoted ? right.substring(1, right.length() - 1) : right;
        return (node, found) -> node.forEach(item -> {
            List<JsonNode> values = path.find(item);
            if (!values.isEmpty() && values.getFirst().asText().equals(wanted) == operator.equals("==")) {
                found.add(item);
            }
        });
    }

    private static void addIfPresent(JsonNode value, List<JsonNode> found) {
        if (!value.isMissingNode()) {
            found.add(value);
        }
    }
}
