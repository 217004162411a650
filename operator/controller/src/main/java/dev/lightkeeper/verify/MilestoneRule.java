package dev.lightkeeper.verify;

import dev.lightkeeper.verify.LogJournal.Sight;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether each start was followed by the milestone in time. Lines do not say which node wrote them, so each start takes
 * the first line after it that no earlier start has taken.
 *
 * @param within after a start, by AWS's clock
 * @param lag how long lines may be late
 * @param nodes how many nodes there are
 * @param latched the version has reached the milestone before
 * @param readAt when the log was last read to its end
 */
record MilestoneRule(Duration within, Duration lag, int nodes, boolean latched, Instant readAt) {
    /** What the log says. */
    enum Finding {
        REACHED,
        WAITING,
        MISSING,
        /** There is no start to judge by. */
        NOTHING
    }

    /** A start that failed counts no more when another one has succeeded after it: its node was replaced. */
    Finding judge(List<Sight> starts, List<Sight> matches) {
        List<Sight> open = new ArrayList<>(matches);
        List<Sight> reached = new ArrayList<>();
        List<Sight> missed = new ArrayList<>();
        for (Sight start : starts) {
            Instant latest = start.at().plus(within);
            boolean found = open.stream()
                    .filter(match ->
                            !match.at().isBefore(start.at()) && !match.at().isAfter(latest))
                    .findFirst()
                    .map(open::remove)
                    .orElse(false);
            (found ? reached : missed).add(start);
        }
        Finding finding = reached.isEmpty() ? Finding.NOTHING : Finding.REACHED;
        for (Sight start : missed) {
            if (isReplaced(start, reached)) {
                continue;
            }
            if (!readAt.isBefore(start.seen().plus(within).plus(lag))) {
                return Finding.MISSING;
            }
            finding = Finding.WAITING;
        }
        return finding;
    }

    private boolean isReplaced(Sight start, List<Sight> reached) {
        Instant over = start.at().plus(within);
        return (latched || reached.size() >= nodes)
                && reached.stream().anyMatch(later -> later.at().isAfter(over));
    }
}
