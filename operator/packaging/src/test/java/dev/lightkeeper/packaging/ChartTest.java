package dev.lightkeeper.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lightkeeper.packaging.ChartValues.Value;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The files of the chart, without Helm. */
class ChartTest {
    private static final String MARKER = "<!-- values -->\n";

    private final List<Value> values = ChartValues.of(Repository.read(Repository.CHART.resolve("values.yaml")));

    @Test
    void everyValueIsDescribed() {
        assertThat(values)
                .hasSizeGreaterThan(40)
                .allSatisfy(
                        value -> assertThat(value.comment()).as(value.path()).isNotEmpty());
    }

    @Test
    void theSchemaKnowsEveryValueAndNoOther() {
        JsonNode schema = Repository.yaml(Repository.CHART.resolve("values.schema.json"));
        List<String> known = ChartValues.ofSchema(schema, "");

        assertThat(known).contains("global");
        assertThat(known.stream().filter(path -> !path.equals("global")))
                .containsExactlyInAnyOrderElementsOf(
                        values.stream().map(Value::path).toList());
    }

    @Test
    void theReadmeListsTheValues() {
        Path readme = Repository.CHART.resolve("README.md");
        String text = Repository.read(readme);
        int table = text.indexOf(MARKER) + MARKER.length();
        assertThat(table).as("%s has the marker", readme).isGreaterThanOrEqualTo(MARKER.length());

        Repository.assertGenerated(
                readme,
                text.substring(0, table)
                        + "| Value | Default | What it is for |\n|---|---|---|\n"
                        + values.stream().map(Value::row).collect(Collectors.joining("\n", "", "\n")));
    }

    @Test
    void theChartBringsTheCrdsOfThisVersion() {
        List<Path> crds = Repository.files(Repository.ROOT.resolve("crds"), ".yaml");

        assertThat(crds).hasSize(2);
        crds.forEach(crd -> Repository.assertGenerated(
                Repository.CHART.resolve("files/crds").resolve(crd.getFileName()), Repository.read(crd)));
    }

    @Test
    void theManifestsBringTheCrdsOfThisVersion() {
        Repository.assertGenerated(
                Repository.MANIFESTS.resolve("base/crds.yaml"),
                Repository.files(Repository.ROOT.resolve("crds"), ".yaml").stream()
                        .map(Repository::read)
                        .collect(Collectors.joining("---\n")));
    }
}
