package dev.lightkeeper.simulators.kubernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class CasesTest {
    @Test
    void everyCaseHasOneRecordingAndEveryRecordingOneCase() throws IOException {
        List<String> names = CaseFile.readAll(Conformance.RESOURCES.resolve("cases")).stream()
                .map(Case::name)
                .toList();

        assertThat(names)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(Conformance.recordings().names());
    }

    @Test
    void everyCaseSaysItsRuleAndHasANameThatIsANamespace() throws IOException {
        assertThat(CaseFile.readAll(Conformance.RESOURCES.resolve("cases"))).allSatisfy(known -> {
            assertThat(known.about()).isNotBlank();
            assertThat(known.name()).matches("[a-z0-9-]{3,50}");
            assertThat(known.steps()).isNotEmpty();
        });
    }

    @Test
    void onlyKnownCasesAreLimitsAndEachSaysWhy() throws IOException {
        List<String> names = CaseFile.readAll(Conformance.RESOURCES.resolve("cases")).stream()
                .map(Case::name)
                .toList();

        assertThat(Conformance.limits()).allSatisfy((name, reason) -> {
            assertThat(names).contains(name);
            assertThat(reason).isNotBlank();
        });
    }
}
