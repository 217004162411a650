package dev.lightkeeper.packaging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the comments of values.yaml say: a key with a comment above it is one value, whatever is below the key. */
final class ChartValues {
    private static final Pattern LINE = Pattern.compile("^( *)([A-Za-z]+):(.*)$");
    private static final Pattern COMMENT = Pattern.compile("^ *# (.*)$");

    private ChartValues() {}

    /** One row of the table. */
    record Value(String path, String comment, JsonNode standard) {
        String row() {
            String shown = standard.toString().replace("|", "\\|");
            return "| `%s` | %s | %s |".formatted(path, shown.equals("\"\"") ? "" : "`" + shown + "`", comment);
        }
    }

    /** All values in the order of the file; a key with neither comment nor keys below it has an empty comment. */
    static List<Value> of(String yaml) {
        JsonNode tree = Repository.documents(yaml).getFirst();
        List<Value> values = new ArrayList<>();
        List<String> path = new ArrayList<>();
        String comment = "";
        int within = Integer.MAX_VALUE;
        for (String line : yaml.lines().toList()) {
            Matcher said = COMMENT.matcher(line);
            Matcher key = LINE.matcher(line);
            if (said.matches()) {
                comment = comment.isEmpty() ? said.group(1) : comment + " " + said.group(1);
            } else if (line.isBlank()) {
                comment = "";
            } else if (key.matches() && key.group(1).length() / 2 <= within) {
                int depth = key.group(1).length() / 2;
                path.subList(Math.min(depth, path.size()), path.size()).clear();
                path.add(key.group(2));
                JsonNode standard = path.stream().reduce(tree, JsonNode::path, (a, b) -> b);
                boolean section = comment.isEmpty() && key.group(3).isBlank() && standard.isObject();
                if (!section) {
                    values.add(new Value(String.join(".", path), comment, standard));
                }
                within = section ? Integer.MAX_VALUE : depth;
                comment = "";
            }
        }
        return values;
    }

    /** The paths that a schema knows, down to those that have no listed properties. */
    static List<String> ofSchema(JsonNode schema, String prefix) {
        List<String> paths = new ArrayList<>();
        schema.path("properties").properties().forEach(property -> {
            JsonNode nested = property.getValue().path("properties");
            String path = prefix + property.getKey();
            if (nested instanceof MissingNode) {
                paths.add(path);
            } else {
                paths.addAll(ofSchema(property.getValue(), path + "."));
            }
        });
        return paths;
    }
}
