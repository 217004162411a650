package dev.lightkeeper.simulators.aws.application;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What each image does when it is run. Patterns are globs on the image reference, the first match wins. Running nodes
 * look their image up again for each answer, so an entry that is put changes what already runs.
 */
public final class ImageCatalogue {
    private static final String BUILT_IN = "images.yaml";

    private final List<CatalogueEntry> entries;
    private final Map<String, Behaviour> found = new HashMap<>();
    private final Behaviour storedDefault;
    private final Behaviour publicDefault;

    private ImageCatalogue(CatalogueFile file) {
        this.entries = new ArrayList<>(file.entries());
        this.storedDefault = Objects.requireNonNullElseGet(file.byDefault("stored"), ImageCatalogue::plain);
        this.publicDefault = Objects.requireNonNullElseGet(file.byDefault("public"), ImageCatalogue::plain);
    }

    /** {@return a catalogue of the images that the incidents, the samples and the sandbox need} */
    public static ImageCatalogue builtIn() {
        try (InputStream resource = Objects.requireNonNull(
                ImageCatalogue.class.getResourceAsStream(BUILT_IN), "The built-in catalogue is missing")) {
            return load(resource);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return a catalogue without entries: every image is a plain application that answers 200 to everything} */
    public static ImageCatalogue empty() {
        return new ImageCatalogue(new CatalogueFile());
    }

    /**
     * Reads a catalogue file.
     *
     * @throws IOException when it cannot be read
     * @throws IllegalArgumentException when it says something that no behaviour has
     */
    public static ImageCatalogue load(Path file) throws IOException {
        try (InputStream yaml = Files.newInputStream(file)) {
            return load(yaml);
        }
    }

    /**
     * Reads a catalogue file.
     *
     * @throws IOException when it cannot be read
     * @throws IllegalArgumentException when it says something that no behaviour has
     */
    public static ImageCatalogue load(InputStream yaml) throws IOException {
        return new ImageCatalogue(CatalogueFile.read(yaml));
    }

    /**
     * Puts an entry before all others, or changes the one with the same pattern in its place.
     *
     * @param pattern a glob on the image reference
     * @param behaviour what such images do from now on
     */
    public synchronized void put(String pattern, Behaviour behaviour) {
        found.clear();
        CatalogueEntry entry = new CatalogueEntry(new Glob(pattern), behaviour);
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).pattern().text().equals(pattern)) {
                entries.set(i, entry);
                return;
            }
        }
        entries.addFirst(entry);
    }

    /** Takes away the entry with this pattern, if there is one. */
    public synchronized void remove(String pattern) {
        found.clear();
        entries.removeIf(entry -> entry.pattern().text().equals(pattern));
    }

    /** {@return what the image does} */
    public synchronized Behaviour behaviour(String image) {
        return found.computeIfAbsent(image, this::find);
    }

    private Behaviour find(String image) {
        for (CatalogueEntry entry : entries) {
            if (entry.pattern().matches(image)) {
                return entry.behaviour();
            }
        }
        return image.startsWith(":") ? storedDefault : publicDefault;
    }

    private static Behaviour plain() {
        return Behaviour.builder()
                .with("otherPaths: {status: 200, body: ok}")
                .startupLogLine(0, "Listening on port ${port}")
                .build();
    }
}
