package dev.lightkeeper.ec2.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The host script is POSIX shell without a finding of shellcheck. */
class ScriptShellcheckTest {
    @Test
    void shellcheckFindsNothing() throws IOException, InterruptedException {
        assumeTrue(
                Arrays.stream(System.getenv("PATH").split(":"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "shellcheck"))),
                "Skipped: there is no shellcheck command on the PATH.");
        Process process = new ProcessBuilder("shellcheck", "--shell=sh", "-")
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().write(HostWorld.SCRIPT.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String findings = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(findings).isZero();
    }
}
