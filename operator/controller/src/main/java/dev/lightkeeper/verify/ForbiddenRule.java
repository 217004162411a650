package dev.lightkeeper.verify;

import dev.lightkeeper.verify.LogJournal.Sight;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * Whether lines that must not appear did so too often of late.
 *
 * @param tolerated how many in a window are no fault
 * @param from what was seen before is not counted: nodes that shut down, and a noisy start
 * @param readAt when the log was last read
 */
record ForbiddenRule(int tolerated, Duration window, Duration lag, Instant from, Instant readAt) {
    /** Whether some window that ended not long ago holds too many; it ends so late that a whole clean window clears it. */
    boolean isBroken(List<Sight> matches) {
        List<Instant> counted = matches.stream()
                .map(Sight::seen)
                .filter(seen -> !seen.isBefore(from))
                .sorted(Comparator.naturalOrder())
                .toList();
        Instant recent = readAt.minus(window).minus(lag);
        for (int last = tolerated; last < counted.size(); last++) {
            Instant end = counted.get(last);
            if (end.isAfter(recent) && !counted.get(last - tolerated).isBefore(end.minus(window))) {
                return true;
            }
        }
        return false;
    }
}
