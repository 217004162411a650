package dev.lightkeeper.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LauncherTest {
    private static final int JAVA_8 = 52;

    @ParameterizedTest
    @CsvSource({"1.8, 8", "11, 11", "25, 25", "unknown, 0"})
    void theVersionOfAnyJvmIsUnderstood(String said, int feature) {
        assertThat(Launcher.feature(said)).isEqualTo(feature);
    }

    @Test
    void aJvmThatIsTooOldCanLoadTheClassThatSaysSo() throws IOException {
        try (DataInputStream file =
                new DataInputStream(Objects.requireNonNull(Launcher.class.getResourceAsStream("Launcher.class")))) {
            assertThat(file.readInt()).isEqualTo(0xCAFEBABE);
            assertThat(file.readUnsignedShort()).isNotNegative();
            assertThat(file.readUnsignedShort()).isEqualTo(JAVA_8);
        }
    }
}
