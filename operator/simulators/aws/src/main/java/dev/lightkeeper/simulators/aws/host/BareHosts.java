package dev.lightkeeper.simulators.aws.host;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Hosts with nothing on them: {@code /bin/sh} in an empty folder of the instance, as the user of this process, with no
 * environment but {@code PATH} and {@code HOME}. There are no containers, no other users and no AWS on them.
 */
public final class BareHosts implements Hosts {
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final Path root;
    private final Map<String, Set<Process>> running = new ConcurrentHashMap<>();
    private final Set<String> off = ConcurrentHashMap.newKeySet();

    /** Creates hosts below a new temporary folder, which goes when they are closed. */
    public BareHosts() {
        try {
            root = Files.createTempDirectory("simulated-hosts");
        } catch (IOException e) {
            throw new UncheckedIOException("There is no temporary folder", e);
        }
    }

    @Override
    public Shell shell(String instanceId, String accountId, String region) {
        return (script, executionTimeout) -> run(instanceId, script, executionTimeout);
    }

    @Override
    public void powered(String instanceId, boolean on) {
        if (on) {
            off.remove(instanceId);
        } else {
            off.add(instanceId);
        }
        running.getOrDefault(instanceId, Set.of()).forEach(BareHosts::end);
    }

    @Override
    public void remove(String instanceId) {
        powered(instanceId, false);
        delete(root.resolve(instanceId));
    }

    @Override
    public void close() {
        running.keySet().forEach(instanceId -> powered(instanceId, false));
        delete(root);
    }

    private Shell.Execution run(String instanceId, String script, Duration timeout) {
        try {
            Path home = Files.createDirectories(root.resolve(instanceId));
            Path work = Files.createTempDirectory(root, "command");
            try {
                return run(instanceId, script, timeout, home, work);
            } finally {
                delete(work);
            }
        } catch (IOException e) {
            return new Shell.Execution(126, "", "The script cannot be run: " + e, false);
        }
    }

    private Shell.Execution run(String instanceId, String script, Duration timeout, Path home, Path work)
            throws IOException {
        Path text = Files.writeString(work.resolve("_script.sh"), script);
        File out = work.resolve("stdout").toFile();
        File error = work.resolve("stderr").toFile();
        ProcessBuilder builder = new ProcessBuilder(List.of("/bin/sh", text.toString()))
                .directory(home.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(out)
                .redirectError(error);
        builder.environment().clear();
        builder.environment().put("PATH", PATH);
        builder.environment().put("HOME", home.toString());
        Process process = builder.start();
        Set<Process> all = running.computeIfAbsent(instanceId, id -> ConcurrentHashMap.newKeySet());
        all.add(process);
        try {
            if (off.contains(instanceId)) {
                end(process);
            }
            boolean ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                end(process);
            }
            return new Shell.Execution(ended ? process.exitValue() : -1, read(out), read(error), !ended);
        } catch (InterruptedException e) {
            end(process);
            Thread.currentThread().interrupt();
            return new Shell.Execution(-1, read(out), read(error), false);
        } finally {
            all.remove(process);
        }
    }

    private static String read(File file) throws IOException {
        return new String(Files.readAllBytes(file.toPath()), StandardCharsets.UTF_8);
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("A host's folder cannot be removed", e);
        }
    }
}
