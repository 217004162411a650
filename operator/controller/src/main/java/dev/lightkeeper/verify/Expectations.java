package dev.lightkeeper.verify;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.lightkeeper.api.v1alpha1.Expectation;
import dev.lightkeeper.api.v1alpha1.HeaderAssertion;
import dev.lightkeeper.api.v1alpha1.JsonAssertion;
import dev.lightkeeper.desired.RegularExpression;
import dev.lightkeeper.verify.Prober.Answer.NoResponse;
import dev.lightkeeper.verify.Prober.Answer.Response;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Holds an answer against what is expected of it. The first expectation that does not hold is told: status, headers,
 * JSON, text, latency. Messages name what was expected and never what a body holds.
 */
public final class Expectations {
    private static final Judgement PASSED = new Judgement.Passed();
    private static final Set<Integer> REDIRECTS = Set.of(300, 301, 302, 303, 307, 308);
    private static final Set<Integer> ABSENT = Set.of(404, 410);
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int LONGEST_QUOTE = 80;

    private final JsonReader json;

    /** A judge that reads bodies with {@code json}. */
    public Expectations(JsonReader json) {
        this.json = json;
    }

    /** Never throws, whatever the answer. A null expectation is an empty one. */
    public Judgement judge(@Nullable Expectation expect, Prober.Answer answer) {
        return switch (answer) {
            case NoResponse none -> unanswered(none);
            case Response response ->
                expect != null && Boolean.TRUE.equals(expect.absent())
                        ? absence(response)
                        : expect == null ? status(List.of(), response).orElse(PASSED) : presence(expect, response);
        };
    }

    /** What it means that no complete answer came. */
    static Judgement unanswered(NoResponse none) {
        return switch (none.fault()) {
            case DNS, CONNECT, TLS -> new Judgement.Missed(none.message(), false);
            case TIMEOUT, TRUNCATED, MALFORMED -> missed(none.message());
            // We did not ask, so we know nothing.
            case REFUSED_ADDRESS -> new Judgement.Unclear(none.message());
        };
    }

    private static Judgement absence(Response response) {
        int status = response.status();
        if (ABSENT.contains(status)) {
            return PASSED;
        }
        return unusual(status).orElseGet(() -> missed("answered " + status + ", expected 404 or 410"));
    }

    private Judgement presence(Expectation expect, Response response) {
        return status(expect.status(), response)
                .or(() -> first(expect.headers(), assertion -> header(assertion, response)))
                .or(() -> first(expect.json(), assertion -> json(assertion, response)))
                .or(() -> first(expect.containsText(), text -> text(text, response)))
                .or(() -> latency(expect.maxLatencyMillis(), response))
                .orElse(PASSED);
    }

    private static Optional<Judgement> status(List<Integer> accepted, Response response) {
        int status = response.status();
        boolean right = accepted.isEmpty() ? status >= 200 && status <= 299 : accepted.contains(status);
        if (right) {
            return Optional.empty();
        }
        String expected = accepted.isEmpty()
                ? "200-299"
                : accepted.stream().map(String::valueOf).collect(Collectors.joining(" or "));
        return unusual(status).or(() -> Optional.of(missed("answered " + status + ", expected " + expected)));
    }

    /** An unwanted status that has its own words. */
    static Optional<Judgement> unusual(int status) {
        if (status == TOO_MANY_REQUESTS) {
            return Optional.of(new Judgement.Unclear("answered 429, too many requests"));
        }
        return REDIRECTS.contains(status)
                ? Optional.of(missed("answered " + status + ", a redirect; redirects are not followed"))
                : Optional.empty();
    }

    private static Optional<Judgement> header(HeaderAssertion assertion, Response response) {
        String name = assertion.name().toLowerCase(Locale.ROOT);
        List<String> values = response.headers().getOrDefault(name, List.of());
        if (values.isEmpty()) {
            return Optional.of(missed("the answer has no header " + name));
        }
        Pattern pattern;
        try {
            pattern = RegularExpression.compile(assertion.pattern());
        } catch (PatternSyntaxException e) {
            return Optional.of(new Judgement.Unclear(
                    "the pattern " + quoted(assertion.pattern()) + " of header " + name + " cannot be read"));
        }
        return values.stream().anyMatch(value -> pattern.matcher(value).find())
                ? Optional.empty()
                : Optional.of(missed("the header " + name + " does not match " + quoted(assertion.pattern())));
    }

    private Optional<Judgement> json(JsonAssertion assertion, Response response) {
        if (response.bodyCut()) {
            return Optional.of(missed("the answer is too long to be read as JSON"));
        }
        String place = assertion.pointer().isEmpty() ? "the answer" : "the value at " + line(assertion.pointer());
        return switch (json.read(response.body(), assertion.pointer())) {
            case JsonReader.Reading.Found found when found.text().equals(assertion.expected()) -> Optional.empty();
            case JsonReader.Reading.Found _ -> Optional.of(missed(place + " is not " + quoted(assertion.expected())));
            case JsonReader.Reading.NotScalar _ ->
                Optional.of(missed(place + " is not " + quoted(assertion.expected()) + " but an object or a list"));
            case JsonReader.Reading.Missing _ ->
                Optional.of(missed("the answer has no value at " + line(assertion.pointer())));
            case JsonReader.Reading.NotJson _ ->
                Optional.of(missed(
                        isHtml(response)
                                ? "the answer is an HTML page, JSON was expected"
                                : "the answer is not JSON, JSON was expected"));
        };
    }

    static boolean isHtml(Response response) {
        boolean declared = response.headers().getOrDefault("content-type", List.of()).stream()
                .anyMatch(type -> type.toLowerCase(Locale.ROOT).contains("html"));
        return declared || response.body().stripLeading().startsWith("<");
    }

    private static Optional<Judgement> text(String text, Response response) {
        if (response.body().contains(text)) {
            return Optional.empty();
        }
        return Optional.of(missed(
                response.bodyCut()
                        ? "the answer is too long to be read whole, and its beginning does not contain " + quoted(text)
                        : "the answer does not contain " + quoted(text)));
    }

    private static Optional<Judgement> latency(@Nullable Integer most, Response response) {
        return most == null || response.latency().toMillis() <= most
                ? Optional.empty()
                : Optional.of(missed("the answer took longer than " + most + " ms"));
    }

    private static <T> Optional<Judgement> first(
            List<T> assertions, java.util.function.Function<T, Optional<Judgement>> judge) {
        return assertions.stream().flatMap(each -> judge.apply(each).stream()).findFirst();
    }

    private static Judgement missed(String message) {
        return new Judgement.Missed(message, true);
    }

    private static String quoted(String text) {
        return '"' + line(text) + '"';
    }

    /** Text of the manifest, fit for a message. */
    private static String line(String text) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return line.codePointCount(0, line.length()) > LONGEST_QUOTE
                ? line.substring(0, line.offsetByCodePoints(0, LONGEST_QUOTE)) + "…"
                : line;
    }
}
