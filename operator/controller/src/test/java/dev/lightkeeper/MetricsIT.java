package dev.lightkeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.telemetry.Metric;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus gets to see of a service's life: deployed, changed by others, deleted. */
@Order(2)
class MetricsIT {
    /** Without EC2 hosts, rollbacks and faults there are no series of these. */
    private static final Set<Metric> WITHOUT_SERIES = Set.of(
            Metric.READY_REPLICAS, Metric.HOSTS, Metric.ROLLBACKS, Metric.AWS_HELD_BACK, Metric.CONTROLLER_ERRORS);

    private static final Pattern SERIES = Pattern.compile("(?m)^([a-z_]+?)(?:_bucket|_count|_sum)?\\{(.*)} ");
    private static final Pattern LABEL = Pattern.compile("([a-z]+)=\"");

    private static World world;
    private static String whileItLives;
    private static String whenItIsGone;

    @BeforeAll
    static void liveOneLife() {
        // Its operator works for all AwsAccounts of the API server, also those of other tests.
        world = new World(EmbeddedKubernetes.alone());
        world.deploy("api", "ghcr.io/acme/api:1.4.162");
        world.untilReady("api");
        world.untilSteady("api");
        world.lightsail().redeploy("api", content -> content.withImage("api", "ghcr.io/acme/api:1.4.100"));
        world.until("api", "Ready", ConditionStatus.False, "ImageMismatch");
        world.untilReady("api");
        world.untilSteady("api");
        whileItLives = world.ask("/metrics");
        world.client().resource(world.get("api")).delete();
        world.untilGone("api");
        whenItIsGone = await().atMost(World.PATIENCE)
                .until(() -> world.ask("/metrics"), scrape -> !scrape.contains("name=\"api\""));
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @Test
    void everyMetricHasTheNameTheTypeAndTheLabelsThatAreDocumented() {
        for (Metric metric : Metric.values()) {
            if (!WITHOUT_SERIES.contains(metric)) {
                assertThat(whileItLives)
                        .contains("# HELP %s %s\n".formatted(metric.exposedName(), metric.meaning()))
                        .contains("# TYPE %s %s\n".formatted(metric.exposedName(), metric.type()));
            }
        }
        Matcher series = SERIES.matcher(whileItLives);
        while (series.find()) {
            String name = series.group(1);
            Arrays.stream(Metric.values())
                    .filter(metric -> metric.exposedName().equals(name))
                    .forEach(metric ->
                            assertThat(labels(series.group(2))).as(name).isEqualTo(new TreeSet<>(metric.labels())));
        }
    }

    @Test
    void nothingElseIsExposedUnderTheOperatorsName() {
        Set<String> known =
                Arrays.stream(Metric.values()).map(Metric::exposedName).collect(Collectors.toSet());
        assertThat(Pattern.compile("(?m)^# TYPE (lightkeeper_\\S+)")
                        .matcher(whileItLives)
                        .results()
                        .map(result -> result.group(1)))
                .isNotEmpty()
                .allMatch(known::contains);
    }

    @Test
    void theLifeOfAServiceShows() {
        String api = "name=\"api\",namespace=\"%s\"".formatted(world.namespace());
        assertThat(whileItLives)
                .contains("lightkeeper_condition{%s,reason=\"Verified\",status=\"True\",type=\"Ready\"} 1.0"
                        .formatted(api))
                .contains(
                        "lightkeeper_account_condition{name=\"%s\",reason=\"Reachable\",status=\"True\",type=\"Reachable\"} 1.0"
                                .formatted(world.namespace()))
                .contains("lightkeeper_deployments_total{cause=\"Requested\",%s} 1.0".formatted(api))
                .contains("lightkeeper_deployments_total{cause=\"Repair\",%s} 1.0".formatted(api))
                .contains("lightkeeper_drift_repairs_total{%s} 1.0".formatted(api))
                .contains("lightkeeper_rollout_seconds_count{result=\"Verified\"} 1")
                .contains("lightkeeper_desired_scale{%s} 2.0".formatted(api))
                .contains("lightkeeper_live_scale{%s} 2.0".formatted(api))
                .contains("lightkeeper_monthly_cost_usd{%s} 14.0".formatted(api))
                .contains("lightkeeper_readiness_tries_total{%s,result=\"bad\"} ".formatted(api))
                .contains("lightkeeper_probe_responses_total{class=\"2xx\",%s} ".formatted(api))
                .contains("operation=\"lightsail:CreateContainerServiceDeployment\",outcome=\"success\"")
                .contains("lightkeeper_leader 1.0");
    }

    @Test
    void noSeriesOfTheServiceOutlivesIt() {
        assertThat(whenItIsGone).doesNotContain("name=\"api\"").contains("lightkeeper_account_condition{");
    }

    @Test
    void aProcessThatWorksIsAlive() {
        assertThat(world.ask("/livez")).isEqualTo("ok\n");
        assertThat(world.ask("/readyz")).isEqualTo("ok\n");
    }

    @Test
    void prometheusOwnLinterHasNothingToSay(@TempDir Path folder) throws IOException, InterruptedException {
        assumeTrue(isInstalled("promtool"), "promtool is not installed (Debian package prometheus)");
        Path scrape = Files.writeString(folder.resolve("metrics.txt"), whileItLives);
        Process promtool = new ProcessBuilder("promtool", "check", "metrics")
                .redirectInput(scrape.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(promtool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);

        assertThat(said).isEmpty();
        assertThat(promtool.waitFor()).isZero();
    }

    private static Set<String> labels(String text) {
        return LABEL.matcher(text)
                .results()
                .map((MatchResult result) -> result.group(1))
                .filter(label -> !label.equals("le"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean isInstalled(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
