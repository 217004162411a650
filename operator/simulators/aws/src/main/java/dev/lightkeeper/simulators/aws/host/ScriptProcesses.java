package dev.lightkeeper.simulators.aws.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The scripts that run on a host, each a process of this machine. */
final class ScriptProcesses {
    private final SimulatedHost.Place place;
    private final Path commands;
    private final Set<Process> running = ConcurrentHashMap.newKeySet();
    private volatile String shell = "/bin/sh";

    /** {@code commands} is the folder of all commands that a script finds. */
    ScriptProcesses(SimulatedHost.Place place, Path commands) {
        this.place = place;
        this.commands = commands;
    }

    /** Runs scripts by another shell from now on. */
    void shell(String path) {
        shell = path;
    }

    Shell.Execution run(String script, Duration executionTimeout) {
        Path file = place.root().resolve("tmp/script-" + UUID.randomUUID());
        Path output = file.resolveSibling(file.getFileName() + ".out");
        Path error = file.resolveSibling(file.getFileName() + ".err");
        try {
            Files.writeString(file, script);
            Process process = started(file, output, error);
            running.add(process);
            boolean ended = process.waitFor(executionTimeout.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                kill(process);
            }
            int code = process.waitFor();
            running.remove(process);
            return new Shell.Execution(code, HostFolder.read(output), HostFolder.read(error), !ended);
        } catch (IOException e) {
            throw new UncheckedIOException("The shell of a simulated host cannot run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Shell.Execution(137, "", "interrupted", true);
        } finally {
            HostFolder.delete(file);
            HostFolder.delete(output);
            HostFolder.delete(error);
        }
    }

    private Process started(Path script, Path output, Path error) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(shell, script.toString())
                .directory(place.root().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(output.toFile())
                .redirectError(error.toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(Map.of(
                "PATH", commands.toString(),
                "HOME", place.root().resolve("root").toString(),
                "LIGHTKEEPER_ROOT", place.root().toString(),
                "AWS_SSM_INSTANCE_ID", place.instanceId(),
                "AWS_SSM_REGION_NAME", place.region()));
        return builder.start();
    }

    void killAll() {
        running.forEach(ScriptProcesses::kill);
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        var _ = process.destroyForcibly();
    }
}
