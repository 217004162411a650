package dev.lightkeeper.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A folder with bin/, lib/ and perhaps runtime/ and cache/, as it is unpacked or laid into an image. */
final class Installed {
    private final Path home;

    Installed(Path home) {
        this.home = home;
    }

    Path cache() {
        return home.resolve("cache").resolve("lightkeeper.aot");
    }

    /** Gives every file the time that it has in the image: a cache is good for jars of exactly one time. */
    void settle() throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1)));
            }
        }
    }

    /** Starts it as people do. */
    Process start(Map<String, String> environment, Path log, String javaOptions, List<String> arguments)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(
                        Stream.of(home.resolve("bin").resolve("lightkeeper").toString()), arguments.stream())
                .toList());
        builder.environment().putAll(environment);
        builder.environment().put("JAVA_OPTIONS", javaOptions);
        return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    /** As the kubelet does. */
    static int end(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IllegalStateException("it does not end on SIGTERM");
        }
        return process.exitValue();
    }
}
