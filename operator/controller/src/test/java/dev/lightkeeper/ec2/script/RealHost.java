package dev.lightkeeper.ec2.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.ec2.script.HostWorld.Result;
import dev.lightkeeper.simulators.aws.host.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** This machine as a host: real tools, with the script's folder below a temporary one. Needs root. */
final class RealHost {
    final Path folder;
    final Map<String, String> environment = new LinkedHashMap<>();

    /**
     * A host.
     *
     * @param folder empty; commands written by {@link #command} go before all others
     */
    RealHost(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder.resolve("bin"));
        Files.createDirectories(folder.resolve("root/run"));
        Files.createSymbolicLink(folder.resolve("root/proc"), Path.of("/proc"));
        environment.put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        environment.put("LIGHTKEEPER_ROOT", folder.resolve("root").toString());
        environment.put("HOME", folder.toString());
    }

    static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    static boolean has(String command) {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(place -> Files.isExecutable(Path.of(place, command)));
    }

    /**
     * A port that nothing listens at, and that no connection gets as its own in the time until it is used: it is below
     * those that the kernel gives away.
     */
    static int freePort() throws IOException {
        String range = Files.readString(Path.of("/proc/sys/net/ipv4/ip_local_port_range"));
        int first = Integer.parseInt(range.strip().split("\\s+", -1)[0]);
        PrimitiveIterator.OfInt ports =
                new Random().ints(first / 2, first).limit(1000).iterator();
        while (ports.hasNext()) {
            int port = ports.nextInt();
            try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
                return port;
            } catch (BindException e) {
                System.out.println("Port " + port + " is taken: " + e.getMessage());
            }
        }
        throw new IOException("no free port below " + first);
    }

    void command(String name, String text) throws IOException {
        Path file = folder.resolve("bin").resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + text);
        var _ = Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    Result done(Request request) {
        Result result = run(request);
        assertThat(result.exitCode()).as(result.toString()).isZero();
        return result;
    }

    Result run(Request request) {
        try {
            Path script = Files.writeString(folder.resolve("script"), request.script(HostWorld.SCRIPT));
            Shell.Execution execution = execute("sh", script.toString());
            return new Result(execution, HostWorld.JSON.readTree(execution.standardOutput()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a command that has to succeed, and returns its output. */
    String must(String... command) {
        Shell.Execution execution = execute(command);
        assertThat(execution.exitCode()).as(execution.toString()).isZero();
        return execution.standardOutput();
    }

    /** Runs a command and returns what it says when it fails; nothing when it succeeds. */
    String refusal(String... command) {
        Shell.Execution execution = execute(command);
        return execution.exitCode() == 0 ? "" : "exit code " + execution.exitCode() + ": " + execution.standardError();
    }

    private Shell.Execution execute(String... command) {
        try {
            Path output = folder.resolve("output");
            Path error = folder.resolve("error");
            List<String> words = new ArrayList<>(List.of("env", "-i"));
            environment.forEach((name, value) -> words.add(name + "=" + value));
            words.addAll(List.of(command));
            Process process = new ProcessBuilder(words)
                    .redirectOutput(output.toFile())
                    .redirectError(error.toFile())
                    .start();
            process.getOutputStream().close();
            assertThat(process.waitFor(3, TimeUnit.MINUTES))
                    .as("%s ends", List.of(command))
                    .isTrue();
            return new Shell.Execution(
                    process.exitValue(),
                    Files.readString(output, StandardCharsets.UTF_8),
                    Files.readString(error, StandardCharsets.UTF_8),
                    false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
