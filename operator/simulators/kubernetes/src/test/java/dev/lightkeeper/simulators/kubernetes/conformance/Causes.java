package dev.lightkeeper.simulators.kubernetes.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * kube-apiserver walks through maps, so that the order of several errors differs from call to call, and checks some things
 * twice: sorts the errors, and tells each once.
 */
final class Causes {
    private Causes() {}

    /** Sorts the causes of a Status, and the same texts in its message. */
    static void sort(ObjectNode status) {
        if (!(status.path("details").path("causes") instanceof ArrayNode causes) || causes.size() < 2) {
            return;
        }
        List<JsonNode> sorted = causes.valueStream()
                .distinct()
                .sorted(Comparator.comparing(Causes::text))
                .toList();
        var _ = causes.removeAll().addAll(sorted);

        String message = status.path("message").asText();
        int start = message.indexOf('[');
        TreeSet<String> texts = sorted.stream().map(Causes::text).collect(Collectors.toCollection(TreeSet::new));
        int length = String.join(", ", texts).length();
        if (start > 0
                && message.length() == start + length + 2
                && texts.stream().allMatch(message::contains)) {
            status.put("message", message.substring(0, start) + texts);
        }
    }

    /** Sorts the lines in which kubectl lists the causes. */
    static String sortLines(String output) {
        List<String> bullets =
                output.lines().filter(line -> line.startsWith("* ")).sorted().toList();
        var next = bullets.iterator();
        return output.lines()
                .map(line -> (line.startsWith("* ") ? next.next() : line) + "\n")
                .collect(Collectors.joining());
    }

    private static String text(JsonNode cause) {
        return cause.path("field").asText() + ": " + cause.path("message").asText();
    }
}
