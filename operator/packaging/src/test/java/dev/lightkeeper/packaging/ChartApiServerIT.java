package dev.lightkeeper.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart on a real API server. Nothing waits for pods: there is nobody to run them. */
@EnabledIfEnvironmentVariable(named = Command.TOOLS, matches = ".+", disabledReason = Command.WITHOUT_TOOLS)
@SuppressWarnings("NullAway.Init")
class ChartApiServerIT {
    private static final String CHART = Repository.CHART.toString();
    private static final List<String> OURS =
            List.of("clusterrole,clusterrolebinding", "role,rolebinding,deployment,service,sa,pdb,netpol,cm");

    private static ApiServer server;

    @BeforeAll
    static void start() {
        server = ApiServer.shared();
    }

    @BeforeEach
    void namespaces() {
        List.of("lightkeeper", "production", "staging")
                .forEach(name -> server.namespace(name, Map.of("pod-security.kubernetes.io/enforce", "restricted")));
    }

    @AfterEach
    void nothingStays() {
        for (String release : List.of("lightkeeper", "other")) {
            helm(Helm.HELM_4, "uninstall", release, "--ignore-not-found").orThrow();
        }
        server.removeProduct();
    }

    private static Command.Output helm(Helm helm, String... arguments) {
        return server.helm(helm)
                .run(
                        Stream.concat(Stream.of(arguments), Stream.of("--namespace", "lightkeeper"))
                                .toList(),
                        "");
    }

    private static Command.Output kubectl(String... arguments) {
        return server.kubectl().run(arguments);
    }

    private static Command.Output apply(String... arguments) {
        List<String> all = new ArrayList<>(List.of("apply", "--server-side"));
        all.addAll(List.of(arguments));
        return server.kubectl().run(all, "");
    }

    private static JsonNode get(String... arguments) {
        List<String> all = new ArrayList<>(List.of("get", "-o", "json"));
        all.addAll(List.of(arguments));
        return Repository.documents(server.kubectl().run(all, "").orThrow()).getFirst();
    }

    /** A service and its account, as users have them. */
    private static void samples() {
        server.servesEveryKind();
        String samples = Repository.MANIFESTS.resolve("samples").toString();
        apply("-f", samples).orThrow();
    }

    @ParameterizedTest
    @EnumSource
    void installUpgradeRollbackAndUninstall(Helm helm) {
        String notes = helm(helm, "install", "lightkeeper", CHART).orThrow();
        assertThat(notes)
                .contains(
                        "rollout status deployment/lightkeeper",
                        "helm test lightkeeper -n lightkeeper",
                        "kubectl wait --for=condition=Ready awsacct/default",
                        "kubectl get sdep -A");
        assertThat(get("deployment/lightkeeper", "-n", "lightkeeper")
                        .at("/spec/replicas")
                        .asInt())
                .isEqualTo(2);
        samples();

        helm(helm, "upgrade", "lightkeeper", CHART, "--set", "watchNamespaces={production}", "--set", "replicaCount=3")
                .orThrow();
        assertThat(get("role", "-n", "production").at("/items/0/metadata/name").asText())
                .isEqualTo("lightkeeper-services");
        assertThat(get("clusterrole/lightkeeper").path("rules"))
                .noneMatch(rule -> rule.path("resources").toString().contains("secrets"));

        helm(helm, "rollback", "lightkeeper", "1").orThrow();
        assertThat(get("role", "-n", "production").path("items")).isEmpty();
        assertThat(get("deployment/lightkeeper", "-n", "lightkeeper")
                        .at("/spec/replicas")
                        .asInt())
                .isEqualTo(2);

        helm(helm, "uninstall", "lightkeeper").orThrow();
        for (String kinds : OURS) {
            assertThat(get(kinds, "-A", "-l", "app.kubernetes.io/instance=lightkeeper")
                            .path("items"))
                    .isEmpty();
        }
    }

    /** Nobody but the operator touches AWS: what stays declared stays as it is. */
    @ParameterizedTest
    @EnumSource
    void uninstallingLeavesEveryResourceAsItIs(Helm helm) {
        helm(helm, "install", "lightkeeper", CHART).orThrow();
        samples();
        JsonNode before = get("sdep,awsacct", "-A");

        helm(helm, "uninstall", "lightkeeper").orThrow();

        assertThat(before.path("items")).hasSize(5);
        assertThat(get("sdep,awsacct", "-A").path("items")).isEqualTo(before.path("items"));

        helm(helm, "install", "lightkeeper", CHART).orThrow();
        assertThat(get("sdep,awsacct", "-A").path("items")).isEqualTo(before.path("items"));
    }

    @ParameterizedTest
    @EnumSource
    void anUpgradeBringsTheCrdsUpToDate(Helm helm, @TempDir Path folder) throws IOException {
        Path older = folder.resolve("lightkeeper");
        for (Path file : Repository.files(Repository.CHART, "")) {
            Path copy = older.resolve(Repository.CHART.relativize(file));
            Files.createDirectories(copy.getParent());
            Files.writeString(copy, Repository.read(file).replace("name: REVISION\n", "name: RELEASE\n"));
        }
        helm(helm, "install", "lightkeeper", older.toString()).orThrow();
        samples();
        assertThat(columns()).contains("RELEASE").doesNotContain("REVISION");

        helm(helm, "upgrade", "lightkeeper", CHART).orThrow();

        assertThat(columns()).contains("REVISION").doesNotContain("RELEASE");
        assertThat(get("sdep", "-A").path("items")).hasSize(4);
    }

    private static List<String> columns() {
        return get("crd/servicedeployments.lightkeeper.dev")
                .at("/spec/versions/0/additionalPrinterColumns")
                .findValuesAsText("name");
    }

    /** From `kubectl apply -f crds/`, or from a release of another name. */
    @ParameterizedTest
    @EnumSource
    void crdsThatAreThereAreTakenOverWhenAsked(Helm helm) {
        apply("-f", Repository.ROOT.resolve("crds").toString()).orThrow();

        Command.Output refused = helm(helm, "install", "other", CHART);
        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.err()).contains("invalid ownership metadata");

        List<String> force = helm == Helm.HELM_4 ? List.of("--force-conflicts") : List.of();
        List<String> install = new ArrayList<>(List.of("install", "other", CHART, "--take-ownership"));
        install.addAll(force);
        helm(helm, install.toArray(String[]::new)).orThrow();
        assertThat(get("crd/servicedeployments.lightkeeper.dev")
                        .at("/metadata/annotations/helm.sh~1resource-policy")
                        .asText())
                .isEqualTo("keep");
    }

    /** The kind is as new to the API server as the release. Helm 3 changes nothing in the upgrade that takes it on. */
    @ParameterizedTest
    @EnumSource
    void oneInstallMakesTheDefaultAccountWhichUpgradesTakeOnAndWhichOutlivesTheChart(Helm helm) {
        String values = Helm.values("everything").toString();
        String auto = "defaultAccount.render=Auto";

        assertThat(helm(helm, "install", "lightkeeper", CHART, "--values", values, "--set", auto)
                        .orThrow())
                .contains("kubectl wait --for=condition=Ready awsacct/default");
        JsonNode installed = get("awsacct/default");
        assertThat(installed.at("/spec/accountId").asText()).isEqualTo("123456789012");

        helm(helm, "upgrade", "lightkeeper", CHART, "--values", values, "--set", auto)
                .orThrow();
        String other = "defaultAccount.spec.defaultRegion=us-west-2,defaultAccount.spec.allowedRegions={us-west-2}";
        helm(helm, "upgrade", "lightkeeper", CHART, "--values", values, "--set", auto + "," + other)
                .orThrow();
        JsonNode upgraded = get("awsacct/default");
        assertThat(upgraded.at("/spec/defaultRegion").asText()).isEqualTo("us-west-2");
        assertThat(upgraded.at("/metadata/uid")).isEqualTo(installed.at("/metadata/uid"));

        helm(helm, "rollback", "lightkeeper", "1").orThrow();
        helm(helm, "uninstall", "lightkeeper").orThrow();

        JsonNode left = get("awsacct/default");
        assertThat(left.at("/metadata/uid")).isEqualTo(installed.at("/metadata/uid"));
        assertThat(left.at("/metadata/deletionTimestamp").isMissingNode()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"standard", "everything", "namespaced", "least"})
    void theApiServerTakesEveryObjectWithoutAWarning(String values) {
        apply("-f", Repository.ROOT.resolve("crds").toString()).orThrow();
        String rendered =
                Helm.HELM_4.template("--values", Helm.values(values).toString()).orThrow();

        Command.Output output = server.kubectl()
                .run(
                        List.of(
                                "apply",
                                "--server-side",
                                "--force-conflicts",
                                "--dry-run=server",
                                "--validate=strict",
                                "-f",
                                "-"),
                        rendered);

        output.orThrow();
        assertThat(output.out().lines().count())
                .isEqualTo(Repository.documents(rendered).size());
        assertThat(output.err()).isEmpty();
    }

    /** The API server checks pods against the namespace's Pod Security level; of Deployments it would only warn. */
    @Test
    void thePodsFitTheRestrictedSecurityStandard() {
        server.namespace("lightkeeper", Map.of("pod-security.kubernetes.io/enforce", "restricted"));
        List<JsonNode> rendered = Repository.documents(Helm.HELM_4.template().orThrow());
        ObjectNode pod = rendered.stream()
                .filter(object -> object.path("kind").asText().equals("Deployment"))
                .findFirst()
                .orElseThrow()
                .at("/spec/template")
                .deepCopy();
        pod.put("apiVersion", "v1").put("kind", "Pod");
        ((ObjectNode) pod.get("metadata")).put("name", "operator").put("namespace", "lightkeeper");
        kubectl("create", "serviceaccount", "lightkeeper", "-n", "lightkeeper").orThrow();
        JsonNode test = rendered.stream()
                .filter(object -> object.path("kind").asText().equals("Pod"))
                .findFirst()
                .orElseThrow();

        for (JsonNode allowed : List.of(pod, test)) {
            Command.Output output = create(allowed);
            output.orThrow();
            assertThat(output.err()).isEmpty();
        }
        ((ObjectNode) pod.at("/spec/containers/0/securityContext")).put("allowPrivilegeEscalation", true);
        assertThat(create(pod).err()).contains("violates PodSecurity");
        kubectl("delete", "serviceaccount", "lightkeeper", "-n", "lightkeeper").orThrow();
    }

    private static Command.Output create(JsonNode pod) {
        return server.kubectl().run(List.of("create", "--dry-run=server", "-f", "-"), Repository.toYaml(pod));
    }
}
