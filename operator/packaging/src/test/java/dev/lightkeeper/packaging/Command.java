package dev.lightkeeper.packaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One of the programs that {@code .ci/packaging/build} makes ready, or kubectl.
 *
 * @param environment besides that of this process
 */
record Command(Path program, Map<String, String> environment) {
    /** Names the folder that the programs are in. */
    static final String TOOLS = "PACKAGING_TOOLS_DIR";

    static final String WITHOUT_TOOLS = "needs Helm, kubeconform and promtool, see .ci/README.md";

    private static final long PATIENCE_SECONDS = 120;

    /** What a call printed, and how it ended. */
    record Output(int exitCode, String out, String err) {
        /** The output of a call that has to succeed. */
        String orThrow() {
            if (exitCode != 0) {
                throw new AssertionError("exit code %d: %s%s".formatted(exitCode, out, err));
            }
            return out;
        }
    }

    static Path tools() {
        return Path.of(Objects.requireNonNull(System.getenv(TOOLS), TOOLS));
    }

    static Command tool(String name) {
        return new Command(tools().resolve(name), Map.of());
    }

    Command with(String variable, Object value) {
        Map<String, String> all = new HashMap<>(environment);
        all.put(variable, value.toString());
        return new Command(program, Map.copyOf(all));
    }

    Output run(String... arguments) {
        return run(List.of(arguments), "");
    }

    Output run(List<String> arguments, String input) {
        ProcessBuilder builder = new ProcessBuilder(
                Stream.concat(Stream.of(program.toString()), arguments.stream()).toList());
        builder.environment().putAll(environment);
        try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            Process process = builder.start();
            CompletableFuture<String> err =
                    CompletableFuture.supplyAsync(() -> text(process.getErrorStream()), readers);
            CompletableFuture<String> out =
                    CompletableFuture.supplyAsync(() -> text(process.getInputStream()), readers);
            try (var in = process.getOutputStream()) {
                in.write(input.getBytes(UTF_8));
            }
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(builder.command() + " did not end");
            }
            return new Output(process.exitValue(), out.join(), err.join());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String text(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
