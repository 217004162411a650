package dev.lightkeeper.simulators.kubernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.lightkeeper.simulators.kubernetes.KubernetesApi;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The suite against the embedded API: it answers as kube-apiserver was recorded to answer, limits aside. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConformanceIT {
    private static final Logger LOG = LoggerFactory.getLogger(ConformanceIT.class);

    private final KubernetesApi api = KubernetesApi.builder().start();
    private final Conformance suite;

    ConformanceIT(@TempDir Path folder) throws IOException, GeneralSecurityException {
        suite = new Conformance(api.kubeconfig(), Binaries.kubectl().orElse(null), folder);
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
        return Binaries.kubectl().isPresent() ? tests : Stream.concat(tests, Stream.of(skipped(cases)));
    }

    private static DynamicTest skipped(List<Case> cases) {
        String reason = "Skipping the %d conformance cases that need kubectl %s: neither %s nor PATH has it"
                .formatted(cases.stream().filter(Case::needsKubectl).count(), Binaries.VERSION, Binaries.FOLDER);
        // Maven shows how many tests were skipped, but not why.
        LOG.warn(reason);
        return DynamicTest.dynamicTest("kubectl", () -> abort(reason));
    }

    @AfterAll
    void stop() {
        suite.close();
        api.close();
    }
}
