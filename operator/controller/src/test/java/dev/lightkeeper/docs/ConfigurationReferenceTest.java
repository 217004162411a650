package dev.lightkeeper.docs;

import dev.lightkeeper.config.Setting;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigurationReferenceTest {
    @Test
    void everySettingIsDocumentedWithItsDefault() {
        StringBuilder table = new StringBuilder("| Variable | Default | What it is for |\n|---|---|---|\n");
        for (Setting setting : Setting.values()) {
            table.append("| `%s` | %s | %s |\n"
                    .formatted(
                            setting.variable(),
                            setting.defaultValue().isEmpty() ? "not set" : "`" + setting.defaultValue() + "`",
                            setting.description()));
        }
        Path file = Documents.DOCS.resolve("configuration.md");
        Documents.assertGenerated(file, Documents.withGeneratedPart(file, table.toString()));
    }
}
