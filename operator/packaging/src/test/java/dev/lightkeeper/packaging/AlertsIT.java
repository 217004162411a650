package dev.lightkeeper.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prometheus' own tool on the rules, the queries of the dashboards and the cases of the alerts. */
@EnabledIfEnvironmentVariable(named = Command.TOOLS, matches = ".+", disabledReason = Command.WITHOUT_TOOLS)
class AlertsIT {
    private static final Path CASES = Path.of("src", "test", "resources", "alerts");

    private static Command promtool() {
        return Command.tool("promtool");
    }

    @Test
    void prometheusUnderstandsTheRules() {
        assertThat(promtool()
                        .run("check", "rules", MonitoringTest.RULES.toString())
                        .orThrow())
                .contains("SUCCESS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"minutes.yaml", "days.yaml"})
    void alertsFireAndStaySilentAsTheCasesSay(String file) {
        assertThat(promtool()
                        .run("test", "rules", CASES.resolve(file).toString())
                        .orThrow())
                .contains("SUCCESS");
    }

    @Test
    void everyAlertHasACaseOfEachKind() {
        List<JsonNode> cases = Stream.of("minutes.yaml", "days.yaml")
                .map(CASES::resolve)
                .flatMap(file -> stream(Repository.yaml(file).path("tests")))
                .flatMap(test -> stream(test.path("alert_rule_test")))
                .toList();
        for (JsonNode alert : MonitoringTest.alerts()) {
            String name = alert.path("alert").asText();
            List<JsonNode> own = cases.stream()
                    .filter(test -> test.path("alertname").asText().equals(name))
                    .toList();
            assertThat(own).as(name).anyMatch(test -> !test.path("exp_alerts").isEmpty());
            assertThat(own).as(name).anyMatch(test -> test.path("exp_alerts").isEmpty());
        }
    }

    /** As recording rules, since promtool reads queries nowhere else without a server. */
    @Test
    void prometheusUnderstandsTheQueriesOfTheDashboards(@TempDir Path folder) throws IOException {
        StringBuilder rules = new StringBuilder("groups:\n  - name: queries\n    rules:\n");
        int number = 0;
        for (String expression : MonitoringTest.expressions()) {
            rules.append("      - record: query%d\n        expr: %s\n"
                    .formatted(number++, Repository.JSON.writeValueAsString(expression)));
        }
        Path file = Files.writeString(folder.resolve("queries.yaml"), rules);

        assertThat(promtool().run("check", "rules", file.toString()).orThrow()).contains(number + " rules found");
    }

    private static Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }
}
