package dev.lightkeeper.verify;

import dev.lightkeeper.api.v1alpha1.CheckResult;
import dev.lightkeeper.verify.TryLedger.Outcome;
import dev.lightkeeper.verify.TryLedger.Seen;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tries of one check and what they add up to.
 *
 * <ul>
 *   <li>Failing: {@code failureThreshold} misses in a row (an outage), or 4 misses in the last 20 tries (one of several
 *       instances fails).
 *   <li>Passing: {@code successThreshold} passes in a row. After an outage they also wipe its misses away; after
 *       scattered misses there has to be none in the last 20 tries, since one bad instance of two has less than 4 of them
 *       now and then, and would be told again and again. A row of misses without a pass between them is an outage even
 *       where it is the second rule that told it.
 *   <li>Unknown: {@code failureThreshold} unclear tries in a row. Fewer change nothing: they neither break a row nor
 *       take one of the 20 places.
 * </ul>
 */
final class TryLedgerPage {
    static final int RING = 20;
    static final int SCATTERED_MISSES = 4;

    /** Tries nobody has asked about yet are kept for so long; the longest row that can matter is 20. */
    private static final int MOST_UNCOUNTED = 3 * RING;

    private final Deque<Outcome> uncounted = new ArrayDeque<>();
    private final Deque<Outcome> ring = new ArrayDeque<>();
    private int missesInARow;
    private int passesInARow;
    private int unclearInARow;
    private @Nullable CheckResult decided;
    private Cause cause = Cause.NONE;

    private Seen seen;
    private final Instant firstTry;
    private final Deque<Instant> missTimes = new ArrayDeque<>();

    /** A page with its first try. */
    TryLedgerPage(Outcome outcome, Instant at) {
        firstTry = at;
        seen = new Seen(0, at, outcome, 0, null, null);
        add(outcome, at);
    }

    void add(Outcome outcome, Instant at) {
        uncounted.add(outcome);
        if (uncounted.size() > MOST_UNCOUNTED) {
            uncounted.remove();
        }
        if (outcome == Outcome.Miss) {
            missTimes.add(at);
            if (missTimes.size() > RING) {
                missTimes.remove();
            }
        }
        seen = new Seen(
                Math.min(seen.tries(), Integer.MAX_VALUE - 1) + 1,
                at,
                outcome,
                missesInARow(outcome),
                outcome == Outcome.Miss ? Integer.valueOf(0) : later(seen.triesSinceMiss()),
                passingSince(outcome, at));
    }

    Seen seen() {
        return seen;
    }

    Instant firstTry() {
        return firstTry;
    }

    /** The times of the last {@value #RING} misses. */
    List<Instant> misses() {
        return List.copyOf(missTimes);
    }

    CheckResult standing(int failureThreshold, int successThreshold, CheckResult carriedOver) {
        for (Outcome outcome : uncounted) {
            if (outcome == Outcome.Pass) {
                pass(successThreshold);
            } else if (outcome == Outcome.Miss) {
                miss(failureThreshold);
            } else {
                unclear(failureThreshold);
            }
        }
        uncounted.clear();
        return decided == null ? carriedOver : decided;
    }

    private void pass(int successThreshold) {
        missesInARow = 0;
        unclearInARow = 0;
        passesInARow++;
        push(Outcome.Pass);
        if (cause == Cause.SCATTERED && missesInRing() > 0) {
            decided = CheckResult.Failing;
        } else if (passesInARow >= successThreshold) {
            if (cause == Cause.OUTAGE) {
                ring.clear();
            }
            cause = Cause.NONE;
            decided = CheckResult.Passing;
        }
    }

    private void miss(int failureThreshold) {
        passesInARow = 0;
        unclearInARow = 0;
        missesInARow++;
        push(Outcome.Miss);
        boolean inARow = missesInARow >= Math.min(failureThreshold, SCATTERED_MISSES);
        if (inARow || missesInRing() >= SCATTERED_MISSES) {
            decided = CheckResult.Failing;
            // What it began as decides how it ends.
            if (cause == Cause.NONE) {
                cause = inARow ? Cause.OUTAGE : Cause.SCATTERED;
            }
        }
    }

    private void unclear(int failureThreshold) {
        unclearInARow++;
        if (unclearInARow >= failureThreshold) {
            missesInARow = 0;
            passesInARow = 0;
            decided = CheckResult.Unknown;
        }
    }

    private void push(Outcome outcome) {
        ring.add(outcome);
        if (ring.size() > RING) {
            ring.remove();
        }
    }

    private long missesInRing() {
        return ring.stream().filter(outcome -> outcome == Outcome.Miss).count();
    }

    private @Nullable Instant passingSince(Outcome outcome, Instant at) {
        Instant since = seen.passingSince();
        return switch (outcome) {
            case Pass -> since == null ? at : since;
            case Miss -> null;
            // A single unclear try changes nothing.
            case Unclear -> seen.lastOutcome() == Outcome.Unclear ? null : since;
        };
    }

    private int missesInARow(Outcome outcome) {
        return switch (outcome) {
            case Pass -> 0;
            case Miss -> Math.min(seen.missesInARow(), Integer.MAX_VALUE - 1) + 1;
            case Unclear -> seen.missesInARow();
        };
    }

    private static @Nullable Integer later(@Nullable Integer tries) {
        return tries == null ? null : Math.min(tries, Integer.MAX_VALUE - 1) + 1;
    }

    private enum Cause {
        NONE,
        OUTAGE,
        SCATTERED
    }
}
