package dev.lightkeeper.docs;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The table of docs/runbooks/README.md, for every test that has to know which conditions are documented. */
public final class RunbookIndex {
    static final Path RUNBOOKS = Documents.DOCS.resolve("runbooks");

    private static final Path INDEX = RUNBOOKS.resolve("README.md");
    private static final Pattern ROW =
            Pattern.compile("^\\| `(\\w+)` \\| `(\\w+)` \\| (\\w+) \\| ([1-4]) \\| (.*) \\|$", Pattern.MULTILINE);
    private static final Pattern RESERVED = Pattern.compile("^\\* `(\\w+)`: ", Pattern.MULTILINE);
    private static final Pattern EVENT_ONLY = Pattern.compile("^\\* `(\\w+)` \\(event\\): ", Pattern.MULTILINE);

    private static final List<Row> ROWS = ROW.matcher(Documents.read(INDEX))
            .results()
            .map(found -> new Row(
                    found.group(3), found.group(1), found.group(2), Integer.parseInt(found.group(4)), found.group(5)))
            .toList();

    private static final Set<Listed> LISTED = ROWS.stream()
            .map(row -> new Listed(row.kind(), row.type(), row.reason()))
            .collect(Collectors.toUnmodifiableSet());

    private record Listed(String kind, String type, String reason) {}

    private RunbookIndex() {}

    /**
     * A reason on a condition.
     *
     * @param page a link, or words where nothing has to be done
     */
    public record Row(String kind, String type, String reason, int severity, String page) {
        boolean hasPage() {
            return page.startsWith("[");
        }
    }

    /** In the order of the file. */
    public static List<Row> rows() {
        return ROWS;
    }

    /** Whether a condition of a kind may carry the reason. */
    public static boolean lists(String kind, String type, String reason) {
        return LISTED.contains(new Listed(kind, type, reason));
    }

    /** Reasons that no code tells. */
    static Stream<String> reserved() {
        return listed(RESERVED);
    }

    /** Reasons of events that no condition carries. */
    static Stream<String> onlyInEvents() {
        return listed(EVENT_ONLY);
    }

    private static Stream<String> listed(Pattern line) {
        return line.matcher(Documents.read(INDEX)).results().map(found -> found.group(1));
    }
}
