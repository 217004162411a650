package dev.lightkeeper.verify;

import dev.lightkeeper.api.v1alpha1.Expectation;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks one path. What is to be absent must not be the page that a single-page application shows for every path, whatever
 * status comes with it: it is asked for what such an application would be recognised by.
 *
 * @param stray a path of the same service that nobody declared, null where {@code first} is such a path itself
 */
record PathProbe(
        Prober.Request first,
        @Nullable Expectation expect,
        Expectations expectations,
        @Nullable String stray) implements Probe {
    @Override
    public List<Prober.Request> requests() {
        boolean mustBeAbsent = expect != null && Boolean.TRUE.equals(expect.absent());
        return !mustBeAbsent
                ? List.of(first)
                : stray == null ? List.of(first, at("/")) : List.of(first, at("/"), at(stray));
    }

    private Prober.Request at(String path) {
        return new Prober.Request(first.method(), first.uri().resolve(path), first.headers(), first.timeout());
    }

    @Override
    public Judgement judge(Prober.Answer answer, Function<Prober.Request, Prober.Answer> ask) {
        Judgement judgement = expectations.judge(expect, answer);
        if (expect == null
                || !Boolean.TRUE.equals(expect.absent())
                || !(answer instanceof Prober.Answer.Response response)
                || response.body().isBlank()) {
            return judgement;
        }
        return switch (judgement) {
            case Judgement.Passed passed ->
                Expectations.isHtml(response) && isShown(response, "/", ask)
                        ? missed(response, "shows the page of /, as a catch-all does")
                        : passed;
            case Judgement.Missed missed ->
                stray != null && isShown(response, stray, ask)
                        ? missed(response, "shows the page that every path shows")
                        : missed;
            case Judgement.Unclear unclear -> unclear;
        };
    }

    private boolean isShown(Prober.Answer.Response page, String path, Function<Prober.Request, Prober.Answer> ask) {
        return ask.apply(at(path)) instanceof Prober.Answer.Response other
                && other.status() < 300
                && other.body().equals(page.body());
    }

    private static Judgement missed(Prober.Answer.Response response, String what) {
        return new Judgement.Missed("answered %d and %s, expected 404 or 410".formatted(response.status(), what), true);
    }
}
