package dev.lightkeeper.simulators.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The standalone program. */
final class CommandLine {
    static final String USAGE = """
            Serves a Kubernetes API on 127.0.0.1.

              --port N              port to listen on (default 0: any free one)
              --kubeconfig FILE     where to write the kubeconfig (default: embedded.kubeconfig)
              --help                this text
            """;

    private CommandLine() {}

    /** What the options say. */
    record Options(int port, Path kubeconfig) {}

    static void run(String[] args) {
        Options options;
        try {
            options = parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(USAGE);
            System.exit(2);
            return;
        }
        if (options == null) {
            System.out.print(USAGE);
            return;
        }
        KubernetesApi api = KubernetesApi.builder().port(options.port()).start();
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            api.close();
            ended.countDown();
        }));
        write(options.kubeconfig(), api.kubeconfig());
        System.out.println("The Kubernetes API listens. To use it:");
        System.out.println("  export KUBECONFIG=" + options.kubeconfig().toAbsolutePath());
        System.out.flush();
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The options, or null when only help is asked for. */
    static @Nullable Options parse(String[] args) {
        int port = 0;
        Path kubeconfig = Path.of("embedded.kubeconfig");
        Deque<String> left = new ArrayDeque<>(Arrays.asList(args));
        while (!left.isEmpty()) {
            String option = left.remove();
            if (option.equals("--help")) {
                return null;
            }
            String value = left.poll();
            if (value == null) {
                throw new IllegalArgumentException(option + " is no option, or lacks its value");
            }
            switch (option) {
                case "--port" -> port = Integer.parseInt(value);
                case "--kubeconfig" -> kubeconfig = Path.of(value);
                default -> throw new IllegalArgumentException(option + " is no option");
            }
        }
        return new Options(port, kubeconfig);
    }

    private static void write(Path file, String kubeconfig) {
        try {
            // The token in it is all that keeps other users of the machine out.
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, kubeconfig);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file, e);
        }
    }
}
