package dev.lightkeeper.sandbox;

import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Whether what was applied came true. */
final class Outcome {
    private static final List<String> BAD = List.of("Stalled", "Degraded");

    private final Sightings sightings;
    private final List<HasMetadata> declared;
    private @Nullable Duration firstReady;

    Outcome(Sightings sightings, List<HasMetadata> applied) {
        this.sightings = sightings;
        this.declared = applied.stream()
                .filter(object -> object.getKind().equals("ServiceDeployment"))
                .toList();
    }

    /**
     * Waits, for ever if need be, until one of them is Ready.
     *
     * @return how old the process was then
     */
    Duration awaitFirstReady() throws InterruptedException {
        Semaphore news = new Semaphore(1);
        Runnable stop = sightings.listen((before, now) -> news.release());
        try {
            do {
                news.acquire();
            } while (declared.stream().noneMatch(this::ready));
            return Footprint.age();
        } finally {
            stop.run();
        }
    }

    boolean await(Terminal terminal, Duration patience) throws InterruptedException {
        Semaphore news = new Semaphore(1);
        Runnable stop = sightings.listen((before, now) -> news.release());
        try {
            long end = System.nanoTime() + patience.toNanos();
            while (news.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                if (firstReady == null && declared.stream().anyMatch(this::ready)) {
                    firstReady = Footprint.age();
                }
                if (declared.stream().allMatch(this::ready)) {
                    terminal.say(Terminal.Tone.GOOD, "Everything that was applied is Ready.");
                    return true;
                }
                List<String> bad = declared.stream()
                        .flatMap(object -> bad(object).stream())
                        .toList();
                if (!bad.isEmpty()) {
                    bad.forEach(line -> terminal.say(Terminal.Tone.BAD, line));
                    return false;
                }
            }
            terminal.say(Terminal.Tone.BAD, "Not Ready after %d s:".formatted(patience.toSeconds()));
            declared.stream()
                    .filter(object -> !ready(object))
                    .forEach(object ->
                            terminal.say(Terminal.Tone.BAD, "  %s: %s".formatted(Sightings.key(object), told(object))));
            return false;
        } finally {
            stop.run();
        }
    }

    /** How old the process was when the first of them was Ready. */
    Optional<Duration> firstReady() {
        return Optional.ofNullable(firstReady);
    }

    private Optional<ServiceDeployment> latest(HasMetadata object) {
        return sightings
                .latest(
                        object.getMetadata().getNamespace(),
                        object.getMetadata().getName())
                .filter(seen -> seen.getMetadata().getGeneration()
                        >= object.getMetadata().getGeneration());
    }

    private boolean ready(HasMetadata object) {
        return latest(object).filter(Sightings::ready).isPresent();
    }

    private List<String> bad(HasMetadata object) {
        return latest(object).filter(Sightings::current).stream()
                .flatMap(resource -> BAD.stream()
                        .flatMap(type -> Sightings.condition(resource, type).stream())
                        .filter(condition -> condition.status() == ConditionStatus.True))
                .map(condition -> "%s: %s".formatted(Sightings.key(object), words(condition)))
                .toList();
    }

    private String told(HasMetadata object) {
        return latest(object)
                .flatMap(resource -> Sightings.condition(resource, "Ready"))
                .map(Outcome::words)
                .orElse("nothing was told about it");
    }

    private static String words(Condition condition) {
        return "%s=%s, %s. %s".formatted(condition.type(), condition.status(), condition.reason(), condition.message());
    }
}
