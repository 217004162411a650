package dev.lightkeeper.simulators.kubernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The suite against a real kube-apiserver, which proves that the recordings are its answers. With
 * {@code -Dconformance.record=true} it writes them instead.
 */
class ConformanceApiServerIT {
    private static final Logger LOG = LoggerFactory.getLogger(ConformanceApiServerIT.class);
    private static final AtomicReference<@Nullable KubeAPIServer> SERVER = new AtomicReference<>();

    private static @Nullable Conformance suite;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void start() throws IOException, GeneralSecurityException, InterruptedException {
        if (!Binaries.hasApiServer()) {
            String reason =
                    "Skipping the conformance suite on a real kube-apiserver: %s names no folder with version %s"
                            .formatted(Binaries.FOLDER, Binaries.VERSION);
            // Maven shows how many tests were skipped, but not why.
            LOG.warn(reason);
            abort(reason);
        }
        KubeAPIServer server = new KubeAPIServer(KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withOfflineMode(true)
                .withApiServerVersion(Binaries.VERSION)
                .withUpdateKubeConfig(false)
                .withApiServerFlag("--bind-address", "127.0.0.1")
                .build());
        server.start();
        // Its processes outlive a JVM that does not stop them.
        Runtime.getRuntime().addShutdownHook(new Thread(ConformanceApiServerIT::stopServer, "stop-kube-apiserver"));
        SERVER.set(server);
        Path kubectl = Binaries.kubectl().orElseThrow();
        suite = new Conformance(server.getKubeConfigYaml(), kubectl, folder);
        suite.installCrds();
    }

    @TestFactory
    Stream<DynamicTest> realApiServerAnswersAsRecorded() throws IOException {
        Conformance running = suite;
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        List<Case> cases = Conformance.cases();
        Recordings recordings = Conformance.recordings();
        if (Boolean.getBoolean("conformance.record")) {
            return Stream.concat(
                    running.tests(cases, recordings::put),
                    Stream.of(DynamicTest.dynamicTest("write", () -> write(recordings))));
        }
        return running.tests(
                cases,
                (known, actual) -> assertThat(recordings.differences(known, actual))
                        .as(known.about())
                        .isEmpty());
    }

    private static void write(Recordings recordings) throws IOException {
        var themes = CaseFile.readAll(Conformance.RESOURCES.resolve("cases")).stream()
                .collect(Collectors.groupingBy(Case::theme));
        for (var theme : themes.entrySet()) {
            recordings.write(theme.getKey(), theme.getValue());
        }
    }

    @AfterAll
    static void stop() {
        if (suite != null) {
            suite.close();
        }
        stopServer();
    }

    private static void stopServer() {
        KubeAPIServer server = SERVER.getAndSet(null);
        if (server != null) {
            server.stop();
        }
    }
}
