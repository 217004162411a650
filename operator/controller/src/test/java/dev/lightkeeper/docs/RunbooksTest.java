package dev.lightkeeper.docs;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.docs.RunbookIndex.Row;
import dev.lightkeeper.status.ConditionTypes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CompoundElement;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every reason that the operator can tell has a page, and every page is about a reason that it can tell. */
class RunbooksTest {
    private static final Set<String> ACCOUNT_TYPES =
            Set.of("Ready", "IdentityVerified", "PermissionsVerified", "Reachable", "AutomationAllowed", "InUse");
    private static final Pattern STALLED_ROW =
            Pattern.compile("^\\| \\[(\\w+)]\\(runbooks/\\1\\.md\\) \\|", Pattern.MULTILINE);
    private static final List<String> SECTIONS =
            List.of("## Symptom", "## Diagnosis", "## Fix", "## Prevention", "## Automation");

    @Test
    void theIndexHasExactlyTheReasonsThatTheCodeTells() {
        Set<String> documented =
                sorted(Stream.concat(RunbookIndex.rows().stream().map(Row::reason), RunbookIndex.onlyInEvents()));
        assertThat(documented).isEqualTo(toldByCode());
    }

    @Test
    void theReservedReasonsAreExactlyThoseThatNoCodeTells() {
        Set<String> silent = sorted(Arrays.stream(Reason.values()).map(Reason::name));
        silent.removeAll(toldByCode());

        Set<String> reserved = sorted(RunbookIndex.reserved());
        assertThat(reserved).isEqualTo(silent);
    }

    @Test
    void everyConditionTypeHasARowAndEveryRowAType() {
        Set<String> types = new TreeSet<>(ConditionTypes.ALWAYS);
        types.add(ConditionTypes.RECONCILING);
        types.add(ConditionTypes.STALLED);

        Set<String> ofServices = typesOf("ServiceDeployment");
        Set<String> ofAccounts = typesOf("AwsAccount");
        assertThat(ofServices).isEqualTo(types);
        assertThat(ofAccounts).isEqualTo(ACCOUNT_TYPES);
    }

    @Test
    void noPairIsListedTwice() {
        List<String> pairs = RunbookIndex.rows().stream()
                .map(row -> String.join(" ", row.kind(), row.type(), row.reason()))
                .toList();
        assertThat(pairs).doesNotHaveDuplicates();
    }

    @Test
    void pagesAndRowsMatch() throws IOException {
        List<Row> linking = RunbookIndex.rows().stream().filter(Row::hasPage).toList();
        assertThat(linking)
                .allSatisfy(row -> assertThat(row.page()).isEqualTo("[%s.md](%s.md)", row.reason(), row.reason()));

        Set<String> linked = sorted(linking.stream().map(row -> row.reason() + ".md"));
        try (Stream<Path> files = Files.list(RunbookIndex.RUNBOOKS)) {
            Set<String> pages = sorted(
                    files.map(file -> String.valueOf(file.getFileName())).filter(name -> !name.equals("README.md")));
            assertThat(pages).isEqualTo(linked);
        }
    }

    @Test
    void whatNeedsNobodyIsOfTheLowestSeverity() {
        assertThat(RunbookIndex.rows())
                .filteredOn(row -> !row.hasPage())
                .allSatisfy(row -> assertThat(row.severity()).isEqualTo(4));
    }

    @Test
    void everyPageHasAllSectionsAndTheSeveritiesOfItsRows() {
        for (Row row : RunbookIndex.rows()) {
            if (row.hasPage()) {
                assertThat(Documents.read(RunbookIndex.RUNBOOKS.resolve(row.reason() + ".md")))
                        .startsWith("# " + row.reason() + "\n")
                        .containsSubsequence(SECTIONS)
                        .contains("`%s` (%d)".formatted(row.type(), row.severity()));
            }
        }
    }

    @Test
    void theTableOfTheRolloutPageHasEveryReasonOfStalled() {
        List<String> stalled = RunbookIndex.rows().stream()
                .filter(row -> row.kind().equals("ServiceDeployment"))
                .filter(row -> row.type().equals(ConditionTypes.STALLED))
                .map(Row::reason)
                .sorted()
                .toList();
        List<String> shown = STALLED_ROW
                .matcher(Documents.read(Documents.DOCS.resolve("rollout.md")))
                .results()
                .map(found -> found.group(1))
                .sorted()
                .toList();
        assertThat(shown).isEqualTo(stalled);
    }

    @Test
    void thePageOfEveryReasonOfStalledHasACommandForTheDiagnosisAndWordsForTheFix() {
        assertThat(RunbookIndex.rows())
                .filteredOn(row -> row.type().equals(ConditionTypes.STALLED))
                .allSatisfy(row -> {
                    String page = Documents.read(RunbookIndex.RUNBOOKS.resolve(row.reason() + ".md"));
                    assertThat(section(page, "## Diagnosis")).contains("\n```\n");
                    assertThat(section(page, "## Fix").strip()).hasSizeGreaterThan(20);
                });
    }

    private static String section(String page, String heading) {
        String from = page.substring(page.indexOf(heading) + heading.length());
        int next = from.indexOf("\n## ");
        return next < 0 ? from : from.substring(0, next);
    }

    private static Set<String> typesOf(String kind) {
        return sorted(RunbookIndex.rows().stream()
                .filter(row -> row.kind().equals(kind))
                .map(Row::type));
    }

    private static Set<String> sorted(Stream<String> words) {
        return words.collect(toCollection(TreeSet::new));
    }

    /** The constants of {@link Reason} that the product's byte code reads. */
    private static Set<String> toldByCode() {
        String reason = Reason.class.getName().replace('.', '/');
        try {
            Path classes = Path.of(Reason.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            try (Stream<Path> files = Files.walk(classes.resolve("dev/lightkeeper"))) {
                return sorted(files.filter(file -> file.toString().endsWith(".class"))
                        .map(RunbooksTest::parsed)
                        .filter(type -> !type.thisClass().asInternalName().equals(reason))
                        .flatMap(type -> type.methods().stream())
                        .flatMap(method -> method.code().stream())
                        .flatMap(CompoundElement::elementStream)
                        .flatMap(element -> element instanceof FieldInstruction access ? Stream.of(access) : null)
                        .filter(access -> access.opcode() == Opcode.GETSTATIC)
                        .filter(access -> access.owner().asInternalName().equals(reason))
                        .map(access -> access.name().stringValue()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ClassModel parsed(Path file) {
        try {
            return ClassFile.of().parse(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
