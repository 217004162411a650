package dev.lightkeeper.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Alerts and dashboards ask only for metrics that are documented, and lead to runbooks that exist. */
class MonitoringTest {
    static final Path RULES = Repository.CHART.resolve("files/rules.yaml");

    private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `([a-z_:0-9]+)` \\|");
    private static final Pattern NAME = Pattern.compile("(?<![\\w:\"$])(?:lightkeeper|jvm|operator_sdk)[a-z_:0-9]*");
    private static final Pattern SUFFIX = Pattern.compile("_(bucket|count|sum)$");
    private static final Pattern RECORDED = Pattern.compile("ratio_rate[0-9]+[mhd]$");
    private static final Pattern COUNTED = Pattern.compile("^sum by [^{]*lightkeeper_hosts\\{[^}]*}\\) > 0\n");
    private static final String THE_OPERATOR = "#the-operator-itself";
    private static final String RUNBOOKS = "https://lightkeeper.dev/docs/runbooks/";
    private static final String BEGIN = "<!-- generated: begin -->\n";
    private static final String END = "<!-- generated: end -->";

    private static Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    static List<JsonNode> alerts() {
        return stream(Repository.yaml(RULES).path("groups"))
                .flatMap(group -> stream(group.path("rules")))
                .filter(rule -> rule.has("alert"))
                .toList();
    }

    static List<JsonNode> dashboards() {
        return Repository.files(Repository.CHART.resolve("files/dashboards"), ".json").stream()
                .map(Repository::yaml)
                .toList();
    }

    /** Of rules and dashboards. */
    static Set<String> expressions() {
        return Stream.concat(
                        stream(Repository.yaml(RULES).path("groups"))
                                .flatMap(group -> stream(group.path("rules")))
                                .map(rule -> rule.path("expr").asText()),
                        dashboards().stream()
                                .flatMap(dashboard -> stream(dashboard.path("panels")))
                                .flatMap(panel -> stream(panel.path("targets")))
                                .map(target -> target.path("expr").asText()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> documented() {
        return DOCUMENTED
                .matcher(Repository.read(Repository.DOCS.resolve("metrics.md")))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> used() {
        return expressions().stream()
                .flatMap(expression -> NAME.matcher(expression).results().map(found -> found.group()))
                .map(name -> SUFFIX.matcher(name).replaceAll(""))
                .map(name -> RECORDED.matcher(name).replaceAll("ratio_rate5m"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyMetricThatIsAskedForIsDocumented() {
        assertThat(used()).hasSizeGreaterThan(15).isSubsetOf(documented());
    }

    @Test
    void everyAlertHasASeverityAScopeAndARunbook() {
        assertThat(alerts()).hasSizeGreaterThan(20).allSatisfy(alert -> {
            assertThat(alert.at("/labels/severity").asText()).isIn("critical", "error", "warning", "info");
            assertThat(alert.at("/labels/scope").asText()).isIn("service", "account", "operator");
            assertThat(alert.at("/annotations/summary").asText()).endsWith(".").doesNotContain("{{");
            boolean counts = COUNTED.matcher(alert.path("expr").asText()).find();
            assertThat(alert.at("/annotations/description").asText())
                    .isNotEmpty()
                    .as("only a number of things is told: others move with every evaluation")
                    .matches(text -> counts || !text.contains("$value"));
            String runbook = alert.at("/annotations/runbook_url").asText();
            assertThat(runbook).startsWith(RUNBOOKS);
            String page = runbook.substring(RUNBOOKS.length()).replace(THE_OPERATOR, "");
            assertThat(page.equals("{{ $labels.reason }}.md")
                            || Files.exists(Repository.DOCS.resolve("runbooks").resolve(page)))
                    .as(runbook)
                    .isTrue();
        });
        assertThat(Repository.DOCS.resolve("runbooks").resolve("README.md"))
                .content()
                .contains("\n## The operator itself\n");
        assertThat(alerts().stream().map(alert -> alert.at("/labels/severity").asText()))
                .contains("critical", "error", "warning", "info");
    }

    @Test
    void theDocumentListsTheAlerts() {
        Path file = Repository.DOCS.resolve("alerts.md");
        String text = Repository.read(file);
        String rows = alerts().stream()
                .map(alert -> "| `%s` | `%s` | %s | %s |\n"
                        .formatted(
                                alert.path("alert").asText(),
                                alert.at("/labels/severity").asText(),
                                alert.at("/annotations/summary").asText(),
                                alert.path("for").asText("at once")))
                .collect(Collectors.joining("", "| Alert | Severity | Says | After |\n|---|---|---|---|\n", ""));

        Repository.assertGenerated(
                file,
                text.substring(0, text.indexOf(BEGIN) + BEGIN.length()) + rows + text.substring(text.indexOf(END)));
    }

    @Test
    void dashboardsCanBeImportedAnywhere() {
        assertThat(dashboards()).hasSize(3);
        assertThat(dashboards().stream().map(dashboard -> dashboard.path("uid").asText()))
                .doesNotHaveDuplicates()
                .allMatch(uid -> uid.startsWith("lightkeeper-"));
        for (JsonNode dashboard : dashboards()) {
            assertThat(dashboard.has("__inputs")).isFalse();
            assertThat(dashboard.has("id")).isFalse();
            assertThat(stream(dashboard.path("panels"))
                            .map(panel -> panel.path("id").asInt()))
                    .doesNotHaveDuplicates()
                    .isNotEmpty();
            assertThat(dashboard.findValues("datasource"))
                    .allMatch(source -> source.path("uid").asText().equals("${datasource}"));
        }
    }
}
