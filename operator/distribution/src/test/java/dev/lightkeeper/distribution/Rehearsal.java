package dev.lightkeeper.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Trains the cache of classes by one start of the operator with a whole life of a service, and measures starts with it.
 * A program of the build, not a test: what it says is in the build's output.
 */
final class Rehearsal {
    private static final int STARTS = 5;

    private Rehearsal() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path home = Path.of(arguments[0]);
        Installed installed = new Installed(home);
        Path folder = Files.createDirectories(home.resolveSibling("rehearsal"));
        Files.createDirectories(installed.cache().getParent());
        installed.settle();
        train(installed, folder);
        installed.settle();
        measure(installed, folder);
    }

    private static void train(Installed installed, Path folder) throws IOException, InterruptedException {
        Path log = folder.resolve("training.log");
        try (Stage stage = new Stage(folder)) {
            stage.deploy("rehearsed");
            Process operator =
                    installed.start(stage.environment(), log, "-XX:AOTCacheOutput=" + installed.cache(), List.of());
            try {
                stage.untilReady("rehearsed");
                String _ = stage.ask("/metrics") + stage.ask("/livez") + stage.ask("/readyz");
            } finally {
                int _ = Installed.end(operator);
            }
        }
        if (!Files.exists(installed.cache())) {
            throw new IllegalStateException("no cache was made; see " + log);
        }
        System.out.printf("cache of classes: %d MiB%n", Files.size(installed.cache()) >> 20);
    }

    private static void measure(Installed installed, Path folder) throws IOException, InterruptedException {
        List<Long> taken = new ArrayList<>();
        List<Long> told = new ArrayList<>();
        List<Long> processor = new ArrayList<>();
        List<Long> memory = new ArrayList<>();
        try (Stage stage = new Stage(folder)) {
            for (int i = 0; i < STARTS; i++) {
                String name = "start-" + i;
                stage.deploy(name);
                Stage.Awaited reconcile = stage.whenTaken(name);
                Stage.Awaited status = stage.whenTold(name);
                long began = System.nanoTime();
                Process operator = installed.start(stage.environment(), folder.resolve(name + ".log"), "", List.of());
                try {
                    reconcile.await();
                    taken.add(millisSince(began));
                    status.await();
                    told.add(millisSince(began));
                    processor.add(operator.info()
                            .totalCpuDuration()
                            .orElse(Duration.ZERO)
                            .toMillis());
                    memory.add(residentMegabytes(operator));
                } finally {
                    int _ = Installed.end(operator);
                }
            }
        }
        System.out.printf(
                "start to first reconcile with a free lease, milliseconds: %s; to its first status: %s; processor time, milliseconds: %s; resident then, MiB: %s%n",
                taken, told, processor, memory);
    }

    private static long millisSince(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime).toMillis();
    }

    private static long residentMegabytes(Process process) throws IOException {
        Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(0);
    }
}
