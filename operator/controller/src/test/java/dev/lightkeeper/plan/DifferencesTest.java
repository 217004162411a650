package dev.lightkeeper.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.desired.Content.EndpointContent;
import dev.lightkeeper.desired.DigestedContent;
import dev.lightkeeper.desired.DigestedContent.DigestedContainer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DifferencesTest {
    private static final EndpointContent ENDPOINT = new EndpointContent("api", 80, "/live", "200", 10, 5, 2, 2);
    private static final DigestedContainer API = container("api:1", List.of(), Map.of("A", "1"), Map.of(80, "HTTP"));
    private static final DigestedContent WANTED = of(Map.of("api", API), ENDPOINT);

    private static DigestedContainer container(
            String image, List<String> command, Map<String, String> environment, Map<Integer, String> ports) {
        return new DigestedContainer(image, command, new TreeMap<>(environment), new TreeMap<>(ports));
    }

    private static DigestedContent of(Map<String, DigestedContainer> containers, EndpointContent endpoint) {
        return new DigestedContent(new TreeMap<>(containers), endpoint);
    }

    private static List<Reason> reasons(DigestedContent live) {
        return Differences.between(WANTED, live).stream()
                .map(Difference::reason)
                .toList();
    }

    @Test
    void sameReleaseDoesNotDiffer() {
        assertThat(Differences.between(WANTED, WANTED)).isEmpty();
    }

    @Test
    void everyPartThatDiffersIsToldWithItsReason() {
        DigestedContainer other = container("api:2", List.of("node"), Map.of("A", "2"), Map.of(81, "HTTP"));
        EndpointContent endpoint = new EndpointContent("api", 81, "/live", "200", 10, 5, 2, 2);
        assertThat(reasons(of(Map.of("api", other), endpoint)))
                .containsExactly(
                        Reason.ImageMismatch,
                        Reason.EnvironmentMismatch,
                        Reason.ContentMismatch,
                        Reason.ContentMismatch,
                        Reason.EndpointMismatch);
    }

    @Test
    void containersThatAreMissingOrTooManyAreContent() {
        assertThat(reasons(of(Map.of("job", API), ENDPOINT)))
                .containsExactly(Reason.ContentMismatch, Reason.ContentMismatch);
    }

    @Test
    void variablesAreNamedUpToTenAndTheirDigestsNever() {
        Map<String, String> many = new TreeMap<>();
        IntStream.range(10, 25).forEach(i -> many.put("V" + i, "digest" + i));
        DigestedContent live = of(Map.of("api", container("api:1", List.of(), many, Map.of(80, "HTTP"))), ENDPOINT);
        assertThat(Differences.between(WANTED, live))
                .singleElement()
                .satisfies(difference -> assertThat(difference.message())
                        .contains("A, V10, V11", "V18 and 6 more")
                        .doesNotContain("digest", "V19"));
    }
}
