package dev.lightkeeper.simulators.aws.host;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of Go's text templates that {@code --format} is used with: fields, {@code json}, {@code println},
 * {@code index} of a map, and {@code range}.
 */
final class GoTemplate {
    private static final Pattern TAG = Pattern.compile("\\{\\{(.*?)}}", Pattern.DOTALL);
    private static final Pattern INDEX = Pattern.compile("index (\\.\\S*) \"([^\"]*)\"");

    private final String text;
    private int at;

    private GoTemplate(String text) {
        this.text = text;
    }

    /** {@return the template's text with the fields of a value; a field that is not there fails, as with Docker} */
    static String render(String template, JsonNode value) {
        StringBuilder out = new StringBuilder();
        GoTemplate read = new GoTemplate(template);
        read.render(value, out);
        return out.toString();
    }

    /** Renders up to the {@code end} of the range that this is in. */
    private void render(JsonNode value, StringBuilder out) {
        Matcher tag = TAG.matcher(text);
        while (tag.find(at)) {
            out.append(text, at, tag.start());
            at = tag.end();
            String action = tag.group(1).strip();
            if (action.equals("end")) {
                return;
            }
            if (action.startsWith("range ")) {
                range(field(value, action.substring("range ".length())), out);
            } else {
                out.append(evaluate(action, value));
            }
        }
        out.append(text.substring(at));
        at = text.length();
    }

    private void range(JsonNode list, StringBuilder out) {
        int start = at;
        if (list.isEmpty()) {
            render(MissingNode.getInstance(), new StringBuilder());
        }
        for (JsonNode element : list) {
            at = start;
            render(element, out);
        }
    }

    private static String evaluate(String action, JsonNode value) {
        Matcher index = INDEX.matcher(action);
        if (index.matches()) {
            return field(value, index.group(1)).path(index.group(2)).asText("");
        }
        if (action.equals("println")) {
            return "\n";
        }
        if (action.startsWith("println ")) {
            return field(value, action.substring("println ".length())).asText() + "\n";
        }
        if (action.startsWith("json ")) {
            return field(value, action.substring("json ".length())).toString();
        }
        return field(value, action).asText();
    }

    private static JsonNode field(JsonNode value, String path) {
        JsonNode found = value;
        for (String name : path.split("\\.", -1)) {
            if (name.isEmpty()) {
                continue;
            }
            if (!found.isMissingNode() && !found.has(name)) {
                throw new IllegalArgumentException("template: can't evaluate field " + name);
            }
            found = found.path(name);
        }
        return found;
    }
}
