package dev.lightkeeper.verify;

import java.util.function.Consumer;
import java.util.random.RandomGenerator;

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
    private final Witnesses witnesses;
    private final RandomGenerator random;

    /** Tries that ask {@code prober}. */
    public Attempt(Prober prober, Witnesses witnesses, RandomGenerator random) {
        this.prober = prober;
        this.witnesses = witnesses;
        this.random = random;
    }

    /** Asks once, or again where the first answers are bad; {@code heard} gets every answer. */
    public Judgement make(Probe probe, Consumer<Prober.Answer> heard) {
        Prober.Request first = probe.first();
        Prober.Answer answer = ask(first, heard);
        Judgement judgement = probe.judge(answer, further -> ask(further, heard));
        if (judgement instanceof Judgement.Missed) {
            // Only after an answer: a service that hangs must not hold a run for a third time-out.
            if (answer instanceof Prober.Answer.Response && random.nextBoolean()) {
                ask(first, heard);
            }
            judgement = probe.judge(ask(first, heard), further -> ask(further, heard));
        }
        return judgement instanceof Judgement.Missed missed
                        && !missed.reached()
                        && witnesses.noneBut(first.uri().getAuthority())
                ? ISOLATED
                : judgement;
    }

    private Prober.Answer ask(Prober.Request request, Consumer<Prober.Answer> heard) {
        Prober.Answer answer = prober.ask(request);
        heard.accept(answer);
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
