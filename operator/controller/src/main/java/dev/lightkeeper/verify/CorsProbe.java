package dev.lightkeeper.verify;

import dev.lightkeeper.verify.Prober.Answer.NoResponse;
import dev.lightkeeper.verify.Prober.Answer.Response;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Asks as a browser does for a page of another origin, by the rules of the Fetch standard: a preflight, then the request
 * itself, then something that is answered with an error, since a browser hides an error without these headers from the
 * application. Neither of them changes anything: the method that is asked for is only named.
 *
 * @param first the preflight
 * @param actual the request that follows it
 * @param astray a request that has to be answered with an error; an answer below 400 says nothing
 */
record CorsProbe(Prober.Request first, Prober.Request actual, Prober.Request astray, String origin, String method)
        implements Probe {
    /** A browser sends these to other origins without being allowed to. */
    private static final Set<String> SAFELISTED = Set.of("GET", "HEAD", "POST");

    private static final String ANY = "*";
    private static final String ORIGIN = "access-control-allow-origin";

    @Override
    public List<Prober.Request> requests() {
        return List.of(first, actual, astray);
    }

    @Override
    public Judgement judge(Prober.Answer answer, Function<Prober.Request, Prober.Answer> ask) {
        return bad(answer, this::preflight)
                .or(() -> bad(ask.apply(actual), response -> origin("the answer to " + actual.method(), response)))
                .or(() -> bad(
                        ask.apply(astray),
                        response -> response.status() < 400 ? Optional.empty() : origin("an error answer", response)))
                .orElseGet(Judgement.Passed::new);
    }

    private static Optional<Judgement> bad(Prober.Answer answer, Function<Response, Optional<Judgement>> judge) {
        return switch (answer) {
            case NoResponse none -> Optional.of(Expectations.unanswered(none));
            case Response response -> Expectations.unusual(response.status()).or(() -> judge.apply(response));
        };
    }

    private Optional<Judgement> preflight(Response response) {
        if (response.status() < 200 || response.status() > 299) {
            return missed("the preflight was answered %d, expected 200-299".formatted(response.status()));
        }
        return origin("the preflight", response)
                .or(() -> isMethodAllowed(response)
                        ? Optional.empty()
                        : missed("the preflight does not allow method " + method));
    }

    private Optional<Judgement> origin(String what, Response response) {
        List<String> allowed = response.headers().getOrDefault(ORIGIN, List.of());
        if (allowed.isEmpty()) {
            return missed("%s has no header %s".formatted(what, ORIGIN));
        }
        if (allowed.size() > 1) {
            return missed("%s has more than one header %s, which browsers refuse".formatted(what, ORIGIN));
        }
        String value = allowed.getFirst().strip();
        if (value.equals(ANY)) {
            return withCredentials(response)
                    ? missed("%s allows any origin together with credentials, which browsers refuse".formatted(what))
                    : Optional.empty();
        }
        return value.equals(origin) ? Optional.empty() : missed("%s allows another origin only".formatted(what));
    }

    private boolean isMethodAllowed(Response response) {
        return SAFELISTED.contains(method)
                || response.headers().getOrDefault("access-control-allow-methods", List.of()).stream()
                        .flatMap(value -> Arrays.stream(value.split(",", -1)))
                        .map(String::strip)
                        .anyMatch(value -> value.equals(method) || (value.equals(ANY) && !withCredentials(response)));
    }

    private static boolean withCredentials(Response response) {
        return response.headers().getOrDefault("access-control-allow-credentials", List.of()).stream()
                .anyMatch(value -> value.strip().toLowerCase(Locale.ROOT).equals("true"));
    }

    private static Optional<Judgement> missed(String message) {
        return Optional.of(new Judgement.Missed(message, true));
    }
}
