package dev.lightkeeper.simulators.kubernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.simulators.kubernetes.RealApiServer;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The suite against a real kube-apiserver, which proves that the recordings are its answers. With
 * {@code -Dconformance.record=true} it writes them instead.
 */
class ConformanceApiServerIT {
    private static @Nullable RealApiServer server;
    private static @Nullable Conformance suite;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void start() throws IOException, GeneralSecurityException, InterruptedException {
        Path kubectl = RecordedKubectl.find().orElseThrow();
        RealApiServer started = RealApiServer.start();
        server = started;
        suite = new Conformance(started.kubeConfig(), kubectl, folder);
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
        if (server != null) {
            server.close();
        }
    }
}
