package dev.lightkeeper.verify;

import static dev.lightkeeper.verify.MilestoneRule.Finding.MISSING;
import static dev.lightkeeper.verify.MilestoneRule.Finding.NOTHING;
import static dev.lightkeeper.verify.MilestoneRule.Finding.REACHED;
import static dev.lightkeeper.verify.MilestoneRule.Finding.WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.verify.LogJournal.Sight;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Starts and milestones, matches and windows, at second precision. */
class LogRulesTest {
    private static final Instant ZERO = Instant.parse("2026-11-22T00:00:00Z");

    private static Instant at(int second) {
        return ZERO.plusSeconds(second);
    }

    private static List<Sight> sights(int... seconds) {
        return IntStream.of(seconds).mapToObj(s -> new Sight(at(s), at(s))).toList();
    }

    private static MilestoneRule.Finding judge(
            int readAt, boolean latched, int nodes, List<Sight> starts, int... lines) {
        return new MilestoneRule(Duration.ofMinutes(2), Duration.ofMinutes(3), nodes, latched, at(readAt))
                .judge(starts, sights(lines));
    }

    @Test
    void aLineInTheLastSecondIsInTimeAndOneAfterItIsNot() {
        assertThat(judge(1000, false, 1, sights(0), 120)).isEqualTo(REACHED);
        assertThat(judge(1000, false, 1, sights(0), 121)).isEqualTo(MISSING);
        assertThat(judge(1000, false, 1, sights(10), 9)).isEqualTo(MISSING);
    }

    @Test
    void nothingIsMissingBeforeTheLagIsOver() {
        assertThat(judge(299, false, 1, sights(0))).isEqualTo(WAITING);
        assertThat(judge(300, false, 1, sights(0))).isEqualTo(MISSING);
    }

    @Test
    void oneLineServesOneStart() {
        assertThat(judge(1000, false, 2, sights(0, 0), 5)).isEqualTo(MISSING);
        assertThat(judge(1000, false, 2, sights(0, 0), 5, 5)).isEqualTo(REACHED);
    }

    @Test
    void aNodeThatWasReplacedCountsNoMoreButItsNeighbourDoesNotReplaceIt() {
        assertThat(judge(1000, false, 2, sights(0, 0, 200), 5, 205)).isEqualTo(REACHED);
        assertThat(judge(1000, true, 2, sights(0, 1), 6)).isEqualTo(MISSING);
        // Only one of two nodes has ever reached it.
        assertThat(judge(1000, false, 2, sights(0, 200), 205)).isEqualTo(MISSING);
        assertThat(judge(1000, true, 2, sights(0, 200), 205)).isEqualTo(REACHED);
    }

    @Test
    void withoutAStartThereIsNothingToJudge() {
        assertThat(judge(1000, false, 2, List.of(), 5)).isEqualTo(NOTHING);
    }

    @Test
    void aClockOfAwsThatRunsAheadDelaysNoDecision() {
        List<Sight> ahead = List.of(new Sight(at(100_000), at(0)));
        assertThat(judge(299, false, 1, ahead)).isEqualTo(WAITING);
        assertThat(judge(300, false, 1, ahead)).isEqualTo(MISSING);
        assertThat(judge(300, false, 1, ahead, 100_005)).isEqualTo(REACHED);
    }

    private static boolean broken(int tolerated, int readAt, int... seconds) {
        return new ForbiddenRule(tolerated, Duration.ofMinutes(5), Duration.ofMinutes(3), at(100), at(readAt))
                .isBroken(sights(seconds));
    }

    @Test
    void oneMoreThanToleratedInAWindowBreaksIt() {
        assertThat(broken(0, 200, 150)).isTrue();
        assertThat(broken(2, 700, 150, 300, 450)).isTrue();
        assertThat(broken(2, 700, 150, 300, 451)).isFalse();
        assertThat(broken(2, 700, 150, 300)).isFalse();
    }

    @Test
    void whatCameBeforeCountingBeganIsNotCounted() {
        assertThat(broken(0, 200, 99)).isFalse();
        assertThat(broken(0, 200, 100)).isTrue();
    }

    @Test
    void aCleanWindowClearsIt() {
        assertThat(broken(0, 150 + 479, 150)).isTrue();
        assertThat(broken(0, 150 + 480, 150)).isFalse();
    }

    @Test
    void aLineThatIsReadTwiceIsOneSightAndEqualLinesOfOneReadingAreMany() {
        LogJournal journal = new LogJournal();
        journal.add("api", "p", List.of(at(1), at(1), at(2)), at(60));
        journal.add("api", "p", List.of(at(1), at(2), at(90)), at(80));
        assertThat(journal.all("p")).extracting(Sight::at).containsExactly(at(1), at(1), at(2), at(90));
        assertThat(journal.all("p")).extracting(Sight::seen).containsExactly(at(1), at(1), at(2), at(80));
    }

    @Test
    void whatAwsWritesIntoEachContainersLogIsCountedInOne() {
        LogJournal journal = new LogJournal();
        for (String container : Arrays.asList("api", "proxy")) {
            journal.add(container, "started", List.of(at(1), at(1)), at(60));
        }
        assertThat(journal.most("started")).hasSize(2);
        assertThat(journal.all("started")).hasSize(4);
    }

    @Test
    void aJournalOfALogThatNeverRestsStaysSmall() {
        LogJournal journal = new LogJournal();
        IntStream.range(0, 5000).forEach(i -> journal.add("api", "p", List.of(at(i)), at(i)));
        assertThat(journal.all("p")).hasSizeLessThanOrEqualTo(500).last().isEqualTo(new Sight(at(4999), at(4999)));
    }
}
