package dev.lightkeeper.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Expectation;
import dev.lightkeeper.verify.Prober.Answer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A path that must be absent, and the pages that pretend. */
class PathProbeTest {
    private static final Expectation ABSENT = new Expectation(List.of(), List.of(), List.of(), List.of(), null, true);
    private static final String SHELL = "<!DOCTYPE html><title>App</title>";

    private Judgement judge(Answer answer, Map<String, Answer> elsewhere) {
        return new PathProbe(
                        new Prober.Request("GET", URI.create("http://a/api/gone"), Map.of(), Duration.ofSeconds(5)),
                        ABSENT,
                        new Expectations((body, pointer) -> new JsonReader.Reading.NotJson()),
                        "/api/stray")
                .judge(answer, request -> elsewhere.getOrDefault(request.uri().getPath(), page(404, "")));
    }

    private static Answer page(int status, String body) {
        return new Answer.Response(status, Map.of(), body, false, Duration.ZERO);
    }

    @Test
    void notFoundAndGoneAreAbsent() {
        assertThat(judge(page(404, ""), Map.of())).isInstanceOf(Judgement.Passed.class);
        assertThat(judge(page(410, "{\"statusCode\":410}"), Map.of("/", page(200, "{\"statusCode\":410}"))))
                .isInstanceOf(Judgement.Passed.class);
        assertThat(judge(page(404, "<h1>404</h1>"), Map.of("/", page(200, SHELL))))
                .isInstanceOf(Judgement.Passed.class);
        assertThat(judge(page(404, "<h1>404</h1>"), Map.of("/", page(404, "<h1>404</h1>"))))
                .isInstanceOf(Judgement.Passed.class);
    }

    @Test
    void thePageOfASinglePageApplicationIsNotAbsenceWhateverItsStatus() {
        assertThat(judge(page(404, SHELL), Map.of("/", page(200, SHELL))))
                .isEqualTo(new Judgement.Missed(
                        "answered 404 and shows the page of /, as a catch-all does, expected 404 or 410", true));
    }

    @Test
    void aCatchAllPageIsNamedAsOne() {
        assertThat(judge(page(200, SHELL), Map.of("/api/stray", page(200, SHELL))))
                .isEqualTo(new Judgement.Missed(
                        "answered 200 and shows the page that every path shows, expected 404 or 410", true));
        assertThat(judge(page(200, SHELL), Map.of()))
                .isEqualTo(new Judgement.Missed("answered 200, expected 404 or 410", true));
    }

    @Test
    void whatIsUnclearStaysUnclear() {
        assertThat(judge(page(429, "slow down"), Map.of())).isInstanceOf(Judgement.Unclear.class);
        assertThat(judge(new Answer.NoResponse(Prober.Fault.DNS, "no name"), Map.of()))
                .isEqualTo(new Judgement.Missed("no name", false));
    }
}
