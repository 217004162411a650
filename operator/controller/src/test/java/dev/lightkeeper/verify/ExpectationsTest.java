package dev.lightkeeper.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.lightkeeper.api.v1alpha1.Expectation;
import dev.lightkeeper.api.v1alpha1.HeaderAssertion;
import dev.lightkeeper.api.v1alpha1.JsonAssertion;
import dev.lightkeeper.flow.AsTold;
import dev.lightkeeper.probe.JacksonJsonReader;
import dev.lightkeeper.verify.Judgement.Missed;
import dev.lightkeeper.verify.Judgement.Passed;
import dev.lightkeeper.verify.Judgement.Unclear;
import dev.lightkeeper.verify.Prober.Answer;
import dev.lightkeeper.verify.Prober.Answer.NoResponse;
import dev.lightkeeper.verify.Prober.Answer.Response;
import dev.lightkeeper.verify.Prober.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpectationsTest {
    private static final Expectation EMPTY = new Expectation(List.of(), List.of(), List.of(), List.of(), null, null);
    private static final Expectation ABSENT = new Expectation(List.of(), List.of(), List.of(), List.of(), null, true);

    private final Expectations expectations = new Expectations(new JacksonJsonReader());

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 299})
    void nothingExpectedMeansAnyTwoHundred(int status) {
        assertThat(expectations.judge(null, answer(status, ""))).isEqualTo(new Passed());
        assertThat(expectations.judge(EMPTY, answer(status, ""))).isEqualTo(new Passed());
    }

    @ParameterizedTest
    @ValueSource(ints = {199, 304, 400, 404, 503})
    void nothingExpectedMissesEveryOtherStatus(int status) {
        missed(EMPTY, answer(status, ""), "answered " + status + ", expected 200-299");
        missed(null, answer(status, ""), "answered " + status + ", expected 200-299");
    }

    @Test
    void onlyListedStatusesPass() {
        Expectation expect = status(200, 302, 429);
        assertThat(expectations.judge(expect, answer(302, ""))).isEqualTo(new Passed());
        assertThat(expectations.judge(expect, answer(429, ""))).isEqualTo(new Passed());
        missed(expect, answer(204, ""), "answered 204, expected 200 or 302 or 429");
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 301, 302, 303, 307, 308})
    void redirectIsMissWithItsOwnWords(int status) {
        String words = "answered " + status + ", a redirect; redirects are not followed";
        missed(EMPTY, answer(status, ""), words);
        missed(ABSENT, answer(status, ""), words);
    }

    @Test
    void tooManyRequestsSaysNothingAboutTheService() {
        Unclear unclear = new Unclear("answered 429, too many requests");
        assertThat(expectations.judge(EMPTY, answer(429, ""))).isEqualTo(unclear);
        assertThat(expectations.judge(ABSENT, answer(429, ""))).isEqualTo(unclear);
    }

    @ParameterizedTest
    @CsvSource({"404,true", "410,true", "200,false", "403,false", "500,false"})
    void absentMeansNotFoundOrGone(int status, boolean absent) {
        if (absent) {
            assertThat(expectations.judge(ABSENT, answer(status, "<html>"))).isEqualTo(new Passed());
        } else {
            missed(ABSENT, answer(status, "<html>"), "answered " + status + ", expected 404 or 410");
        }
    }

    @Test
    void absentFalseIsNoExpectation() {
        Expectation expect = new Expectation(List.of(), List.of(), List.of(), List.of(), null, false);
        assertThat(expectations.judge(expect, answer(200, ""))).isEqualTo(new Passed());
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void noResponseIsToldInTheProbersWords(Fault fault) {
        Judgement judgement = expectations.judge(EMPTY, new NoResponse(fault, "words"));
        assertThat(judgement)
                .isEqualTo(
                        switch (fault) {
                            case DNS, CONNECT, TLS -> new Missed("words", false);
                            case TIMEOUT, TRUNCATED, MALFORMED -> new Missed("words", true);
                            case REFUSED_ADDRESS -> new Unclear("words");
                        });
    }

    @Test
    void anyValueOfAHeaderMayMatchAndCaseOfItsNameDoesNotMatter() {
        Expectation expect = header("Content-Type", "^application/json");
        Map<String, List<String>> two =
                Map.of("content-type", List.of("text/plain", "application/json; charset=utf-8"));
        assertThat(expectations.judge(expect, answer(200, two, "", false, 1))).isEqualTo(new Passed());
        missed(
                expect,
                answer(200, Map.of("content-type", List.of("text/html")), "", false, 1),
                "the header content-type does not match \"^application/json\"");
        missed(expect, answer(200, ""), "the answer has no header content-type");
    }

    @Test
    void unreadablePatternIsNotTheServicesFault() {
        assertThat(expectations.judge(header("x", "(\n"), answer(200, Map.of("x", List.of("y")), "", false, 1)))
                .isEqualTo(new Unclear("the pattern \"( \" of header x cannot be read"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/database|up|{\"database\":\"up\"}|",
                "/ok|true|{\"ok\":true}|",
                "/n|5.0|{\"n\":5.0}|",
                "/n|null|{\"n\":null}|",
                "/a/1/b~1c|x|{\"a\":[0,{\"b/c\":\"x\"}]}|",
                "/database|up|{\"database\":\"secret-found\"}|the value at /database is not \"up\"",
                "/n|5|{\"n\":5.0}|the value at /n is not \"5\"",
                "/database|up|{\"database\":{}}|the value at /database is not \"up\" but an object or a list",
                "/database|up|{\"db\":\"up\"}|the answer has no value at /database",
                "/database|up|{\"database\":\"up\"|the answer is not JSON, JSON was expected",
                "/database|up|secret|the answer is not JSON, JSON was expected",
                "/database|up|  <!doctype html>|the answer is an HTML page, JSON was expected",
            })
    void jsonValueIsComparedWithItsTextAndTheFoundOneIsNotTold(
            String pointer, String expected, String body, @Nullable String message) {
        Expectation expect = json(pointer, expected);
        if (message == null) {
            assertThat(expectations.judge(expect, answer(200, body))).isEqualTo(new Passed());
        } else {
            missed(expect, answer(200, body), message);
        }
    }

    @Test
    void wholeTextMayBeAsked() {
        assertThat(expectations.judge(json("", "ok"), answer(200, "\"ok\""))).isEqualTo(new Passed());
        missed(json("", "ok"), answer(200, "[]"), "the answer is not \"ok\" but an object or a list");
    }

    @Test
    void declaredHtmlIsCalledSo() {
        missed(
                json("/a", "b"),
                answer(200, Map.of("content-type", List.of("text/HTML")), "oops", false, 1),
                "the answer is an HTML page, JSON was expected");
    }

    @Test
    void cutBodyIsNotReadAsJson() {
        missed(
                json("/a", "b"),
                answer(200, Map.of(), "{\"a\":\"b\"}", true, 1),
                "the answer is too long to be read as JSON");
    }

    @Test
    void allTextsMustBeContained() {
        Expectation expect = text("hello", "wor\nld");
        assertThat(expectations.judge(expect, answer(200, "hello wor\nld"))).isEqualTo(new Passed());
        missed(expect, answer(200, "hello"), "the answer does not contain \"wor ld\"");
        missed(
                expect,
                answer(200, Map.of(), "hello", true, 1),
                "the answer is too long to be read whole, and its beginning does not contain \"wor ld\"");
        assertThat(expectations.judge(text("hello"), answer(200, Map.of(), "hello", true, 1)))
                .isEqualTo(new Passed());
    }

    @Test
    void longTextsOfTheManifestAreShortened() {
        missed(text("x".repeat(81)), answer(200, ""), "the answer does not contain \"" + "x".repeat(80) + "…\"");
    }

    @Test
    void slowAnswerIsMissed() {
        Expectation expect = new Expectation(List.of(), List.of(), List.of(), List.of(), 2000, null);
        assertThat(expectations.judge(expect, answer(200, Map.of(), "", false, 2000)))
                .isEqualTo(new Passed());
        missed(expect, answer(200, Map.of(), "", false, 2001), "the answer took longer than 2000 ms");
    }

    @Property(seed = "20261128")
    @AddLifecycleHook(AsTold.class)
    void noAnswerMakesItThrowOrTalkAboutTheBody(
            @ForAll("answers") Answer answer, @ForAll("expectations") Expectation expect) {
        assertThatCode(() -> expectations.judge(expect, answer)).doesNotThrowAnyException();
        String message = switch (expectations.judge(expect, answer)) {
            case Passed _ -> "";
            case Missed missed -> missed.message();
            case Unclear unclear -> unclear.message();
        };
        assertThat(message).doesNotContain("FOUND").hasSizeLessThan(500).doesNotContainPattern("\\p{Cntrl}");
    }

    @Provide
    Arbitrary<Answer> answers() {
        Arbitrary<String> bodies = Arbitraries.oneOf(
                Arbitraries.strings().all(),
                Arbitraries.of("{\"a\":\"FOUND\"}", "[\"FOUND\"]", "<FOUND", "FOUND", "[".repeat(5000), "{\"a\":1} 2"));
        Arbitrary<Map<String, List<String>>> headers = Arbitraries.maps(
                Arbitraries.of("content-type", "x"),
                Arbitraries.strings().list().ofMaxSize(3));
        Arbitrary<Answer> responses = Combinators.combine(
                        Arbitraries.integers(), headers, bodies, Arbitraries.of(true, false), Arbitraries.longs())
                .as((status, all, body, cut, nanos) -> new Response(status, all, body, cut, Duration.ofNanos(nanos)));
        Arbitrary<Answer> faults = Arbitraries.of(Fault.class).map(fault -> new NoResponse(fault, "words"));
        return Arbitraries.oneOf(responses, faults);
    }

    @Provide
    Arbitrary<Expectation> expectations() {
        return Combinators.combine(
                        Arbitraries.integers().between(100, 599).list().ofMaxSize(2),
                        Arbitraries.strings().ofMaxLength(5).list().ofMaxSize(1),
                        Arbitraries.of("", "/a", "/0", "/a/b", "a", "/\n", "/" + "b".repeat(255))
                                .list()
                                .ofMaxSize(2),
                        Arbitraries.strings().ofMaxLength(200).list().ofMaxSize(2),
                        Arbitraries.integers().between(1, 60000).injectNull(0.5),
                        Arbitraries.of(true, false).injectNull(0.5))
                .as((status, patterns, pointers, texts, latency, absent) -> new Expectation(
                        status,
                        patterns.stream()
                                .map(pattern -> new HeaderAssertion("X", pattern))
                                .toList(),
                        pointers.stream()
                                .map(pointer -> new JsonAssertion(pointer, "up"))
                                .toList(),
                        texts,
                        latency,
                        absent));
    }

    private void missed(@Nullable Expectation expect, Answer answer, String message) {
        assertThat(expectations.judge(expect, answer)).isEqualTo(new Missed(message, true));
    }

    private static Expectation status(Integer... status) {
        return new Expectation(List.of(status), List.of(), List.of(), List.of(), null, null);
    }

    private static Expectation header(String name, String pattern) {
        return new Expectation(
                List.of(), List.of(new HeaderAssertion(name, pattern)), List.of(), List.of(), null, null);
    }

    private static Expectation json(String pointer, String expected) {
        return new Expectation(
                List.of(), List.of(), List.of(new JsonAssertion(pointer, expected)), List.of(), null, null);
    }

    private static Expectation text(String... texts) {
        return new Expectation(List.of(), List.of(), List.of(), List.of(texts), null, null);
    }

    private static Response answer(int status, String body) {
        return answer(status, Map.of(), body, false, 1);
    }

    private static Response answer(
            int status, Map<String, List<String>> headers, String body, boolean cut, long millis) {
        return new Response(status, headers, body, cut, Duration.ofMillis(millis));
    }
}
