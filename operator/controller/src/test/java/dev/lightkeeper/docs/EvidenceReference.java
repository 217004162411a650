package dev.lightkeeper.docs;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import dev.lightkeeper.flow.Measured;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/** Writes what was measured of the releases of a catalogue. */
public final class EvidenceReference {
    /** What is written. */
    public static final Path FILE = Documents.DOCS.resolve("evidence.md");

    private static final List<String> COUNTED = List.of("Ready", "Available", "Degraded", "Stalled");

    private final String live;
    private final List<Row> bad;
    private final List<Row> good;

    private EvidenceReference(String live, List<Row> bad, List<Row> good) {
        this.live = live;
        this.bad = bad;
        this.good = good;
    }

    /**
     * A release that was played.
     *
     * @param as the first deployment or an update, empty where there is only one way to play it
     */
    public record Row(String section, String title, String as, Measured measured) {}

    static String atLightsail(List<Row> bad, List<Row> good) {
        EvidenceReference reference = new EvidenceReference("ACTIVE", bad, good);
        return reference.text(
                List.of(
                        new Column("As", Row::as),
                        new Column("First told as", EvidenceReference::told),
                        new Column("after s", row -> seconds(row.measured().detected())),
                        new Column(
                                "rollback after s",
                                row -> seconds(row.measured().rollbackOrdered())),
                        new Column("from", row -> row.measured().counted()),
                        new Column("At the end", EvidenceReference::end),
                        new Column("Serves", EvidenceReference::serving),
                        new Column("Warnings of events", EvidenceReference::events),
                        new Column("Moves", EvidenceReference::moves)),
                List.of(
                        new Column("As", Row::as),
                        new Column(
                                "Ready after s", row -> seconds(row.measured().verified())),
                        new Column("At the end", EvidenceReference::end),
                        new Column("Warnings of events", EvidenceReference::events),
                        new Column("Rollbacks", EvidenceReference::rollbacks),
                        new Column("Degraded", EvidenceReference::degraded),
                        new Column("Moves", EvidenceReference::moves)));
    }

    /** The part about hosts. */
    public static String onHosts(List<Row> bad, List<Row> good) {
        EvidenceReference reference = new EvidenceReference("the first host", bad, good);
        return reference.text(
                List.of(
                        new Column("First told as", EvidenceReference::told),
                        new Column("after s", row -> seconds(row.measured().detected())),
                        new Column(
                                "taken back after s",
                                row -> seconds(row.measured().rollbackOrdered())),
                        new Column("from", row -> row.measured().counted()),
                        new Column("At the end", EvidenceReference::end),
                        new Column("Runs", EvidenceReference::running),
                        new Column("Warnings of events", EvidenceReference::events),
                        new Column("Moves", EvidenceReference::moves)),
                List.of(
                        new Column(
                                "Ready after s", row -> seconds(row.measured().verified())),
                        new Column("from", row -> row.measured().counted()),
                        new Column("At the end", EvidenceReference::end),
                        new Column("Runs", EvidenceReference::running),
                        new Column("Warnings of events", EvidenceReference::events),
                        new Column("Rollbacks", EvidenceReference::rollbacks),
                        new Column("Degraded", EvidenceReference::degraded),
                        new Column("Moves", EvidenceReference::moves)));
    }

    private record Column(String heading, Function<Row, String> cell) {}

    private String text(List<Column> ofBad, List<Column> ofGood) {
        return "### Summary\n\n"
                + summary()
                + "\n### Bad releases\n"
                + tables(bad, ofBad)
                + "\n### Good releases\n"
                + tables(good, ofGood);
    }

    private String summary() {
        return """
                | | Bad releases | Good releases |
                |---|---|---|
                | Cases | %d | %d |
                | Trials | %d | %d |
                | Told of | %d | |
                | Taken back | %d | %d |
                | Degraded at some time | %d | %d |
                | Seconds until first told, from %s | %s | |
                | Seconds until the rollback was ordered, from %s | %s | |
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
                        live,
                        span(Measured::detected),
                        live,
                        span(Measured::rollbackOrdered));
    }

    private static long cases(List<Row> played) {
        return played.stream()
                .map(row -> List.of(row.section(), row.title()))
                .distinct()
                .count();
    }

    private static long count(List<Row> played, Predicate<Measured> is) {
        return played.stream().map(Row::measured).filter(is).count();
    }

    private String span(Function<Measured, Optional<Long>> seconds) {
        LongSummaryStatistics all = bad.stream()
                .map(Row::measured)
                .filter(Measured::isCountedFromLive)
                .flatMap(measured -> seconds.apply(measured).stream())
                .mapToLong(Long::longValue)
                .summaryStatistics();
        return "%d to %d".formatted(all.getMin(), all.getMax());
    }

    private static String tables(List<Row> played, List<Column> columns) {
        StringBuilder text = new StringBuilder();
        String section = "";
        String title = "";
        for (Row row : played) {
            if (!section.equals(row.section())) {
                section = row.section();
                text.append("\n#### %s\n\n| Case | %s |\n|---|%s\n"
                        .formatted(
                                section,
                                columns.stream().map(Column::heading).collect(joining(" | ")),
                                "---|".repeat(columns.size())));
            }
            String shown = row.title().equals(title) ? "" : capitalized(row.title());
            title = row.title();
            text.append("| %s | %s |\n"
                    .formatted(
                            shown,
                            columns.stream()
                                    .map(column -> column.cell().apply(row))
                                    .collect(joining(" | "))));
        }
        return text.toString();
    }

    private static String told(Row row) {
        return row.measured().told().isEmpty()
                ? "–"
                : "`%s`".formatted(row.measured().told());
    }

    private static String end(Row row) {
        String[] columns = row.measured().conditions().split(" \\| ", -1);
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

    private static String serving(Row row) {
        List<String> images = row.measured().serving();
        return images.isEmpty()
                ? "nothing"
                : images.stream().map(EvidenceReference::shortly).collect(joining(", "));
    }

    /** Each image with the number of hosts that run it. */
    private static String running(Row row) {
        Map<String, Long> hosts = row.measured().serving().stream()
                .collect(groupingBy(EvidenceReference::shortly, TreeMap::new, counting()));
        return hosts.entrySet().stream()
                .map(entry -> "%s on %d".formatted(entry.getKey(), entry.getValue()))
                .collect(joining(", "));
    }

    private static String shortly(String image) {
        return image.substring(image.lastIndexOf('/') + 1).replaceFirst("@sha256:.*", "@sha256:…");
    }

    private static String events(Row row) {
        return "%d of %d"
                .formatted(row.measured().warnings(), row.measured().events().size());
    }

    private static String rollbacks(Row row) {
        return row.measured().rollbackOrdered().isPresent() ? "1" : "0";
    }

    private static String degraded(Row row) {
        return row.measured().everDegraded() ? "yes" : "no";
    }

    private static String moves(Row row) {
        return COUNTED.stream()
                .map(type -> String.valueOf(row.measured().moves(type)))
                .collect(joining(" "));
    }

    private static String capitalized(String title) {
        return title.substring(0, 1).toUpperCase(Locale.ROOT) + title.substring(1);
    }
}
