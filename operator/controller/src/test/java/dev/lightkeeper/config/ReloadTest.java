package dev.lightkeeper.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.config.Environment.Parsed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadTest {
    private final List<String> levels = new ArrayList<>();

    @TempDir
    private Path folder;

    private Path file;
    private Reload reload;

    @BeforeEach
    void start() throws IOException {
        file = folder.resolve("lightkeeper.properties");
        Files.writeString(file, "LIGHTKEEPER_LOG_LEVEL=INFO\n");
        reload = new Reload(this::read, (Parsed.Valid) read(), levels::add);
    }

    @Test
    void theSameFileChangesNothing() {
        reload.check();
        assertThat(levels).isEmpty();
    }

    @Test
    void anotherLevelIsAppliedOnce() throws IOException {
        Files.writeString(file, "LIGHTKEEPER_LOG_LEVEL=DEBUG\n");
        reload.check();
        reload.check();
        assertThat(levels).containsExactly("DEBUG");
    }

    @Test
    void aFileThatHasBecomeWrongChangesNothingUntilItIsRight() throws IOException {
        Files.writeString(file, "LIGHTKEEPER_LOG_LEVEL=LOUD\n");
        reload.check();
        Files.delete(file);
        reload.check();
        assertThat(levels).isEmpty();

        Files.writeString(file, "LIGHTKEEPER_LOG_LEVEL=WARN\n");
        reload.check();
        assertThat(levels).containsExactly("WARN");
    }

    private Parsed read() {
        return Environment.parse(Map.of("LIGHTKEEPER_CONFIG_FILE", file.toString()));
    }
}
