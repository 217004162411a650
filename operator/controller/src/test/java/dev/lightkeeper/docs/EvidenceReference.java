package dev.lightkeeper.docs;

import dev.lightkeeper.docs.EvidenceTest.Play;
import dev.lightkeeper.flow.Measured;
import dev.lightkeeper.flow.ReleaseCase;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes what was measured of the releases of the catalogue. */
final class EvidenceReference {
    private static final List<String> COUNTED = List.of("Ready", "Available", "Degraded", "Stalled");
    private static final String BAD_HEAD = """
            | Case | As | First told as | after s | rollback after s | from | At the end | Serves | Warnings of events | Moves |
            |---|---|---|---|---|---|---|---|---|---|
            """;
    private static final String GOOD_HEAD = """
            | Case | As | Ready after s | At the end | Warnings of events | Rollbacks | Degraded | Moves |
            |---|---|---|---|---|---|---|---|
            """;

    private EvidenceReference() {}

    static String of(Map<Play, Measured> bad, Map<Play, Measured> good) {
        return "### Summary\n\n"
                + summary(bad, good)
                + "\n### Bad releases\n"
                + tables(bad, BAD_HEAD, EvidenceReference::badRow)
                + "\n### Good releases\n"
                + tables(good, GOOD_HEAD, EvidenceReference::goodRow);
    }

    private static String summary(Map<Play, Measured> bad, Map<Play, Measured> good) {
        return """
                | | Bad releases | Good releases |
                |---|---|---|
                | Cases | %d | %d |
                | Trials | %d | %d |
                | Told of | %d | |
                | Taken back | %d | %d |
                | Degraded at some time | %d | %d |
                | Seconds until first told, from ACTIVE | %s | |
                | Seconds until the rollback was ordered, from ACTIVE | %s | |
                """.formatted(
                        cases(bad),
                        cases(good),
                        bad.size(),
                        good.size(),
                        count(bad, measured -> measured.detected().isPresent()),
                        count(bad, measured -> measured.rollbackOrdered().isPresent()),
                        count(good, measured -> measured.rollbackOrdered().isPresent()),
                        count(bad, Measured::everDegraded),
                        count(good, Measured::everDegraded),
                        span(bad, Measured::detected),
                        span(bad, Measured::rollbackOrdered));
    }

    private static long cases(Map<Play, Measured> played) {
        return played.keySet().stream().map(Play::release).distinct().count();
    }

    private static long count(Map<Play, Measured> played, Function<Measured, Boolean> is) {
        return played.values().stream().filter(is::apply).count();
    }

    private static String span(Map<Play, Measured> played, Function<Measured, Optional<Long>> seconds) {
        LongSummaryStatistics all = played.values().stream()
                .filter(Measured::isCountedFromActive)
                .flatMap(measured -> seconds.apply(measured).stream())
                .mapToLong(Long::longValue)
                .summaryStatistics();
        return "%d to %d".formatted(all.getMin(), all.getMax());
    }

    private static String tables(Map<Play, Measured> played, String head, BiFunction<Play, Measured, String> row) {
        StringBuilder text = new StringBuilder();
        String section = "";
        ReleaseCase release = null;
        for (Map.Entry<Play, Measured> entry : played.entrySet()) {
            Play play = entry.getKey();
            if (!section.equals(play.release().section())) {
                section = play.release().section();
                text.append("\n#### %s\n\n".formatted(section)).append(head);
            }
            String title = play.release().equals(release)
                    ? ""
                    : capitalized(play.release().title());
            release = play.release();
            text.append("| %s | %s | %s |\n"
                    .formatted(title, play.update() ? "update" : "first", row.apply(play, entry.getValue())));
        }
        return text.toString();
    }

    private static String badRow(Play play, Measured measured) {
        return Stream.of(
                        "`%s`".formatted(measured.told()),
                        seconds(measured.detected()),
                        seconds(measured.rollbackOrdered()),
                        measured.counted(),
                        end(measured),
                        serving(measured),
                        events(measured),
                        moves(measured))
                .collect(Collectors.joining(" | "));
    }

    private static String goodRow(Play play, Measured measured) {
        return Stream.of(
                        seconds(measured.verified()),
                        end(measured),
                        events(measured),
                        measured.rollbackOrdered().isPresent() ? "1" : "0",
                        measured.everDegraded() ? "yes" : "no",
                        moves(measured))
                .collect(Collectors.joining(" | "));
    }

    private static String end(Measured measured) {
        String[] columns = measured.conditions().split(" \\| ", -1);
        String ready = columns[0].substring(2);
        StringBuilder text = new StringBuilder("%s `%s`".formatted(columns[0].substring(0, 1), ready));
        for (int i = 2; i < columns.length; i++) {
            String reason = columns[i].length() > 2 ? columns[i].substring(2) : ready;
            text.append(", ").append(columns[i], 0, 1).append(reason.equals(ready) ? "" : " `" + reason + "`");
        }
        return text.toString();
    }

    private static String seconds(Optional<Long> seconds) {
        return seconds.map(String::valueOf).orElse("–");
    }

    private static String serving(Measured measured) {
        return measured.serving().isEmpty()
                ? "nothing"
                : measured.serving().stream()
                        .map(image -> image.substring(image.lastIndexOf('/') + 1))
                        .collect(Collectors.joining(", "));
    }

    private static String events(Measured measured) {
        return "%d of %d".formatted(measured.warnings(), measured.events().size());
    }

    private static String moves(Measured measured) {
        return COUNTED.stream()
                .map(type -> String.valueOf(measured.moves(type)))
                .collect(Collectors.joining(" "));
    }

    private static String capitalized(String title) {
        return title.substring(0, 1).toUpperCase(Locale.ROOT) + title.substring(1);
    }
}
