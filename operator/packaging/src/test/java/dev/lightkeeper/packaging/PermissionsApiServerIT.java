package dev.lightkeeper.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lightkeeper.Assembly;
import dev.lightkeeper.Lightkeeper;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.config.Environment;
import dev.lightkeeper.config.Environment.Parsed;
import dev.lightkeeper.kube.KubernetesClients;
import dev.lightkeeper.simulators.aws.AwsSimulator;
import dev.lightkeeper.simulators.aws.faults.Fault;
import dev.lightkeeper.simulators.aws.faults.FaultKind;
import dev.lightkeeper.simulators.aws.faults.Faults;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The operator lives through a service's life as the ServiceAccount of the chart, with no other rights. What it was granted
 * is what it used: nothing was refused, and nothing is granted for nothing.
 */
@EnabledIfEnvironmentVariable(named = Command.TOOLS, matches = ".+", disabledReason = Command.WITHOUT_TOOLS)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(ApiServer.OF_OPERATORS)
@SuppressWarnings("NullAway.Init")
class PermissionsApiServerIT {
    private static final String SPEED = "150";
    private static final String ACCOUNT_OF_SERVICE = "system:serviceaccount:lightkeeper:lightkeeper";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static ApiServer server;

    private final AtomicInteger fatal = new AtomicInteger();
    private AwsSimulator aws;
    private int audited;

    @BeforeAll
    static void start() {
        server = ApiServer.ofOperators();
        System.setProperty("aws.accessKeyId", AwsSimulator.DEFAULT_ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", AwsSimulator.DEFAULT_SECRET_KEY);
    }

    @BeforeEach
    void simulateAws() {
        aws = AwsSimulator.builder().speed(Double.parseDouble(SPEED)).start();
        server.namespace("lightkeeper", Map.of());
        server.namespace("production", Map.of("team", "core"));
    }

    @AfterEach
    void end() {
        aws.close();
        var _ = server.helm(Helm.HELM_4).run("uninstall", "lightkeeper", "--namespace", "lightkeeper");
        kubectl("delete", "controllerrevisions,cm,secrets", "--all", "-n", "production")
                .orThrow();
        kubectl("delete", "leases,secrets", "--all", "-n", "lightkeeper").orThrow();
        server.removeProduct();
        assertThat(fatal).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({"standard, ''", "namespaced, production"})
    void whatIsGrantedIsWhatIsUsed(String values, String watched) {
        server.helm(Helm.HELM_4)
                .run(
                        "install",
                        "lightkeeper",
                        Repository.CHART.toString(),
                        "--namespace",
                        "lightkeeper",
                        "--set",
                        watched.isEmpty() ? "replicaCount=2" : "watchNamespaces={%s}".formatted(watched))
                .orThrow();
        server.servesEveryKind();
        audited = server.audit(0).size();

        live(watched);

        List<JsonNode> requests = requests(audited).toList();
        assertThat(requests)
                .filteredOn(request -> request.at("/responseStatus/code").asInt() == 403)
                .isEmpty();
        Set<String> used =
                requests.stream().map(PermissionsApiServerIT::used).collect(Collectors.toCollection(TreeSet::new));
        assertThat(used).as(values).isEqualTo(granted());

        Set<String> called = aws.audit().entries().stream()
                .map(entry -> entry.service() + ":" + entry.operation())
                .filter(action -> !action.equals("sts:GetCallerIdentity"))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> allowed = IamPoliciesTest.actions(IamPoliciesTest.policy("full"));
        assertThat(allowed.remove("kms:Decrypt")).isTrue();
        assertThat(called).isEqualTo(allowed);
    }

    /** Create, release, scale, tag, let go, take back, delete; and on hosts: release, remove, look up what got lost. */
    private void live(String watched) {
        aws.ssm().in("us-east-2").put("/production/token", "SecureString", "not-a-real-token");
        aws.ssm().in("us-east-2").put("/production/all/LOG_LEVEL", "String", "info");
        kubectl("create", "configmap", "api", "-n", "production", "--from-literal=NODE_ENV=production")
                .orThrow();
        kubectl("create", "secret", "generic", "api", "-n", "production", "--from-literal=DATABASE_URL=postgres://db")
                .orThrow();
        server.apply(ACCOUNT);
        try (KubernetesClient client = KubernetesClients.client(server.serviceAccount("lightkeeper"));
                Lightkeeper operator = operator(client, watched)) {
            server.apply(service("162", "team: core"));
            untilReady("api", "1");
            server.apply(service("165", "team: core, cost: a").replace("scale: 2", "scale: 3"));
            untilReady("api", "2");
            server.apply(service("165", "cost: a").replace("Policy: Delete", "Policy: Retain"));
            // Released, and taken back by the next of the same name; nobody collects the revisions that are in its way.
            kubectl("delete", "sdep/api", "-n", "production").orThrow();
            server.apply(service("162", "team: core"));
            untilReady("api", "1");
            await().atMost(PATIENCE).until(() -> called("UntagResource"));
            // A run that sees a new request writes it down at its end, and only there. What was annotated meanwhile
            // makes that a conflict, and it reads again.
            Faults.Injected slow = aws.faults()
                    .add(Fault.of(FaultKind.SLOW, "GetContainerServices").delayed(Duration.ofSeconds(2)));
            int before = audited + server.audit(audited).size();
            await().atMost(PATIENCE).until(() -> {
                annotate("lightkeeper.dev/reconcile-requested-at");
                annotate("example.com/at");
                return requests(before)
                        .map(PermissionsApiServerIT::used)
                        .anyMatch("get servicedeployments.lightkeeper.dev"::equals);
            });
            slow.remove();
            server.apply(service("162", "team: core").replace("ghcr.io/acme/api:1.4.162", ":api.missing.1"));
            await().atMost(PATIENCE).until(() -> called("GetContainerImages"));
            liveOnHosts();
            assertMetrics(operator.port());
            kubectl("delete", "sdep/api", "-n", "production").orThrow();
            kubectl("delete", "awsacct/default").orThrow();
        }
    }

    private static void annotate(String key) {
        kubectl("annotate", "sdep/api", "-n", "production", "--overwrite", key + "=" + System.nanoTime())
                .orThrow();
    }

    private void liveOnHosts() {
        String instance = aws.ec2("us-east-2").running(Map.of("managed-by", "lightkeeper", "Service", "gateway"));
        aws.logs().in("us-east-2").put("/production/gateway", "gateway", "Listening on port 3697");
        server.apply(ON_HOSTS);
        // The end of the bake is not waited for: it takes a further round of probes, and no further right.
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(kubectl("get", "sdep/gateway", "-n", "production", "-o", "wide")
                                .orThrow())
                        .containsSubsequence(
                                "True", "Verified", "ghcr.io/acme/api:1.4.162", "1/1", "https://gateway.example.com/"));
        assertThat(kubectl("get", "sdep/gateway", "-n", "production", "-o", "jsonpath={.status.hosts[*].instanceId}")
                        .orThrow())
                .isEqualTo(instance);
        await().atMost(PATIENCE).until(() -> called("FilterLogEvents"));
        remove("gateway");
    }

    /** By a command whose answer gets lost, so that it is looked up. */
    private void remove(String name) {
        try (KubernetesClient people = server.client()) {
            // Looks get lost, too, and are not looked up: what was seen before has to be young enough for the removal.
            Faults.Injected lost = aws.faults().add(Fault.of(FaultKind.LOST_AFTER, "SendCommand"));
            var _ = people.resources(ServiceDeployment.class)
                    .inNamespace("production")
                    .withName(name)
                    .delete();
            await().atMost(PATIENCE).until(() -> called("ListCommands"));
            lost.remove();
        }
        kubectl("delete", "sdep/" + name, "-n", "production", "--ignore-not-found")
                .orThrow();
    }

    /** What is served is named as Prometheus wants it. */
    private static void assertMetrics(int port) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            String scraped = http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/metrics".formatted(port)))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            String ours = scraped.lines()
                    .filter(line -> line.contains("lightkeeper_"))
                    .collect(Collectors.joining("\n", "", "\n"));
            Command.Output lint = Command.tool("promtool").run(List.of("check", "metrics"), ours);
            assertThat(lint.out() + lint.err()).isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private boolean called(String operation) {
        return !aws.audit().of(operation).isEmpty();
    }

    /** Of the operator of this test; the server has served others before. */
    private static Stream<JsonNode> requests(int from) {
        return server.audit(from).stream()
                .filter(request -> request.at("/user/username").asText().equals(ACCOUNT_OF_SERVICE))
                .filter(request -> request.has("objectRef"));
    }

    private Lightkeeper operator(KubernetesClient client, String watched) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "LIGHTKEEPER_WATCH_NAMESPACES", watched,
                "LIGHTKEEPER_NAMESPACE", "lightkeeper",
                "LIGHTKEEPER_POD_NAME", "lightkeeper-0",
                "LIGHTKEEPER_LISTEN", "0",
                "LIGHTKEEPER_SPEED", SPEED,
                "LIGHTKEEPER_AWS_ENDPOINT", aws.endpoint().toString(),
                "LIGHTKEEPER_PROBE_PRIVATE_ADDRESSES", "true"));
        return Lightkeeper.start(
                ((Parsed.Valid) Environment.parse(environment)).config(),
                client,
                new Assembly(),
                fatal::incrementAndGet,
                Clock.systemUTC(),
                new SecureRandom());
    }

    private static void untilReady(String name, String revision) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode service = Repository.documents(kubectl("get", "sdep/" + name, "-n", "production", "-o", "json")
                            .orThrow())
                    .getFirst();
            assertThat(service.at("/status/lastVerifiedRevision").asText())
                    .as(service.at("/status/conditions").toString())
                    .isEqualTo(revision);
            assertThat(service.at("/status/observedGeneration").asLong())
                    .isEqualTo(service.at("/metadata/generation").asLong());
        });
    }

    /** Verb, group, resource and where, as {@code granted} has them. */
    private static String used(JsonNode request) {
        JsonNode object = request.get("objectRef");
        String resource = object.path("resource").asText()
                + (object.has("subresource") ? "/" + object.path("subresource").asText() : "");
        return "%s %s.%s"
                .formatted(
                        request.path("verb").asText(),
                        resource,
                        object.path("apiGroup").asText());
    }

    /** All that a binding gives to the ServiceAccount. */
    private static Set<String> granted() {
        Set<String> granted = new TreeSet<>();
        for (String kind : List.of("clusterrole", "role")) {
            JsonNode bindings = Repository.documents(
                            kubectl("get", kind + "binding", "-A", "-o", "json").orThrow())
                    .getFirst();
            for (JsonNode binding : bindings.path("items")) {
                if (!binding.path("subjects").toString().contains("\"name\":\"lightkeeper\"")) {
                    continue;
                }
                String namespace = binding.at("/metadata/namespace").asText("default");
                JsonNode role = Repository.documents(kubectl(
                                        "get",
                                        kind,
                                        binding.at("/roleRef/name").asText(),
                                        "-n",
                                        namespace,
                                        "-o",
                                        "json")
                                .orThrow())
                        .getFirst();
                role.path("rules").forEach(rule -> rights(rule).forEach(granted::add));
            }
        }
        return granted;
    }

    private static Stream<String> rights(JsonNode rule) {
        return texts(rule.path("verbs"))
                .flatMap(verb -> texts(rule.path("resources"))
                        .flatMap(resource -> texts(rule.path("apiGroups"))
                                .map(group -> "%s %s.%s".formatted(verb, resource, group))));
    }

    private static Stream<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText);
    }

    private static Command.Output kubectl(String... arguments) {
        return server.kubectl().run(arguments);
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
              access:
                namespaces: {matchLabels: {team: core}}
                serviceNamePatterns: [api, gateway]
                parameterPaths: ["/{namespace}/*"]
                ec2: {instanceTags: {managed-by: lightkeeper}, runAsUsers: [ubuntu], logGroups: ["/{namespace}/*"]}
                probeHosts: [gateway.example.com]
                allowDeletion: true
            """;

    private static final String ON_HOSTS = """
            apiVersion: lightkeeper.dev/v1alpha1
            kind: ServiceDeployment
            metadata: {name: gateway, namespace: production}
            spec:
              scale: 1
              minimumScale: 1
              ec2:
                hosts: {select: {tags: {Service: gateway}}}
                runtime: Docker
                runAs: ubuntu
                publicUrl: https://gateway.example.com
                logGroup: {name: /production/gateway, stream: gateway}
              containers:
                - name: api
                  image: ghcr.io/acme/api:1.4.162
                  ports: [{containerPort: 3697, hostPort: 3697}]
                  env:
                    - {name: AI_MAX_TOKENS_CHAT, value: "1"}
                    - {name: AI_MAX_TOKENS_SUMMARY, value: "1"}
              readiness: {path: /health/ready, port: 3697, from: Host, periodSeconds: 1, timeoutSeconds: 1}
              verification:
                forbiddenLogPatterns: [{name: fatal, pattern: FATAL, enforcement: Advisory}]
              rollout: {minReadySeconds: 1, bakeSeconds: 1}
              deletionPolicy: Delete
            """;

    private static String service(String image, String tags) {
        return """
                apiVersion: lightkeeper.dev/v1alpha1
                kind: ServiceDeployment
                metadata: {name: api, namespace: production}
                spec:
                  lightsail: {serviceName: api, power: nano, tags: {%s}}
                  scale: 2
                  containers:
                    - name: api
                      image: "ghcr.io/acme/api:1.4.%s"
                      ports: [{containerPort: 3697}]
                      envFrom: [{configMapRef: {name: api}}, {secretRef: {name: api}}, {ssmPath: {path: /production/all/}}]
                      env:
                        - {name: TOKEN, valueFrom: {ssmParameterRef: {name: /production/token}}}
                        - {name: AI_MAX_TOKENS_CHAT, value: "1"}
                        - {name: AI_MAX_TOKENS_SUMMARY, value: "1"}
                  publicEndpoint: {healthCheck: {path: /health/live}}
                  readiness: {path: /health/ready, periodSeconds: 1, timeoutSeconds: 1}
                  verification:
                    deadlineSeconds: 780
                    logMilestones: [{name: listening, pattern: "Listening on port", withinSeconds: 600}]
                  rollout: {minReadySeconds: 1, bakeSeconds: 1}
                  revisionHistoryLimit: 2
                  deletionPolicy: Delete
                """.formatted(tags, image);
    }
}
