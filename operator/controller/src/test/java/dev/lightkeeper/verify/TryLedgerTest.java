package dev.lightkeeper.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.CheckResult;
import dev.lightkeeper.flow.AsTold;
import dev.lightkeeper.plan.ProbeRecord;
import dev.lightkeeper.verify.TryLedger.Outcome;
import dev.lightkeeper.verify.TryLedger.Seen;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TryLedgerTest {
    private static final TryLedger.Key KEY = new TryLedger.Key("uid", "readiness", "digest", 3L);
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final TryLedger ledger = new TryLedger(100);
    private int recorded;

    @ParameterizedTest(name = "{0} carried over, {1} misses, {2} passes, tries {3}: {4}")
    @CsvSource({
        // Nothing decided: what was carried over stands.
        "Passing, 3, 1, '',             Passing",
        "Failing, 3, 1, '',             Failing",
        "Unknown, 3, 2, P,              Unknown",
        "Failing, 3, 2, P,              Failing",
        "Passing, 3, 1, MM,             Passing",
        "Passing, 3, 1, MMP,            Passing",
        // Misses and passes in a row.
        "Passing, 3, 1, MMM,            Failing",
        "Passing, 1, 1, M,              Failing",
        "Unknown, 3, 2, PP,             Passing",
        "Failing, 3, 1, P,              Passing",
        "Passing, 3, 1, MMMP,           Passing",
        "Passing, 3, 2, MMMP,           Failing",
        "Passing, 3, 2, MMMPMP,         Failing",
        "Passing, 3, 2, MMMPP,          Passing",
        // A recovered outage leaves no misses behind.
        "Passing, 3, 1, MMMMMMMPMM,     Passing",
        "Passing, 3, 1, MMMPMPMPM,      Passing",
        "Passing, 3, 1, MMMPMPMPMPM,    Failing",
        // One of two instances fails.
        "Passing, 3, 1, MPMPMP,         Passing",
        "Passing, 3, 1, MPMPMPM,        Failing",
        "Passing, 3, 1, MPMPMPMPPPPP,   Failing",
        "Passing, 3, 1, MPMPMPMPPPPPPPPPPPPP,   Failing",
        "Passing, 3, 1, MPMPMPMPPPPPPPPPPPPPPPPPPP,   Failing",
        "Passing, 3, 1, MPMPMPMPPPPPPPPPPPPPPPPPPPP,  Passing",
        "Passing, 3, 1, MPMPMPMMMMP,    Failing",
        // More misses in a row are allowed than in twenty: an outage all the same.
        "Passing, 9, 1, MMMM,           Failing",
        "Passing, 9, 1, MMMMMP,         Passing",
        // Unclear tries.
        "Passing, 3, 1, UU,             Passing",
        "Passing, 3, 1, UUU,            Unknown",
        "Passing, 3, 1, UUPU,           Passing",
        "Passing, 3, 1, MUMUM,          Failing",
        "Unknown, 3, 2, PUP,            Passing",
        "Passing, 3, 1, MMUUUM,         Unknown",
        "Unknown, 3, 2, PUUUP,          Unknown",
        "Passing, 3, 1, MMMUUU,         Unknown",
        "Passing, 3, 1, MMMUUUP,        Passing",
        "Passing, 3, 1, MPMPMPMUUU,     Unknown",
        "Passing, 3, 1, MPMPMPMUUUP,    Failing",
    })
    void standingFollowsTheTries(
            CheckResult carriedOver, int failureThreshold, int successThreshold, String tries, CheckResult expected) {
        record(KEY, tries);
        assertThat(ledger.standing(KEY, failureThreshold, successThreshold, carriedOver))
                .isEqualTo(expected);
    }

    @Property(seed = "20261128")
    @AddLifecycleHook(AsTold.class)
    void askingInBetweenChangesNothing(
            @ForAll @Size(max = 60) List<Outcome> tries,
            @ForAll @IntRange(min = 1, max = 20) int failureThreshold,
            @ForAll @IntRange(min = 1, max = 20) int successThreshold,
            @ForAll CheckResult carriedOver) {
        TryLedger asked = new TryLedger(1);
        TryLedger quiet = new TryLedger(1);
        CheckResult last = carriedOver;
        for (Outcome outcome : tries) {
            asked.record(KEY, outcome, START);
            quiet.record(KEY, outcome, START);
            CheckResult before = last;
            last = asked.standing(KEY, failureThreshold, successThreshold, carriedOver);
            assertThat(last)
                    .as("%s after %s", outcome, before)
                    .isIn(
                            switch (outcome) {
                                // From Unknown a pass shows that scattered misses are still too many.
                                case Pass ->
                                    before == CheckResult.Unknown
                                            ? List.of(CheckResult.values())
                                            : List.of(before, CheckResult.Passing);
                                case Miss -> List.of(before, CheckResult.Failing);
                                case Unclear -> List.of(before, CheckResult.Unknown);
                            });
        }
        assertThat(quiet.standing(KEY, failureThreshold, successThreshold, carriedOver))
                .isEqualTo(last);
    }

    @Property(seed = "20261128")
    @AddLifecycleHook(AsTold.class)
    void twentyPassesAlwaysPass(
            @ForAll @Size(max = 40) List<Outcome> before,
            @ForAll @IntRange(min = 1, max = 20) int failureThreshold,
            @ForAll @IntRange(min = 1, max = 20) int successThreshold) {
        TryLedger fresh = new TryLedger(1);
        before.forEach(outcome -> fresh.record(KEY, outcome, START));
        for (int i = 0; i < 20; i++) {
            fresh.record(KEY, Outcome.Pass, START);
        }
        assertThat(fresh.standing(KEY, failureThreshold, successThreshold, CheckResult.Failing))
                .isEqualTo(CheckResult.Passing);
    }

    @Test
    void triesThatNobodyAsksAboutAreBounded() {
        record(KEY, "M".repeat(50) + "P".repeat(1000));
        assertThat(ledger.standing(KEY, 3, 20, CheckResult.Failing)).isEqualTo(CheckResult.Passing);
    }

    @Test
    void anotherDefinitionOrVersionForgetsTheOneBefore() {
        record(KEY, "MMM");
        TryLedger.Key defined = new TryLedger.Key("uid", "readiness", "other", 3L);
        record(defined, "P");
        assertThat(ledger.standing(KEY, 3, 1, CheckResult.Unknown)).isEqualTo(CheckResult.Unknown);
        assertThat(ledger.seen(KEY)).isEmpty();
        TryLedger.Key newer = new TryLedger.Key("uid", "readiness", "other", 4L);
        assertThat(ledger.standing(newer, 3, 1, CheckResult.Unknown)).isEqualTo(CheckResult.Unknown);
        record(newer, "MMM");
        assertThat(ledger.standing(newer, 3, 1, CheckResult.Unknown)).isEqualTo(CheckResult.Failing);
    }

    @Test
    void deletedResourceIsForgotten() {
        TryLedger.Key other = new TryLedger.Key("other", "readiness", "digest", null);
        record(KEY, "MMM");
        record(other, "MMM");
        ledger.forget("uid");
        assertThat(ledger.standing(KEY, 3, 1, CheckResult.Passing)).isEqualTo(CheckResult.Passing);
        assertThat(ledger.standing(other, 3, 1, CheckResult.Passing)).isEqualTo(CheckResult.Failing);
    }

    @Test
    void longestUntouchedCheckOfAResourceGoesFirst() {
        TryLedger two = new TryLedger(2);
        TryLedger.Key first = new TryLedger.Key("1", "c", "d", null);
        TryLedger.Key second = new TryLedger.Key("1", "i-1", "c", "d", null);
        TryLedger.Key third = new TryLedger.Key("1", "i-2", "c", "d", null);
        two.record(first, Outcome.Pass, START);
        two.record(second, Outcome.Pass, START);
        assertThat(two.seen(first)).isPresent();
        two.record(third, Outcome.Pass, START);
        assertThat(two.seen(second)).isEmpty();
        assertThat(two.seen(first)).isPresent();
        assertThat(two.seen(third)).isPresent();
    }

    @Test
    void checksOfOtherResourcesCostNone() {
        TryLedger one = new TryLedger(1);
        for (int i = 0; i < 100; i++) {
            one.record(new TryLedger.Key("uid-" + i, "c", "d", null), Outcome.Pass, START);
        }
        assertThat(one.seen(new TryLedger.Key("uid-0", "c", "d", null))).isPresent();
    }

    @Test
    void whatASingleHostAnsweredIsNoCheckOfItsOwn() {
        record(KEY, "PPP");
        record(new TryLedger.Key("uid", "i-1", "readiness", "digest", 3L), "M");
        assertThat(ledger.record("uid").since()).isEqualTo(at(1));
        assertThat(ledger.record("uid").misses()).isEmpty();
    }

    @ParameterizedTest(name = "{0}: passing since try {1}, {2} tries since the last miss")
    @CsvSource({
        "P,      1, ",
        "PPP,    1, ",
        "PMPP,   3, 2",
        "PM,     ,  0",
        "PUP,    1, ",
        "PUUP,   4, ",
        "PUU,    ,  ",
        "MUP,    3, 2",
    })
    void seenTellsHowLongItPassesAndWhenItMissed(
            String tries, @Nullable Integer passingSince, @Nullable Integer triesSinceMiss) {
        record(KEY, tries);
        Seen seen = ledger.seen(KEY).orElseThrow();
        assertThat(seen.tries()).isEqualTo(tries.length());
        assertThat(seen.lastTry()).isEqualTo(at(tries.length()));
        assertThat(seen.lastOutcome()).isEqualTo(outcome(tries.charAt(tries.length() - 1)));
        assertThat(seen.passingSince()).isEqualTo(passingSince == null ? null : at(passingSince));
        assertThat(seen.triesSinceMiss()).isEqualTo(triesSinceMiss);
    }

    @Test
    void missedWithinCountsTriesFromTheLastOne() {
        record(KEY, "MPP");
        Seen seen = ledger.seen(KEY).orElseThrow();
        assertThat(seen.missedWithin(2)).isFalse();
        assertThat(seen.missedWithin(3)).isTrue();
        TryLedger.Key other = new TryLedger.Key("other", "readiness", "digest", null);
        record(other, "P");
        assertThat(ledger.seen(other).orElseThrow().missedWithin(20)).isFalse();
    }

    @Test
    void theRecordOfAResourceHoldsTheMissesOfAllItsChecks() {
        record(KEY, "PM");
        record(new TryLedger.Key("uid", "phantom", "digest", 3L), "PPM");
        ProbeRecord record = ledger.record("uid");
        assertThat(record.since()).isEqualTo(at(3));
        assertThat(record.misses()).containsExactlyInAnyOrder(at(2), at(5));
        assertThat(record.isQuiet(at(3), at(4))).isTrue();
        assertThat(record.isQuiet(at(3), at(5))).isFalse();
        assertThat(record.isQuiet(at(5), at(6))).isFalse();
        assertThat(record.isQuiet(at(2), at(4))).isFalse();
        assertThat(ledger.record("other").isQuiet(at(1), at(2))).isFalse();
    }

    @Test
    void judgementsHaveOutcomes() {
        assertThat(Outcome.of(new Judgement.Passed())).isEqualTo(Outcome.Pass);
        assertThat(Outcome.of(new Judgement.Missed("", true))).isEqualTo(Outcome.Miss);
        assertThat(Outcome.of(new Judgement.Unclear(""))).isEqualTo(Outcome.Unclear);
    }

    @Test
    void manyThreadsLoseNoTry() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                all.add(threads.submit(() -> {
                    go.await();
                    for (int n = 0; n < 1000; n++) {
                        ledger.record(KEY, Outcome.Pass, START);
                        ledger.standing(KEY, 3, 1, CheckResult.Unknown);
                    }
                    return true;
                }));
            }
            go.countDown();
            for (Future<?> each : all) {
                each.get(30, TimeUnit.SECONDS);
            }
        }
        assertThat(ledger.seen(KEY).orElseThrow().tries()).isEqualTo(4000);
    }

    private void record(TryLedger.Key key, String tries) {
        for (int i = 0; i < tries.length(); i++) {
            ledger.record(key, outcome(tries.charAt(i)), at(++recorded));
        }
    }

    private static Instant at(int number) {
        return START.plusSeconds(number);
    }

    private static Outcome outcome(char letter) {
        return switch (letter) {
            case 'P' -> Outcome.Pass;
            case 'M' -> Outcome.Miss;
            default -> Outcome.Unclear;
        };
    }
}
