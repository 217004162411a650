package dev.lightkeeper.verify;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who answered lately. A service that cannot be reached is at fault only if something else could be reached at the same
 * time: another probed target, or AWS where no other is probed. In memory only, nothing older than {@code validity}.
 *
 * <p>Safe for use by many threads.
 */
public final class Witnesses {
    private final Duration validity;
    private final InstantSource clock;
    private final Map<String, Heard> targets = new HashMap<>();
    private @Nullable Instant aws;

    /** Nobody has answered yet. */
    public Witnesses(Duration validity, InstantSource clock) {
        this.validity = validity;
        this.clock = clock;
    }

    private record Heard(Instant tried, @Nullable Instant answered) {}

    /**
     * A target was asked.
     *
     * @param target host and port
     * @param reached whether anything came back that shows that the network works, however bad an answer
     */
    public synchronized void asked(String target, boolean reached) {
        Instant now = clock.instant();
        targets.values().removeIf(heard -> !isFresh(heard.tried(), now));
        Heard before = targets.get(target);
        targets.put(target, new Heard(now, reached || before == null ? (reached ? now : null) : before.answered()));
    }

    /** AWS answered a call, with a result or a refusal. */
    public synchronized void awsAnswered() {
        aws = clock.instant();
    }

    /** Whether nothing but {@code target} could be reached either, as far as anybody tried. */
    public synchronized boolean noneBut(String target) {
        Instant now = clock.instant();
        List<Heard> others = new ArrayList<>();
        targets.forEach((name, heard) -> {
            if (!name.equals(target) && isFresh(heard.tried(), now)) {
                others.add(heard);
            }
        });
        return others.isEmpty()
                ? !isFresh(aws, now)
                : others.stream().noneMatch(heard -> isFresh(heard.answered(), now));
    }

    private boolean isFresh(@Nullable Instant time, Instant now) {
        return time != null && !now.isAfter(time.plus(validity));
    }
}
