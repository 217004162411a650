package dev.lightkeeper.sandbox;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Finds {@code manifests/samples}: in a folder above the working directory, or above the jar. */
final class Samples {
    private static final Path SAMPLES = Path.of("manifests", "samples");

    private Samples() {}

    static Path find() {
        Path found = above(Path.of("").toAbsolutePath());
        if (found == null) {
            found = above(jar());
        }
        if (found == null) {
            throw new CannotStart(
                    "manifests/samples was found neither above the working directory nor above %s: ".formatted(jar())
                            + "say --apply PATH, or --apply none");
        }
        return found;
    }

    /** As it is said to somebody in the working directory. */
    static Path shown(Path path) {
        Path here = Path.of("").toAbsolutePath();
        return path.isAbsolute() && path.startsWith(here) ? here.relativize(path) : path;
    }

    static Path existing(Path path) {
        if (!Files.isReadable(path)) {
            throw new CannotStart("--apply: %s cannot be read".formatted(path));
        }
        return path;
    }

    private static @Nullable Path above(Path start) {
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve(SAMPLES))) {
                return folder.resolve(SAMPLES);
            }
        }
        return null;
    }

    /** The program itself. */
    static Path jar() {
        try {
            return Path.of(Samples.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
