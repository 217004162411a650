package dev.lightkeeper.ec2;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.failure.Failure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullUnmarked
class ScriptRequestTest {
    private static final String TEXT = "#!/bin/sh\n# for people\nset -eu\n\n  # indented\necho done\n";

    private static List<String> fitting(HostScript script, ScriptRequest request) {
        return ((HostScript.Commands.Fitting) script.commands(request)).lines();
    }

    /** Reads a request as the script does: {@code NAME value} of each line. */
    static List<String> decoded(ScriptRequest request) {
        List<String> lines = new ArrayList<>();
        for (String line : new String(Base64.getDecoder().decode(request.encoded()), UTF_8).split("\n", -1)) {
            if (!line.isEmpty()) {
                int space = line.indexOf(' ');
                lines.add("%s %s"
                        .formatted(
                                line.substring(0, space),
                                new String(Base64.getDecoder().decode(line.substring(space + 1)), UTF_8)));
            }
        }
        return lines;
    }

    @Test
    void requestStandsBeforeTheScriptWithoutItsCommentsAndEmptyLines() throws IOException {
        List<String> lines = fitting(new HostScript(() -> TEXT), ScriptRequest.of("inspect"));

        assertThat(lines).hasSize(3).endsWith("eval \"$LIGHTKEEPER_SCRIPT\"");
        assertThat(lines.getFirst()).matches("LIGHTKEEPER_REQUEST=[A-Za-z0-9+/=]+");
        String packed = lines.get(1).replaceAll("^[^']*'([A-Za-z0-9+/=]+)' .*", "$1");
        try (InputStream unpacked =
                new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(packed)))) {
            assertThat(unpacked).hasContent("set -eu\necho done");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/bin/dash", "/bin/bash"})
    void whatIsSentRunsAndEndsAsTheScriptDoes(String shell) throws IOException, InterruptedException {
        String script = "set -eu\nprintf %s \"$LIGHTKEEPER_REQUEST\" | base64 -d | head -n 1\nexit 13\necho never\n";
        List<String> lines = fitting(new HostScript(() -> script), ScriptRequest.of("inspect"));

        Process process = new ProcessBuilder(shell, "-c", String.join("\n", lines)).start();
        assertThat(process.inputReader().readAllLines())
                .containsExactly(decodable(ScriptRequest.of("inspect")).getFirst());
        assertThat(process.waitFor()).isEqualTo(13);
    }

    @Test
    void aHostThatCannotUnpackItSaysSo() throws IOException, InterruptedException {
        List<String> lines = fitting(HostScript.shipped(), ScriptRequest.of("inspect"));

        ProcessBuilder bare = new ProcessBuilder("/bin/sh", "-c", String.join("\n", lines));
        bare.environment().put("PATH", "/nowhere");
        Process process = bare.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        assertThat(process.inputReader().readAllLines())
                .singleElement()
                .satisfies(line -> assertThat(HostResponse.read(line)).isPresent());
        assertThat(process.waitFor()).isEqualTo(10);
    }

    private static List<String> decodable(ScriptRequest request) {
        return new String(Base64.getDecoder().decode(request.encoded()), UTF_8)
                .lines()
                .toList();
    }

    @Test
    void requestOfAHundredVariablesAndMoreFits() {
        ScriptRequest request = ScriptRequest.of("prepare");
        for (int i = 0; i < 200; i++) {
            request.line("env", "A_VARIABLE_OF_A_SERVICE_" + i).line("value", "a value of some length, as they are");
        }
        assertThat(HostScript.shipped().commands(request)).isInstanceOf(HostScript.Commands.Fitting.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "$(reboot)", "`id`", "'; rm -rf /; '", "a\nverb remove", "\u00e4\ud83d\ude00", "-rf", "\\x00"
            })
    void whatAValueHoldsIsNeverShellText(String value) {
        ScriptRequest request = ScriptRequest.of("prepare").line("env", "A").line("value", value);

        assertThat(fitting(new HostScript(() -> TEXT), request).getFirst())
                .matches("LIGHTKEEPER_REQUEST=[A-Za-z0-9+/=]+");
        assertThat(decoded(request)).containsExactly("version 1", "verb prepare", "env A", "value " + value);
    }

    @Test
    void whatIsNullIsLeftOut() {
        assertThat(decoded(ScriptRequest.of("probe").maybe("port", null).maybe("instances", 2)))
                .containsExactly("version 1", "verb probe", "instances 2");
    }

    @Test
    void moreThanACommandCarriesIsAProblemThatNamesTheSizes() {
        ScriptRequest request = ScriptRequest.of("prepare").line("value", "x".repeat(HostScript.MOST_BYTES));

        assertThat(new HostScript(() -> TEXT).commands(request))
                .isInstanceOfSatisfying(HostScript.Commands.TooLong.class, tooLong -> {
                    Failure.Terminal failure = tooLong.failure();
                    assertThat(failure.message()).contains("and the script ", "60000", "SSM Parameter Store");
                });
    }
}
