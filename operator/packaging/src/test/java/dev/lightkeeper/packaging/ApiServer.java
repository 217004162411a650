package dev.lightkeeper.packaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import dev.lightkeeper.kube.KubernetesClients;
import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A real kube-apiserver with RBAC and an audit log. It has neither controllers nor nodes: nothing that a Deployment declares
 * ever runs. There are two for the JVM, so that what is installed can be tested while operators run.
 */
final class ApiServer {
    /** For {@link org.junit.jupiter.api.parallel.ResourceLock}. */
    static final String OF_OPERATORS = "api-server-of-operators";

    private static final String VERSION = "1.37.2";
    private static final String AUDIT_POLICY = """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            omitStages: [RequestReceived, ResponseStarted]
            rules:
              - level: Metadata
                userGroups: ["system:serviceaccounts"]
              - level: None
            """;

    private static @Nullable ApiServer shared;
    private static @Nullable ApiServer ofOperators;

    private final KubeAPIServer server;
    private final Path folder;

    private ApiServer(KubeAPIServer server, Path folder) {
        this.server = server;
        this.folder = folder;
    }

    /** Starts it at the first call; the kinds of the Prometheus operator are known to it. */
    static synchronized ApiServer shared() {
        if (shared == null) {
            shared = start();
        }
        return shared;
    }

    /** The same for tests in which an operator runs, which take long; they hold {@link #OF_OPERATORS}. */
    static synchronized ApiServer ofOperators() {
        if (ofOperators == null) {
            ofOperators = start();
        }
        return ofOperators;
    }

    private static ApiServer start() {
        try {
            Path folder = Files.createTempDirectory("packaging-api-server");
            Files.writeString(folder.resolve("audit-policy.yaml"), AUDIT_POLICY);
            KubeAPIServer server = new KubeAPIServer(KubeAPIServerConfigBuilder.anAPIServerConfig()
                    .withOfflineMode(true)
                    .withApiServerVersion(VERSION)
                    .withUpdateKubeConfig(false)
                    .withApiServerFlag("--bind-address", "127.0.0.1")
                    .withApiServerFlag(
                            "--audit-policy-file",
                            folder.resolve("audit-policy.yaml").toString())
                    .withApiServerFlag(
                            "--audit-log-path", folder.resolve("audit.log").toString())
                    .withApiServerFlag("--audit-log-mode", "blocking-strict")
                    .build());
            server.start();
            // Its processes outlive a JVM that does not stop them.
            Runtime.getRuntime().addShutdownHook(new Thread(server::stop, "stop-kube-apiserver"));
            Files.writeString(folder.resolve("kubeconfig"), server.getKubeConfigYaml());
            ApiServer started = new ApiServer(server, folder);
            started.kubectl()
                    .run(
                            "apply",
                            "--server-side",
                            "-f",
                            Command.tools().resolve("crds").toString())
                    .orThrow();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path kubeConfig() {
        return folder.resolve("kubeconfig");
    }

    /** With all rights. */
    KubernetesClient client() {
        return KubernetesClients.client(config());
    }

    Config config() {
        return Config.fromKubeconfig(server.getKubeConfigYaml());
    }

    /** As a pod of the namespace with this ServiceAccount, and nothing else: a token that the API server gives out for it. */
    Config serviceAccount(String name) {
        String token = kubectl()
                .run("create", "token", name, "-n", "lightkeeper")
                .orThrow()
                .strip();
        return new ConfigBuilder(config())
                .withClientCertData(null)
                .withClientCertFile(null)
                .withClientKeyData(null)
                .withClientKeyFile(null)
                .withOauthToken(token)
                .build();
    }

    /** With all rights. */
    void apply(String manifest) {
        kubectl().run(List.of("apply", "--server-side", "-f", "-"), manifest).orThrow();
    }

    /** With all rights. */
    Command kubectl() {
        String platform = "linux-" + (System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64");
        Path kubectl = Path.of(Objects.requireNonNull(System.getenv("KUBE_API_TEST_DIR")))
                .resolve("k8s/%s-%s/kubectl".formatted(VERSION, platform));
        return new Command(kubectl, Map.of("KUBECONFIG", kubeConfig().toString(), "HOME", folder.toString()));
    }

    Command helm(Helm helm) {
        return helm.command(kubeConfig(), folder.resolve("helm"));
    }

    /** Makes it if it is not there. */
    void namespace(String name, Map<String, String> labels) {
        try (KubernetesClient client = client()) {
            var _ = client.resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(name)
                            .withLabels(labels)
                            .endMetadata()
                            .build())
                    .serverSideApply();
        }
    }

    /** Nobody removes what is in a namespace that goes, so namespaces stay. */
    void removeProduct() {
        String ours = "app.kubernetes.io/part-of=lightkeeper";
        for (String kind : List.of("servicedeployments.lightkeeper.dev", "awsaccounts.lightkeeper.dev")) {
            var _ = kubectl().run("delete", kind, "--all", "--all-namespaces");
        }
        kubectl()
                .run("delete", "deploy,svc,sa,pdb,netpol,cm,role,rolebinding", "-A", "-l", ours)
                .orThrow();
        kubectl().run("delete", "clusterrole,clusterrolebinding", "-l", ours).orThrow();
        kubectl()
                .run(
                        "delete",
                        "crd",
                        "servicedeployments.lightkeeper.dev",
                        "awsaccounts.lightkeeper.dev",
                        "--ignore-not-found")
                .orThrow();
    }

    /** Until it serves all kinds that it was told of: Helm does not wait for those in templates. */
    void servesEveryKind() {
        kubectl()
                .run("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s")
                .orThrow();
    }

    /**
     * What ServiceAccounts have asked for, in order.
     *
     * @param from so many are left out
     */
    List<JsonNode> audit(int from) {
        try {
            String written = new String(Files.readAllBytes(folder.resolve("audit.log")), UTF_8);
            // The last line may still be being written.
            String lines = written.substring(0, written.lastIndexOf('\n') + 1)
                    .lines()
                    .skip(from)
                    .collect(Collectors.joining("\n"));
            try (MappingIterator<JsonNode> requests =
                    Repository.JSON.readerFor(JsonNode.class).readValues(lines)) {
                return requests.readAll();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
