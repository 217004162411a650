package dev.lightkeeper.simulators.kubernetes.conformance;

import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;

/** The suite against one server. The cases run at the same time, each in a namespace of its own. */
final class Conformance implements AutoCloseable {
    static final Path RESOURCES = Path.of("src", "test", "resources", "conformance");
    static final Path REPOSITORY = Path.of("..", "..", "..");
    private static final int THREADS = 4;

    private final String kubeConfig;
    private final ApiClient api;
    private final @Nullable Path kubectl;
    private final Path folder;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    /**
     * Prepares a server that is empty.
     *
     * @param kubectl the program; null leaves the cases out that need it
     * @param folder  for the working directories
     */
    Conformance(String kubeConfig, @Nullable Path kubectl, Path folder) throws IOException, GeneralSecurityException {
        this.kubeConfig = kubeConfig;
        this.api = new ApiClient(kubeConfig);
        this.kubectl = kubectl;
        this.folder = folder;
    }

    /** The cases that a developer asked for, or all. */
    static List<Case> cases() throws IOException {
        String wanted = System.getProperty("conformance.cases", ".*");
        return CaseFile.readAll(RESOURCES.resolve("cases")).stream()
                .filter(known -> known.name().matches(wanted))
                .toList();
    }

    static Recordings recordings() throws IOException {
        return Recordings.read(RESOURCES.resolve("recorded"));
    }

    /** What the embedded API does differently on purpose: the case, and why. */
    static Map<String, String> limits() throws IOException {
        return YamlText.MAPPER.readValue(RESOURCES.resolve("limits.yaml").toFile(), new TypeReference<>() {});
    }

    /** One test for each case; {@code check} gets what the server answered. */
    Stream<DynamicTest> tests(List<Case> cases, BiConsumer<Case, ArrayNode> check) {
        Map<Case, Future<ArrayNode>> running = new LinkedHashMap<>();
        cases.stream()
                .filter(known -> kubectl != null || !known.needsKubectl())
                .forEach(known -> running.put(known, threads.submit(() -> run(known))));
        return running.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(
                        entry.getKey().theme() + ": " + entry.getKey().name(),
                        () -> check.accept(entry.getKey(), entry.getValue().get())));
    }

    /** Registers the CRDs of the product and of the cases. */
    void installCrds() throws IOException, InterruptedException {
        List<Path> files = new ArrayList<>();
        for (Path source : List.of(REPOSITORY.resolve("crds"), RESOURCES.resolve("crds"))) {
            try (Stream<Path> found = Files.list(source)) {
                found.sorted().forEach(files::add);
            }
        }
        for (Path file : files) {
            must(api.send(
                    "POST",
                    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                    Map.of("Content-Type", "application/yaml"),
                    Files.readString(file)));
        }
        for (String kinds : List.of("lightkeeper.dev/v1alpha1/awsaccounts", "example.com/v1/widgets")) {
            awaitOk("/apis/" + kinds);
            awaitOk("/openapi/v3/apis/" + kinds.substring(0, kinds.lastIndexOf('/')));
        }
    }

    private void awaitOk(String path) {
        Awaitility.await(path)
                .atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> api.send("GET", path, Map.of(), null).statusCode() == 200);
    }

    private ArrayNode run(Case known) throws Exception {
        must(api.send(
                "POST",
                "/api/v1/namespaces",
                Map.of("Content-Type", "application/json"),
                "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"%s\"}}"
                        .formatted(known.name())));
        return new CaseRun(api, known.needsKubectl() ? kubectl(known) : null, known.name()).outcomes(known.steps());
    }

    private @Nullable Kubectl kubectl(Case known) throws IOException {
        if (kubectl == null) {
            return null;
        }
        Path home = Files.createDirectories(folder.resolve(known.name()));
        Files.writeString(home.resolve("kubeconfig"), KubeConfigs.inNamespace(kubeConfig, known.name()));
        return new Kubectl(kubectl, home, folder.resolve("kubectl-cache"));
    }

    private static void must(HttpResponse<String> response) {
        if (response.statusCode() >= 300) {
            fail("The suite cannot be prepared: %d %s".formatted(response.statusCode(), response.body()));
        }
    }

    @Override
    public void close() {
        var _ = threads.shutdownNow();
        threads.close();
        api.close();
    }
}
