package dev.lightkeeper.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.telemetry.Metric;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MetricsReferenceTest {
    private static final Path FILE = Documents.DOCS.resolve("metrics.md");

    @Test
    void everyMetricIsDocumented() {
        StringBuilder table = new StringBuilder("| Metric | Type | Labels | Meaning |\n|---|---|---|---|\n");
        for (Metric metric : Metric.values()) {
            table.append("| `%s` | %s | %s | %s |\n"
                    .formatted(
                            metric.exposedName(),
                            metric.type(),
                            metric.labels().stream().map("`%s`"::formatted).collect(Collectors.joining(", ")),
                            metric.meaning()));
        }
        Documents.assertGenerated(FILE, Documents.withGeneratedPart(FILE, table.toString()));
    }

    @Test
    void noDocumentNamesAMetricThatDoesNotExist() {
        List<String> known =
                Arrays.stream(Metric.values()).map(Metric::exposedName).toList();
        for (Path document : Documents.all()) {
            List<String> named = Pattern.compile("\\blightkeeper_[a-z_]+")
                    .matcher(Documents.read(document))
                    .results()
                    .map(MatchResult::group)
                    .map(name -> name.replaceFirst("(?<=_seconds)_(bucket|count|sum)$", ""))
                    .toList();
            assertThat(known).as(document.toString()).containsAll(named);
        }
    }
}
