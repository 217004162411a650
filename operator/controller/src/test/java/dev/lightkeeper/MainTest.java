package dev.lightkeeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.config.Environment;
import dev.lightkeeper.config.Setting;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MainTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @Test
    void validSettingsAreToldWithExitCodeZero() {
        assertThat(run(Map.of(), "--check-config")).isZero();
        assertThat(said()).isEqualTo("the settings are valid\n");
    }

    @Test
    void eachProblemIsOneLineAndTheExitCodeIsTwo() {
        assertThat(run(Map.of("LIGHTKEEPER_LISTEN", "x", "LIGHTKEEPER_SPEED", "x"), "--check-config"))
                .isEqualTo(2);
        assertThat(said().lines()).hasSize(2);
    }

    @Test
    void badSettingsEndTheStartBeforeAnythingIsAsked() {
        assertThat(run(Map.of("LIGHTKEEPER_LISTEN", "x"))).isEqualTo(2);
    }

    @Test
    void theVersionIsOfTheBuild() {
        assertThat(run(Map.of(), "--version")).isZero();
        assertThat(said()).isEqualTo("lightkeeper " + Version.current() + "\n");
    }

    @Test
    void theHelpNamesEverySetting() {
        assertThat(run(Map.of(), "--help")).isZero();
        for (Setting setting : Setting.values()) {
            assertThat(said()).contains(setting.variable(), setting.description());
        }
    }

    @Test
    void anOptionThatDoesNotExistIsAnErrorAndStartsNothing() {
        assertThat(run(Map.of(), "--verison")).isEqualTo(2);
        assertThat(run(Map.of(), "--version", "--help")).isEqualTo(2);
        assertThat(said()).contains("Usage");
    }

    private int run(Map<String, String> environment, String... arguments) {
        Lightkeeper.Parts none = ports -> {
            throw new IllegalStateException("started");
        };
        return new Main(none, () -> Environment.parse(environment), new PrintStream(said, true, UTF_8))
                .run(List.of(arguments));
    }

    private String said() {
        return said.toString(UTF_8).replace(System.lineSeparator(), "\n");
    }
}
