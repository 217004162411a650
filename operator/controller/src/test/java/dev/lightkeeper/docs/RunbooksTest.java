package dev.lightkeeper.docs;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.status.ConditionTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every reason that the operator can tell has a page, and every page is about a reason that it can tell. */
class RunbooksTest {
    private static final Path RUNBOOKS = Documents.DOCS.resolve("runbooks");
    private static final Path INDEX = RUNBOOKS.resolve("README.md");
    private static final Pattern ROW =
            Pattern.compile("^\\| `(\\w+)` \\| `(\\w+)` \\| (\\w+) \\| ([1-4]) \\| (.*) \\|$", Pattern.MULTILINE);
    private static final Pattern RESERVED = Pattern.compile("^\\* `(\\w+)`: ", Pattern.MULTILINE);
    private static final Set<String> ACCOUNT_TYPES =
            Set.of("Ready", "IdentityVerified", "PermissionsVerified", "Reachable", "AutomationAllowed", "InUse");
    private static final List<String> SECTIONS =
            List.of("## Symptom", "## Diagnosis", "## Fix", "## Prevention", "## Automation");

    /** A row of the index. */
    private record Row(String kind, String type, String reason, int severity, String page) {}

    @Test
    void theIndexHasExactlyTheReasonsThatTheCodeTells() {
        assertThat(sorted(rows().stream().map(Row::reason)))
                .as("the rows of %s against the reasons that the code uses", INDEX)
                .isEqualTo(told());
    }

    @Test
    void theReservedReasonsAreExactlyThoseThatNoCodeTells() {
        Set<String> reserved =
                new TreeSet<>(Arrays.stream(Reason.values()).map(Reason::name).toList());
        reserved.removeAll(told());
        assertThat(sorted(RESERVED.matcher(Documents.read(INDEX)).results().map(found -> found.group(1))))
                .isEqualTo(reserved);
    }

    @Test
    void everyConditionTypeOfTheIndexExistsAndEachHasARow() {
        Set<String> types = new TreeSet<>(ConditionTypes.ALWAYS);
        types.add(ConditionTypes.RECONCILING);
        types.add(ConditionTypes.STALLED);
        assertThat(typesOf("ServiceDeployment")).isEqualTo(types);
        assertThat(typesOf("AwsAccount")).isEqualTo(new TreeSet<>(ACCOUNT_TYPES));
    }

    @Test
    void noPairIsListedTwice() {
        assertThat(rows().stream().map(row -> row.kind() + row.type() + row.reason()))
                .doesNotHaveDuplicates();
    }

    @Test
    void pagesAndRowsMatch() throws IOException {
        Set<String> linked = new TreeSet<>();
        for (Row row : rows()) {
            if (row.page().startsWith("[")) {
                assertThat(row.page()).isEqualTo("[%s.md](%s.md)".formatted(row.reason(), row.reason()));
                linked.add(row.reason() + ".md");
            }
        }
        try (Stream<Path> files = Files.list(RUNBOOKS)) {
            assertThat(sorted(files.map(file -> String.valueOf(file.getFileName()))
                            .filter(name -> !name.equals("README.md"))))
                    .isEqualTo(linked);
        }
    }

    @Test
    void whatNeedsNobodyIsOfTheLowestSeverity() {
        assertThat(rows())
                .filteredOn(row -> !row.page().startsWith("["))
                .allSatisfy(row -> assertThat(row.severity()).isEqualTo(4));
    }

    @Test
    void everyPageHasAllSectionsAndNamesItsSeverity() {
        for (String reason : sorted(
                rows().stream().filter(row -> row.page().startsWith("[")).map(Row::reason))) {
            String page = Documents.read(RUNBOOKS.resolve(reason + ".md"));
            assertThat(page).startsWith("# " + reason + "\n").containsSubsequence(SECTIONS);
            List<Row> rows =
                    rows().stream().filter(row -> row.reason().equals(reason)).toList();
            for (Row row : rows) {
                assertThat(page)
                        .as("severity of %s in %s.md", row.type(), reason)
                        .contains("`%s` (%d)".formatted(row.type(), row.severity()));
            }
        }
    }

    private static Set<String> typesOf(String kind) {
        return sorted(rows().stream().filter(row -> row.kind().equals(kind)).map(Row::type));
    }

    private static Set<String> sorted(Stream<String> words) {
        return words.collect(toCollection(TreeSet::new));
    }

    private static List<Row> rows() {
        return ROW.matcher(Documents.read(INDEX))
                .results()
                .map(RunbooksTest::row)
                .toList();
    }

    private static Row row(MatchResult found) {
        return new Row(
                found.group(3), found.group(1), found.group(2), Integer.parseInt(found.group(4)), found.group(5));
    }

    /** The constants of {@link Reason} that the product's byte code reads. */
    private static Set<String> told() {
        return sorted(new ClassFileImporter()
                .withImportOption(new DoNotIncludeTests())
                .importPackages("dev.lightkeeper")
                .stream()
                .filter(type -> !type.isEquivalentTo(Reason.class))
                .flatMap(type -> type.getFieldAccessesFromSelf().stream())
                .filter(access -> access.getAccessType() == JavaFieldAccess.AccessType.GET)
                .filter(access -> access.getTargetOwner().isEquivalentTo(Reason.class))
                .map(access -> access.getTarget().getName()));
    }
}
