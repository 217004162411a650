package dev.lightkeeper.simulators.kubernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.lightkeeper.simulators.kubernetes.KubernetesApi;
import dev.lightkeeper.simulators.kubernetes.RealApiServer;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The suite against the embedded API: it answers as kube-apiserver was recorded to answer, limits aside. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConformanceIT {
    private final KubernetesApi api = KubernetesApi.builder().start();
    private final Conformance suite;

    ConformanceIT(@TempDir Path folder) throws IOException, GeneralSecurityException {
        suite = new Conformance(api.kubeconfig(), RecordedKubectl.find().orElse(null), folder);
    }

    @BeforeAll
    void prepare() throws IOException, InterruptedException {
        suite.installCrds();
    }

    @TestFactory
    Stream<DynamicTest> embeddedApiAnswersAsKubeApiServer() throws IOException {
        List<Case> cases = Conformance.cases();
        Recordings recordings = Conformance.recordings();
        Map<String, String> limits = Conformance.limits();
        Stream<DynamicTest> tests = suite.tests(cases, (known, actual) -> {
            String limit = limits.get(known.name());
            String differences = recordings.differences(known, actual);
            if (limit == null) {
                assertThat(differences).as(known.about()).isEmpty();
            } else {
                assertThat(differences).as("no longer a limit: " + limit).isNotEmpty();
            }
        });
        return RecordedKubectl.find().isPresent() ? tests : Stream.concat(tests, Stream.of(skipped(cases)));
    }

    private static DynamicTest skipped(List<Case> cases) {
        // The end of the build says so, too.
        return DynamicTest.dynamicTest(
                "kubectl",
                () -> abort("%d cases need kubectl %s, which neither %s nor PATH has"
                        .formatted(
                                cases.stream().filter(Case::needsKubectl).count(),
                                RealApiServer.VERSION,
                                RealApiServer.FOLDER)));
    }

    @AfterAll
    void stop() {
        suite.close();
        api.close();
    }
}
