package dev.lightkeeper.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.Assembly;
import dev.lightkeeper.Lightkeeper;
import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.config.Environment;
import dev.lightkeeper.config.Environment.Parsed;
import dev.lightkeeper.kube.KubernetesClients;
import dev.lightkeeper.simulators.aws.AwsSimulator;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * The chart on a real API server, and the operator with the token of its ServiceAccount and no other rights. Three stories
 * are played; what its metrics said meanwhile fires and resolves the alerts, and fills the dashboards.
 */
@EnabledIfEnvironmentVariable(named = Command.TOOLS, matches = ".+", disabledReason = Command.WITHOUT_TOOLS)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(ApiServer.OF_OPERATORS)
@SuppressWarnings("NullAway.Init")
class ObservedApiServerIT {
    private static final int SPEED = 150;
    /** A minute of AWS. */
    private static final Duration BETWEEN_SCRAPES = Duration.ofMinutes(1).dividedBy(SPEED);
    /** In scrapes: longer than the alerts wait. */
    private static final int LONG_ENOUGH = 8;

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String REQUIRED = "[{name: AI_MAX_TOKENS_CHAT}, {name: AI_MAX_TOKENS_SUMMARY}]";

    /** What nothing answers as long as all accounts are well, and there is no service on EC2 hosts. */
    private static final Pattern OF_WHAT_IS_NOT_THERE =
            Pattern.compile("lightkeeper_account_condition|lightkeeper_hosts|lightkeeper_ready_replicas");

    private static final AtomicInteger FATAL = new AtomicInteger();
    private static final List<Expected> EXPECTED = new ArrayList<>();
    /** By query. */
    private static final Map<String, JsonNode> ANSWERS = new TreeMap<>();

    @TempDir
    private static Path folder;

    private static ApiServer server;
    private static AwsSimulator aws;
    private static KubernetesClient watcher;
    private static KubernetesClient client;
    private static Lightkeeper operator;
    private static Scrapes scrapes;
    private static Optional<Prometheus> prometheus = Optional.empty();

    /**
     * What an alert has to say at one scrape.
     *
     * @param reason of the condition; empty when the alert must be silent
     */
    private record Expected(int scrape, String alert, String reason) {}

    @BeforeAll
    static void playTheStories() throws IOException {
        server = ApiServer.ofOperators();
        System.setProperty("aws.accessKeyId", AwsSimulator.DEFAULT_ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", AwsSimulator.DEFAULT_SECRET_KEY);
        server.namespace("lightkeeper", Map.of());
        server.namespace("production", Map.of("team", "core"));
        server.helm(Helm.HELM_4)
                .run("install", "lightkeeper", Repository.CHART.toString(), "--namespace", "lightkeeper")
                .orThrow();
        server.servesEveryKind();
        aws = AwsSimulator.builder().speed(SPEED).start();
        watcher = server.client();
        client = KubernetesClients.client(server.serviceAccount("lightkeeper"));
        operator = start();
        scrapes = new Scrapes(operator.port(), BETWEEN_SCRAPES);
        prometheus = Prometheus.start(operator.port(), folder);
        server.apply(ACCOUNT);

        aFirstReleaseBecomesReady();
        aBadReleaseIsTakenBack();
        aMissingVariableIsFoundBeforeAnythingIsTouched();
    }

    private static Lightkeeper start() {
        Map<String, String> environment = Map.of(
                "LIGHTKEEPER_NAMESPACE", "lightkeeper",
                "LIGHTKEEPER_POD_NAME", "lightkeeper-0",
                "LIGHTKEEPER_LISTEN", "0",
                "LIGHTKEEPER_SPEED", String.valueOf(SPEED),
                "LIGHTKEEPER_AWS_ENDPOINT", aws.endpoint().toString(),
                "LIGHTKEEPER_PROBE_PRIVATE_ADDRESSES", "true");
        return Lightkeeper.start(
                ((Parsed.Valid) Environment.parse(environment)).config(),
                client,
                new Assembly(),
                FATAL::incrementAndGet,
                Clock.systemUTC(),
                new SecureRandom());
    }

    @AfterAll
    static void end() {
        prometheus.ifPresent(Prometheus::close);
        if (scrapes != null) {
            scrapes.close();
        }
        var _ = server.kubectl().run("delete", "sdep/api", "-n", "production");
        var _ = server.kubectl().run("delete", "awsacct/default");
        for (AutoCloseable part : new AutoCloseable[] {operator, client, watcher, aws}) {
            close(part);
        }
        var _ = server.helm(Helm.HELM_4).run("uninstall", "lightkeeper", "--namespace", "lightkeeper");
        server.kubectl()
                .run("delete", "controllerrevisions,cm,secrets", "--all", "-n", "production")
                .orThrow();
        server.kubectl()
                .run("delete", "leases,secrets", "--all", "-n", "lightkeeper")
                .orThrow();
        server.removeProduct();
        assertThat(FATAL).hasValue(0);
    }

    private static void close(AutoCloseable part) {
        if (part == null) {
            return;
        }
        try {
            part.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void aFirstReleaseBecomesReady() {
        settings("AI_MAX_TOKENS_CHAT: '1'");
        server.apply(service("ghcr.io/acme/api:1.4.162", "[]"));
        becomes("Ready", ConditionStatus.True, Reason.Verified);
        nowSilent();
    }

    private static void aBadReleaseIsTakenBack() {
        String bad = "ghcr.io/acme/api:1.4.163";
        server.apply(service(bad, "[]").replace("bakeSeconds: 1", "bakeSeconds: 60"));
        becomes("Ready", ConditionStatus.True, Reason.Verified);
        // It proves itself, and loses its database while it is still watched.
        aws.catalogue().put(bad, aws.catalogue().behaviour(":api.never-listens.1"));
        becomes("Stalled", ConditionStatus.True, Reason.RolledBack);
        becomes("Available", ConditionStatus.True, Reason.Passing);
        nowFires("RolledBack");

        server.apply(service("ghcr.io/acme/api:1.4.162", "[]"));
        becomes("Ready", ConditionStatus.True, Reason.Verified);
        nowSilent();
    }

    private static void aMissingVariableIsFoundBeforeAnythingIsTouched() {
        int before = aws.audit().of("CreateContainerServiceDeployment").size();
        server.apply(service("ghcr.io/acme/api:1.4.165", REQUIRED));
        Condition stalled = becomes("Stalled", ConditionStatus.True, Reason.EnvironmentInvalid);
        assertThat(stalled.message()).contains("AI_MAX_TOKENS_SUMMARY");
        nowFires("EnvironmentInvalid");
        askForTheDashboards();
        assertThat(aws.audit().of("CreateContainerServiceDeployment")).hasSize(before);

        settings("AI_MAX_TOKENS_CHAT: '1'", "AI_MAX_TOKENS_SUMMARY: '1'");
        becomes("Ready", ConditionStatus.True, Reason.Verified);
        nowSilent();
    }

    /** What the status says, metrics say a moment later. */
    private static void nowFires(String reason) {
        await().atMost(PATIENCE).until(() -> isTold("Degraded", "reason=\"%s\"".formatted(reason)));
        EXPECTED.add(new Expected(later(LONG_ENOUGH), "LightkeeperServiceDegraded", reason));
        EXPECTED.add(new Expected(scrapes.taken() - 1, "LightkeeperServiceDown", ""));
    }

    private static void nowSilent() {
        await().atMost(PATIENCE).until(() -> isTold("Ready") && !isTold("Degraded") && !isTold("Stalled"));
        int scrape = later(2);
        EXPECTED.add(new Expected(scrape, "LightkeeperServiceDegraded", ""));
        EXPECTED.add(new Expected(scrape, "LightkeeperServiceStalled", ""));
    }

    private static boolean isTold(String type, String... more) {
        return scrapes.holds(
                "lightkeeper_condition",
                Stream.concat(
                                Stream.of("name=\"api\"", "type=\"%s\"".formatted(type), "status=\"True\""),
                                Stream.of(more))
                        .toArray(String[]::new));
    }

    private static int later(int more) {
        int wanted = scrapes.taken() + more;
        await().atMost(PATIENCE).until(() -> scrapes.taken() > wanted);
        return wanted;
    }

    /** Of the spec as it is now. */
    private static Condition becomes(String type, ConditionStatus status, Reason reason) {
        return await()
                .atMost(PATIENCE)
                .until(
                        () -> watcher.resources(ServiceDeployment.class)
                                .inNamespace("production")
                                .withName("api")
                                .get(),
                        resource -> condition(resource, type)
                                .filter(condition -> condition.status() == status
                                        && condition.reason().equals(reason.name()))
                                .isPresent())
                .getStatus()
                .conditions()
                .stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private static Optional<Condition> condition(ServiceDeployment resource, String type) {
        return Optional.ofNullable(resource.getStatus()).stream()
                .flatMap(status -> status.conditions().stream())
                .filter(condition -> condition.type().equals(type))
                .filter(condition -> Objects.equals(
                        condition.observedGeneration(), resource.getMetadata().getGeneration()))
                .findFirst();
    }

    @Test
    void theAlertsFireAndResolveAsTheStoriesWent() throws IOException {
        ObjectNode file = Repository.JSON.createObjectNode();
        file.putArray("rule_files").add(MonitoringTest.RULES.toString());
        file.put("evaluation_interval", "1m");
        ObjectNode test = file.putArray("tests").addObject();
        test.put("interval", "1m");
        test.set("input_series", scrapes.inputSeries());
        ArrayNode cases = test.putArray("alert_rule_test");
        EXPECTED.forEach(expected -> {
            ObjectNode one = cases.addObject();
            one.put("eval_time", expected.scrape() + "m");
            one.put("alertname", expected.alert());
            ArrayNode alerts = one.putArray("exp_alerts");
            if (!expected.reason().isEmpty()) {
                fired(alerts.addObject(), expected);
            }
        });
        Path written = Files.writeString(folder.resolve("stories.yaml"), Repository.toYaml(file));

        assertThat(EXPECTED).anyMatch(expected -> !expected.reason().isEmpty());
        assertThat(Command.tool("promtool")
                        .run("test", "rules", written.toString())
                        .orThrow())
                .contains("SUCCESS");
    }

    private static void fired(ObjectNode alert, Expected expected) {
        JsonNode rule = MonitoringTest.alerts().stream()
                .filter(each -> each.path("alert").asText().equals(expected.alert()))
                .findFirst()
                .orElseThrow();
        Map<String, String> labels = Map.of("namespace", "production", "name", "api", "reason", expected.reason());
        ObjectNode all = rule.path("labels").deepCopy();
        labels.forEach(all::put);
        alert.set("exp_labels", all);
        ObjectNode annotations = alert.putObject("exp_annotations");
        rule.path("annotations").properties().forEach(annotation -> {
            String text = annotation.getValue().asText();
            for (Map.Entry<String, String> label : labels.entrySet()) {
                text = text.replace("{{ $labels.%s }}".formatted(label.getKey()), label.getValue());
            }
            annotations.put(annotation.getKey(), text);
        });
    }

    private static void askForTheDashboards() {
        if (prometheus.isEmpty()) {
            return;
        }
        List<String> queries = MonitoringTest.dashboards().stream()
                .flatMap(dashboard ->
                        StreamSupport.stream(dashboard.path("panels").spliterator(), false))
                .flatMap(panel -> StreamSupport.stream(panel.path("targets").spliterator(), false))
                .map(target -> target.path("expr").asText())
                .toList();
        for (String query : queries) {
            ANSWERS.put(query, answer(query));
        }
    }

    /** A scrape of Prometheus that fails ends every series until the next one. */
    private static JsonNode answer(String query) {
        String asked = query.replace("$namespace", "production").replace("$name", "api");
        return await("an answer to " + query)
                .atMost(PATIENCE)
                .until(
                        () -> prometheus.orElseThrow().query(asked),
                        answer -> !answer.path("status").asText().equals("success")
                                || !answer.at("/data/result").isEmpty()
                                || OF_WHAT_IS_NOT_THERE.matcher(query).find());
    }

    /** Asked while a release is Stalled, after another was rolled back, so that there is something to tell. */
    @Test
    void everyQueryOfTheDashboardsIsAnsweredByARealPrometheus() {
        assumeTrue(prometheus.isPresent(), "needs the program prometheus, which is in Debian's package of that name");

        assertThat(ANSWERS)
                .hasSizeGreaterThan(30)
                .allSatisfy((query, answer) -> assertThat(answer.path("status").asText())
                        .as("%s", answer)
                        .isEqualTo("success"));
    }

    private static void settings(String... entries) {
        server.apply("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: api, namespace: production}
                data: {%s}
                """.formatted(String.join(", ", entries)));
    }

    private static final String ACCOUNT = """
            apiVersion: lightkeeper.dev/v1alpha1
            kind: AwsAccount
            metadata: {name: default}
            spec:
              accountId: "123456789012"
              defaultRegion: us-east-2
              allowedRegions: [us-east-2]
              credentials: {ambient: {}}
              access: {namespaces: {matchLabels: {team: core}}, serviceNamePatterns: [api], allowDeletion: true}
            """;

    private static String service(String image, String required) {
        return """
                apiVersion: lightkeeper.dev/v1alpha1
                kind: ServiceDeployment
                metadata: {name: api, namespace: production}
                spec:
                  lightsail: {serviceName: api, power: nano}
                  containers:
                    - name: api
                      image: "%s"
                      ports: [{containerPort: 3697}]
                      envFrom: [{configMapRef: {name: api}}]
                      requiredEnv: %s
                  publicEndpoint: {healthCheck: {path: /health/live}}
                  readiness: {path: /health/ready, periodSeconds: 1, timeoutSeconds: 1}
                  rollout: {minReadySeconds: 1, bakeSeconds: 1}
                  deletionPolicy: Delete
                """.formatted(image, required);
    }
}
