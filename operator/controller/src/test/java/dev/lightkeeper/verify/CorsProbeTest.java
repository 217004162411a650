package dev.lightkeeper.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.verify.Prober.Answer;
import dev.lightkeeper.verify.Prober.Answer.NoResponse;
import dev.lightkeeper.verify.Prober.Answer.Response;
import dev.lightkeeper.verify.Prober.Fault;
import dev.lightkeeper.verify.Prober.Request;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a browser would refuse is refused. */
class CorsProbeTest {
    private static final String ORIGIN = "https://app.example.com";
    private static final Map<String, String> ALLOWED = Map.of("access-control-allow-origin", ORIGIN);

    private final List<String> asked = new ArrayList<>();

    private Judgement judge(String method, Answer preflight, Answer actual, Answer astray) {
        CorsProbe probe =
                new CorsProbe(request("OPTIONS", "/x"), request("GET", "/x"), request("GET", "/y"), ORIGIN, method);
        return probe.judge(preflight, request -> {
            asked.add(request.method() + " " + request.uri().getPath());
            return request.uri().getPath().equals("/x") ? actual : astray;
        });
    }

    private static Request request(String method, String path) {
        return new Request(method, URI.create("http://a" + path), Map.of(), Duration.ofSeconds(5));
    }

    @SafeVarargs
    private static Answer answer(int status, Map<String, String>... headers) {
        Map<String, List<String>> all = new TreeMap<>();
        for (Map<String, String> some : headers) {
            some.forEach((name, value) -> all.put(name, List.of(value)));
        }
        return new Response(status, all, "", false, Duration.ZERO);
    }

    private static Map<String, String> methods(String list) {
        return Map.of("access-control-allow-methods", list);
    }

    private static final Map<String, String> CREDENTIALS = Map.of("access-control-allow-credentials", "true");
    private static final Map<String, String> ANY = Map.of("access-control-allow-origin", "*");

    @Test
    void preflightRequestAndErrorAnswerAreAllAsked() {
        assertThat(judge("GET", answer(204, ALLOWED), answer(200, ALLOWED), answer(404, ALLOWED)))
                .isInstanceOf(Judgement.Passed.class);
        assertThat(asked).containsExactly("GET /x", "GET /y");
    }

    @Test
    void aPreflightThatIsNotAnsweredWell() {
        assertMissed("GET", answer(405, ALLOWED), "the preflight was answered 405, expected 200-299");
        assertMissed("GET", answer(204), "the preflight has no header access-control-allow-origin");
        assertMissed(
                "GET",
                answer(204, Map.of("access-control-allow-origin", "https://staging.example.com")),
                "the preflight allows another origin only");
        assertMissed(
                "GET",
                new Response(
                        204, Map.of("access-control-allow-origin", List.of(ORIGIN, ORIGIN)), "", false, Duration.ZERO),
                "the preflight has more than one header access-control-allow-origin, which browsers refuse");
        assertMissed("GET", answer(302), "answered 302, a redirect; redirects are not followed");
    }

    @Test
    void anyOriginTogetherWithCredentialsIsRefused() {
        assertMissed(
                "GET",
                answer(204, ANY, CREDENTIALS),
                "the preflight allows any origin together with credentials, which browsers refuse");
        assertThat(judge("GET", answer(204, ANY), answer(200, ANY), answer(404, ANY)))
                .isInstanceOf(Judgement.Passed.class);
    }

    @Test
    void aMethodBeyondTheSimpleOnesHasToBeNamed() {
        assertMissed("PUT", answer(204, ALLOWED), "the preflight does not allow method PUT");
        assertMissed("PUT", answer(204, ALLOWED, methods("GET, PATCH")), "the preflight does not allow method PUT");
        assertMissed("PUT", answer(204, ALLOWED, CREDENTIALS, methods("*")), "the preflight does not allow method PUT");
        for (Answer preflight :
                List.of(answer(204, ALLOWED, methods("GET, PUT")), answer(204, ALLOWED, methods("*")))) {
            assertThat(judge("PUT", preflight, answer(200, ALLOWED), answer(404, ALLOWED)))
                    .isInstanceOf(Judgement.Passed.class);
        }
        assertThat(judge("POST", answer(204, ALLOWED), answer(405, ALLOWED), answer(404, ALLOWED)))
                .isInstanceOf(Judgement.Passed.class);
    }

    @Test
    void theAnswerItselfNeedsTheHeaderWhateverItsStatus() {
        assertThat(judge("GET", answer(204, ALLOWED), answer(500), answer(404, ALLOWED)))
                .isEqualTo(new Judgement.Missed("the answer to GET has no header access-control-allow-origin", true));
    }

    @Test
    void anErrorAnswerNeedsTheHeaderTooButWhatIsNoErrorSaysNothing() {
        assertThat(judge("GET", answer(204, ALLOWED), answer(200, ALLOWED), answer(404)))
                .isEqualTo(new Judgement.Missed("an error answer has no header access-control-allow-origin", true));
        assertThat(judge("GET", answer(204, ALLOWED), answer(200, ALLOWED), answer(200)))
                .isInstanceOf(Judgement.Passed.class);
    }

    @Test
    void whatGivesNoAnswerIsJudgedAsEverywhere() {
        assertThat(judge("GET", new NoResponse(Fault.CONNECT, "refused"), answer(200), answer(404)))
                .isEqualTo(new Judgement.Missed("refused", false));
        assertThat(judge("GET", answer(204, ALLOWED), new NoResponse(Fault.REFUSED_ADDRESS, "private"), answer(404)))
                .isEqualTo(new Judgement.Unclear("private"));
        assertThat(judge("GET", answer(204, ALLOWED), answer(429), answer(404))).isInstanceOf(Judgement.Unclear.class);
        assertThat(judge("GET", answer(429), answer(200), answer(404))).isInstanceOf(Judgement.Unclear.class);
    }

    private void assertMissed(String method, Answer preflight, String message) {
        assertThat(judge(method, preflight, answer(200, ALLOWED), answer(404, ALLOWED)))
                .isEqualTo(new Judgement.Missed(message, true));
    }
}
