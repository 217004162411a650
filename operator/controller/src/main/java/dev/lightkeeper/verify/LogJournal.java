package dev.lightkeeper.verify;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * When what was seen in a log. Readings overlap, since lines arrive late: what was read twice is one sight.
 *
 * <p>AWS's clock need not be ours, so that each sight has two times.
 */
final class LogJournal {
    private static final int MOST_SIGHTS = 500;

    private final Map<Place, TreeMap<Instant, List<Instant>>> places = new HashMap<>();
    private final Map<String, String> texts = new HashMap<>();
    private final Map<String, Sight> newestLines = new HashMap<>();
    private @Nullable Instant newestAt;
    private @Nullable String newestText;

    private record Place(String of, String pattern) {}

    /**
     * Something was in the log.
     *
     * @param at by AWS's clock: for distances between sights
     * @param seen the same by our own clock: no later than when it was first read
     */
    record Sight(Instant at, Instant seen) {}

    /**
     * Adds what one reading of one place found of a pattern.
     *
     * @param at the times of all lines of the reading that it matched
     */
    void add(String place, String pattern, List<Instant> at, Instant readAt) {
        TreeMap<Instant, List<Instant>> known =
                places.computeIfAbsent(new Place(place, pattern), first -> new TreeMap<>());
        Map<Instant, Integer> counts = new TreeMap<>();
        at.forEach(time -> counts.merge(time, 1, Integer::sum));
        counts.forEach((time, count) -> {
            List<Instant> seen = known.computeIfAbsent(time, none -> new ArrayList<>());
            while (seen.size() < count) {
                seen.add(time.isBefore(readAt) ? time : readAt);
            }
        });
        while (known.size() > MOST_SIGHTS) {
            known.pollFirstEntry();
        }
    }

    /** A line of the application itself. */
    void line(String place, Instant at, Instant readAt, String text) {
        Sight known = newestLines.get(place);
        if (known == null || at.isAfter(known.at())) {
            newestLines.put(place, new Sight(at, at.isBefore(readAt) ? at : readAt));
        }
        if (newestAt == null || !at.isBefore(newestAt)) {
            newestAt = at;
            newestText = text;
        }
    }

    /** The newest line of the application, null without one. */
    @Nullable
    Sight newestLine() {
        return newestLines.values().stream()
                .max(Comparator.comparing(Sight::at))
                .orElse(null);
    }

    /** The same of one place. */
    @Nullable
    Sight newestLine(String place) {
        return newestLines.get(place);
    }

    /** The newest text that a pattern matched, or of the application where it is not known. */
    @Nullable
    String text(String pattern) {
        return texts.getOrDefault(pattern, newestText);
    }

    void keep(String pattern, String text) {
        texts.put(pattern, text);
    }

    /** At all places, the oldest first. */
    List<Sight> all(String pattern) {
        return places.entrySet().stream()
                .filter(entry -> entry.getKey().pattern().equals(pattern))
                .flatMap(entry -> sights(entry.getValue()).stream())
                .sorted(Comparator.comparing(Sight::at))
                .toList();
    }

    /** At one place, the oldest first. */
    List<Sight> at(String place, String pattern) {
        return sights(places.getOrDefault(new Place(place, pattern), new TreeMap<>()));
    }

    /** At the place that has most of them: for what AWS writes into the log of each. */
    List<Sight> most(String pattern) {
        return places.entrySet().stream()
                .filter(entry -> entry.getKey().pattern().equals(pattern))
                .map(entry -> sights(entry.getValue()))
                .max(Comparator.comparingInt(List::size))
                .orElse(List.of());
    }

    private static List<Sight> sights(Map<Instant, List<Instant>> times) {
        List<Sight> sights = new ArrayList<>();
        times.forEach((at, seen) -> seen.forEach(time -> sights.add(new Sight(at, time))));
        return sights;
    }
}
