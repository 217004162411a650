package dev.lightkeeper.simulators.kubernetes.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.util.diff.DiffUtils;

/** What the real kube-apiserver answered: one file for each theme, written by the suite and by nobody else. */
final class Recordings {
    private static final String HEADER =
            "# Answers of a real kube-apiserver, written by ConformanceApiServerIT (see the README); never by hand.\n";

    private final Path folder;
    private final ObjectNode outcomes = YamlText.MAPPER.createObjectNode();

    private Recordings(Path folder) {
        this.folder = folder;
    }

    static Recordings read(Path folder) throws IOException {
        Recordings recordings = new Recordings(folder);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                recordings.outcomes.setAll((ObjectNode) YamlText.MAPPER.readTree(file.toFile()));
            }
        }
        return recordings;
    }

    List<String> names() {
        return outcomes.propertyStream().map(Map.Entry::getKey).toList();
    }

    void put(Case known, ArrayNode outcome) {
        outcomes.set(known.name(), outcome);
    }

    /** Writes a theme anew, in the order of its cases. */
    void write(String theme, List<Case> cases) throws IOException {
        ObjectNode file = YamlText.MAPPER.createObjectNode();
        cases.stream()
                .filter(known -> outcomes.has(known.name()))
                .forEach(known -> file.set(known.name(), outcomes.get(known.name())));
        Files.writeString(folder.resolve(theme + ".yaml"), HEADER + YamlText.text(file));
    }

    /** Empty when nothing differs; otherwise for people: which step, and how its answer differs. */
    String differences(Case known, ArrayNode actual) {
        JsonNode expected = outcomes.path(known.name());
        if (!expected.isArray()) {
            return "There is no recording of it: run ConformanceApiServerIT with -Dconformance.record=true.";
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.max(expected.size(), actual.size()); i++) {
            List<String> wanted = lines(expected.path(i));
            List<String> got = lines(actual.path(i));
            if (!wanted.equals(got)) {
                String title = i < known.steps().size() ? known.steps().get(i).title() : "no such step";
                text.append("Step %d: %s%n".formatted(i + 1, title));
                DiffUtils.generateUnifiedDiff("kube-apiserver", "this server", wanted, DiffUtils.diff(wanted, got), 3)
                        .forEach(line -> text.append(line).append('\n'));
            }
        }
        return text.toString();
    }

    private static List<String> lines(JsonNode outcome) {
        return YamlText.text(outcome).lines().toList();
    }
}
