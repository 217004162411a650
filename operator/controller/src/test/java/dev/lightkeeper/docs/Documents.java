package dev.lightkeeper.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of the documentation. */
public final class Documents {
    /** Of the repository, from where Maven runs the tests. */
    static final Path ROOT = Path.of("..", "..");

    static final Path DOCS = ROOT.resolve("docs");

    private static final String UPDATE = "docs.update";

    private Documents() {}

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** README and everything under docs/. */
    static List<Path> all() {
        try (Stream<Path> docs = Files.walk(DOCS)) {
            return Stream.concat(Stream.of(ROOT.resolve("README.md")), docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Holds a generated file equal to what it is generated from; rewrites it when asked to. */
    static void assertGenerated(Path file, String generated) {
        if (Boolean.getBoolean(UPDATE)) {
            try {
                Files.writeString(file, generated);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        assertThat(read(file))
                .as("%s is out of date: write it again with -D%s=true", file.getFileName(), UPDATE)
                .isEqualTo(generated);
    }

    /**
     * Holds what is between the two markers of that name equal to what it is generated from; rewrites it when asked to. Parts
     * of one file may be written by tests that run at the same time.
     */
    public static synchronized void assertGeneratedPart(Path file, String name, String generated) {
        assertGenerated(
                file,
                withGeneratedPart(
                        file,
                        "<!-- generated %s: begin -->\n".formatted(name),
                        "<!-- generated %s: end -->".formatted(name),
                        generated));
    }

    /** Replaces what is between the two markers of a file that is otherwise written by hand. */
    static String withGeneratedPart(Path file, String generated) {
        return withGeneratedPart(file, "<!-- generated: begin -->\n", "<!-- generated: end -->", generated);
    }

    private static String withGeneratedPart(Path file, String begin, String end, String generated) {
        String text = read(file);
        int from = text.indexOf(begin);
        int to = text.indexOf(end);
        assertThat(from).as("%s has the markers", file).isNotNegative().isLessThan(to);
        return text.substring(0, from + begin.length()) + generated + text.substring(to);
    }
}
