package dev.lightkeeper.verify;

import dev.lightkeeper.api.v1alpha1.CheckResult;
import dev.lightkeeper.plan.ProbeRecord;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The last tries of every check, in memory only: losing them delays a decision and never changes one. Only the newest
 * definition and version of a check is kept, and of a resource's checks at most as many as the constructor says; those that
 * were not touched for longest go first. There is no bound for all resources together: forgetting again and again what is
 * still asked would be to know nothing.
 *
 * <p>Safe for use by many threads.
 */
public final class TryLedger {
    private final int mostChecks;
    // By resource, then by check, these in the order of their last use.
    private final Map<String, Map<Slot, Entry>> entries = new HashMap<>();

    /** An empty ledger of at most {@code mostChecks} checks of each resource. */
    public TryLedger(int mostChecks) {
        this.mostChecks = mostChecks;
    }

    /** Adds a try. Another definition or version of the same check forgets what was known of the one before. */
    public synchronized void record(Key key, Outcome outcome, Instant at) {
        Map<Slot, Entry> ofResource = entries.computeIfAbsent(key.uid(), uid -> new LinkedHashMap<>(16, 0.75f, true));
        Entry entry = ofResource.get(key.slot());
        if (entry != null && entry.key().equals(key)) {
            entry.page().add(outcome, at);
            return;
        }
        ofResource.put(key.slot(), new Entry(key, new TryLedgerPage(outcome, at)));
        if (ofResource.size() > mostChecks) {
            ofResource.remove(ofResource.keySet().iterator().next());
        }
    }

    /**
     * Where a check stands, by the rules of {@link TryLedgerPage}.
     *
     * @param carriedOver what it was before this process's first decision; the answer while there is none
     */
    public synchronized CheckResult standing(
            Key key, int failureThreshold, int successThreshold, CheckResult carriedOver) {
        Entry entry = entry(key);
        return entry == null ? carriedOver : entry.page().standing(failureThreshold, successThreshold, carriedOver);
    }

    /** What was seen of a check in this process; empty if it was not tried. */
    public synchronized Optional<Seen> seen(Key key) {
        return Optional.ofNullable(entry(key)).map(entry -> entry.page().seen());
    }

    /** What was seen of all checks of a resource in this process; what single hosts answered is a part of those. */
    public synchronized ProbeRecord record(String uid) {
        List<TryLedgerPage> pages = entries.getOrDefault(uid, Map.of()).values().stream()
                .filter(entry -> entry.key().host() == null)
                .map(Entry::page)
                .toList();
        return new ProbeRecord(
                pages.stream()
                        .map(TryLedgerPage::firstTry)
                        .max(Comparator.naturalOrder())
                        .orElse(null),
                pages.stream().flatMap(page -> page.misses().stream()).toList());
    }

    /** Forgets a deleted resource. */
    public synchronized void forget(String uid) {
        entries.remove(uid);
    }

    private @Nullable Entry entry(Key key) {
        Entry entry = entries.getOrDefault(key.uid(), Map.of()).get(key.slot());
        return entry != null && entry.key().equals(key) ? entry : null;
    }

    /**
     * What is tried.
     *
     * @param uid of the resource
     * @param host that was asked, null when it is the service
     * @param definition a digest of everything that decides what is asked and expected
     * @param deploymentVersion the AWS version that answers, null without one
     */
    public record Key(
            String uid,
            @Nullable String host,
            String check,
            String definition,
            @Nullable Long deploymentVersion) {
        /** A check of the service. */
        public Key(String uid, String check, String definition, @Nullable Long deploymentVersion) {
            this(uid, null, check, definition, deploymentVersion);
        }

        private Slot slot() {
            return new Slot(host, check);
        }
    }

    /** How a try ended. */
    public enum Outcome {
        Pass,
        Miss,
        Unclear;

        /** The outcome that a judgement stands for. */
        public static Outcome of(Judgement judgement) {
            return switch (judgement) {
                case Judgement.Passed _ -> Pass;
                case Judgement.Missed _ -> Miss;
                case Judgement.Unclear _ -> Unclear;
            };
        }
    }

    /**
     * The tries of one check since this process began with its definition and version.
     *
     * @param tries how many, at most {@link Integer#MAX_VALUE}
     * @param missesInARow up to the last try, unclear ones left out
     * @param triesSinceMiss how many came after the last miss, null without a miss
     * @param passingSince time of the first pass that was followed by passes only, null if the last try did not pass
     */
    public record Seen(
            int tries,
            Instant lastTry,
            Outcome lastOutcome,
            int missesInARow,
            @Nullable Integer triesSinceMiss,
            @Nullable Instant passingSince) {
        /** Whether one of the last {@code count} tries was a miss. */
        public boolean missedWithin(int count) {
            return triesSinceMiss != null && triesSinceMiss < count;
        }
    }

    private record Slot(@Nullable String host, String check) {}

    private record Entry(Key key, TryLedgerPage page) {}
}
