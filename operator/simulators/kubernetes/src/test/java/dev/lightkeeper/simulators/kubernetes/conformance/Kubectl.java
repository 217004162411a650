package dev.lightkeeper.simulators.kubernetes.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Runs kubectl in a directory of the case, with nothing of the developer's own configuration. */
final class Kubectl {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|([^\\s'\"]+)");

    private final Path binary;
    private final Path home;
    private final Path cache;

    /**
     * One for each case.
     *
     * @param home  working directory, with the kubeconfig in it
     * @param cache what kubectl has discovered, shared by all cases
     */
    Kubectl(Path binary, Path home, Path cache) {
        this.binary = binary;
        this.home = home;
        this.cache = cache;
    }

    /**
     * How it ended.
     *
     * @param exit null when it was ended because it had printed enough
     */
    record Ended(@Nullable Integer exit, String output, String errors) {}

    Ended run(Step.Command command, Runnable during)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        for (Map.Entry<String, JsonNode> file : command.files().entrySet()) {
            Files.writeString(home.resolve(file.getKey()), YamlText.text(file.getValue()));
        }
        Process process = start(command);
        try {
            Reading output = Reading.of(process.getInputStream());
            Reading errors = Reading.of(process.getErrorStream());
            try (var input = process.outputWriter()) {
                if (command.input() != null) {
                    input.write(YamlText.text(command.input()));
                }
            }
            if (!command.during().isEmpty()) {
                errors.await(line -> line.contains("watch=true"), 1);
                during.run();
            }
            if (command.lines() > 0) {
                output.await(line -> true, command.lines());
                // Process.destroy would close the streams that are still being read.
                var _ = process.toHandle().destroy();
                return new Ended(null, output.all(), "");
            }
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new TimeoutException("kubectl " + command.line() + " did not end; it printed:\n" + output.all());
            }
            return new Ended(process.exitValue(), output.all(), errors.all());
        } finally {
            process.destroyForcibly();
        }
    }

    private Process start(Step.Command command) throws IOException {
        List<String> words = new ArrayList<>(List.of(binary.toString()));
        WORD.matcher(command.line())
                .results()
                .map(word ->
                        word.group(1) != null ? word.group(1) : word.group(2) != null ? word.group(2) : word.group(3))
                .forEach(words::add);
        if (!command.during().isEmpty()) {
            // Tells when the watch stands; the lines of its log are masked.
            words.add("-v=6");
        }
        ProcessBuilder builder = new ProcessBuilder(words).directory(home.toFile());
        String path = System.getenv("PATH");
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "PATH",
                        path,
                        "HOME",
                        home.toString(),
                        "KUBECONFIG",
                        home.resolve("kubeconfig").toString(),
                        "KUBECACHEDIR",
                        cache.toString(),
                        "LANG",
                        "C",
                        "TZ",
                        "UTC"));
        if (command.editor() != null) {
            Path editor = home.resolve("editor");
            Files.writeString(editor, "#!/bin/sh\nset -e\n" + command.editor() + "\n");
            var _ = Files.setPosixFilePermissions(editor, PosixFilePermissions.fromString("rwx------"));
            builder.environment().put("KUBE_EDITOR", editor.toString());
        }
        return builder.start();
    }

    /** Lines as they come; a pipe that nobody reads would stop kubectl. */
    private record Reading(List<String> lines, FutureTask<Boolean> end) {
        static Reading of(InputStream stream) {
            List<String> lines = new ArrayList<>();
            FutureTask<Boolean> end = new FutureTask<>(() -> {
                try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                        synchronized (lines) {
                            lines.add(line);
                            lines.notifyAll();
                        }
                    }
                }
                return true;
            });
            var _ = Thread.ofVirtual().start(end);
            return new Reading(lines, end);
        }

        void await(Predicate<String> wanted, int count) throws InterruptedException, TimeoutException {
            long deadline = System.nanoTime() + LIMIT.toNanos();
            synchronized (lines) {
                while (lines.stream().filter(wanted).count() < count) {
                    long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                    if (left <= 0) {
                        throw new TimeoutException("kubectl printed only:\n" + String.join("\n", lines));
                    }
                    lines.wait(left);
                }
            }
        }

        String all() throws InterruptedException, ExecutionException, TimeoutException {
            var _ = end.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            synchronized (lines) {
                return String.join("\n", lines);
            }
        }
    }
}
