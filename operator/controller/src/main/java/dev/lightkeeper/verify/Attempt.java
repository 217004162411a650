package dev.lightkeeper.verify;

import dev.lightkeeper.api.v1alpha1.Expectation;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One try of a check: what does not hold is asked once more at once, on a new connection, and the second answer
 * counts. A connection that was lost on the way is no evidence against a service, and neither is one that cannot be made
 * while nothing else can be reached.
 *
 * <p>A balancer that takes strict turns would lead each repeat to the other of two instances, and the bad one would never
 * be found. So every second repeat, by chance, lets one turn pass.
 */
public final class Attempt {
    private static final Judgement ISOLATED = new Judgement.Unclear(
            "it cannot be reached, but neither can anything else: the fault may be in the operator's own network",
            true);

    private final Prober prober;
    private final Expectations expectations;
    private final Witnesses witnesses;
    private final RandomGenerator random;

    /** Tries that ask {@code prober} and are judged by {@code expectations}. */
    public Attempt(Prober prober, Expectations expectations, Witnesses witnesses, RandomGenerator random) {
        this.prober = prober;
        this.expectations = expectations;
        this.witnesses = witnesses;
        this.random = random;
    }

    /** Asks once, or twice or thrice where the first answer is bad; takes up to thrice the request's time-out. */
    public Judgement make(Prober.Request request, @Nullable Expectation expect) {
        Prober.Answer answer = ask(request);
        Judgement judgement = expectations.judge(expect, answer);
        if (judgement instanceof Judgement.Missed) {
            // Only after an answer: a service that hangs must not hold a run for a third time-out.
            if (answer instanceof Prober.Answer.Response && random.nextBoolean()) {
                ask(request);
            }
            judgement = expectations.judge(expect, ask(request));
        }
        return judgement instanceof Judgement.Missed missed
                        && !missed.reached()
                        && witnesses.noneBut(request.uri().getAuthority())
                ? ISOLATED
                : judgement;
    }

    private Prober.Answer ask(Prober.Request request) {
        Prober.Answer answer = prober.ask(request);
        String target = request.uri().getAuthority();
        switch (answer) {
            case Prober.Answer.Response _ -> witnesses.asked(target, true);
            case Prober.Answer.NoResponse none -> {
                switch (none.fault()) {
                    case DNS, CONNECT, TLS -> witnesses.asked(target, false);
                    case TIMEOUT, TRUNCATED, MALFORMED -> witnesses.asked(target, true);
                    case REFUSED_ADDRESS -> {}
                }
            }
        }
        return answer;
    }
}
