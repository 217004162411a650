package dev.lightkeeper.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What this process takes. */
final class Footprint {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";
    private static final long KIB_PER_MIB = 1024;

    private Footprint() {}

    /** Since the JVM was started, which is a moment before any code of ours runs. */
    static Duration age() {
        return ProcessHandle.current()
                .info()
                .startInstant()
                .map(started -> Duration.between(started, Instant.now()))
                .orElse(Duration.ZERO);
    }

    /** One line for people who ask what it costs. */
    static String summary(Duration answering, Optional<Duration> firstReady) {
        return "From the start of the JVM: kubeconfig after %.1f s%s; memory now %s"
                .formatted(
                        seconds(answering),
                        firstReady
                                .map(age -> ", first Ready after %.1f s".formatted(seconds(age)))
                                .orElse(""),
                        residentMiB().stream()
                                .mapToObj(mib -> mib + " MiB")
                                .findFirst()
                                .orElse("not known"));
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }

    /** Memory that the operating system has given to it and not taken back; empty where it does not tell. */
    static OptionalLong residentMiB() {
        if (!Files.isReadable(STATUS)) {
            return OptionalLong.empty();
        }
        try {
            return residentMiB(Files.readAllLines(STATUS));
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    static OptionalLong residentMiB(List<String> status) {
        return status.stream()
                .filter(line -> line.startsWith(RESIDENT))
                .mapToLong(
                        line -> Long.parseLong(line.substring(RESIDENT.length()).replaceAll("\\D", "")) / KIB_PER_MIB)
                .findFirst();
    }
}
