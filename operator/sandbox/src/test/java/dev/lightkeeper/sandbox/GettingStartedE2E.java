package dev.lightkeeper.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of docs/getting-started.md, one after the other, answer what the page shows. */
class GettingStartedE2E {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final String PROMPT = "$ ";
    /** More than the page's own time-outs. */
    private static final Duration PATIENCE = Duration.ofMinutes(6);

    @TempDir
    Path folder;

    /** A command and the lines that the page shows of its answer. */
    private record Shown(String command, List<String> answer) {}

    @BeforeEach
    void needsKubectl() {
        assumeTrue(
                Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(path -> Files.isExecutable(Path.of(path, "kubectl"))),
                "skipped: there is no kubectl on the PATH");
    }

    @Test
    void theCommandsAnswerAsThePageShows() throws Exception {
        SandboxJar jar = new SandboxJar(ROOT, folder.resolve("output"));
        Process sandbox = jar.start("--kubeconfig=" + folder.resolve("kubeconfig"));
        try {
            await().atMost(SandboxJar.PATIENCE)
                    .until(() -> jar.output().contains("production/shop  Ready") || !sandbox.isAlive());
            for (Shown shown : commands(Files.readAllLines(ROOT.resolve("docs/getting-started.md")))) {
                String answer = run(shown.command());
                assertThat(shown.answer())
                        .as("%s answered%n%s", shown.command(), answer)
                        .allSatisfy(line -> assertThat(words(answer)).contains(words(line)));
            }
        } finally {
            sandbox.destroy();
        }
    }

    private static List<Shown> commands(List<String> page) {
        List<Shown> commands = new ArrayList<>();
        for (String line : page) {
            if (line.startsWith(PROMPT)) {
                commands.add(new Shown(line.substring(PROMPT.length()), new ArrayList<>()));
            } else if (!commands.isEmpty() && !line.isBlank() && isAnswer(page, line)) {
                commands.getLast().answer().add(line);
            }
        }
        assertThat(commands).hasSizeGreaterThan(5);
        return commands;
    }

    /** Whether a line stands in a block that begins with a command. */
    private static boolean isAnswer(List<String> page, String line) {
        List<String> before = page.subList(0, page.indexOf(line));
        int fence = before.lastIndexOf("```");
        boolean inside = before.stream().filter("```"::equals).count() % 2 == 1;
        return inside && !line.equals("```") && page.get(fence + 1).startsWith(PROMPT);
    }

    /** Columns are as wide as what else stands in them. */
    private static String words(String text) {
        return text.replaceAll(" +", " ").strip();
    }

    private String run(String command) throws IOException, InterruptedException {
        Path output = folder.resolve("answer");
        ProcessBuilder builder = new ProcessBuilder(
                        "sh",
                        "-c",
                        command.replace(".sandbox", folder.toString())
                                .replace("java -jar", System.getProperty("java.home") + "/bin/java -jar"))
                .directory(ROOT.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("KUBECONFIG", folder.resolve("kubeconfig").toString());
        Process process = builder.start();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as(command)
                .isTrue();
        String answer = Files.readString(output, UTF_8);
        // What is refused is shown as such.
        assertThat(process.exitValue() == 0 || answer.contains("is invalid"))
                .as("%s: %s", command, answer)
                .isTrue();
        return answer;
    }
}
