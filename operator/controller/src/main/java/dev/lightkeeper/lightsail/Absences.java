package dev.lightkeeper.lightsail;

import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.Observed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A service that once was there is believed to be gone only after AWS has said so twice with a pause between. Losing this
 * memory delays the belief.
 */
final class Absences {
    private static final int MOST_REMEMBERED = 10_000;

    private final Duration confirmation;
    private final Clock clock;
    private final Map<String, Instant> firstSeen = new LinkedHashMap<>();

    Absences(Duration confirmation, Clock clock) {
        this.confirmation = confirmation;
        this.clock = clock;
    }

    /** AWS said NotFoundException for the service that had this ARN. */
    synchronized <T> Observed<T> saidAbsent(String arn) {
        Instant now = clock.instant();
        Instant first = firstSeen.computeIfAbsent(arn, unknown -> now);
        if (firstSeen.size() > MOST_REMEMBERED) {
            firstSeen.remove(firstSeen.keySet().iterator().next());
        }
        return now.isBefore(first.plus(confirmation))
                ? new Observed.Unknown<>(new Failure.Transient(
                        "AbsenceNotConfirmed",
                        "AWS says that the service does not exist; this must be confirmed by a second look",
                        false))
                : new Observed.Absent<>();
    }

    /** The name has been seen: what was remembered of the service that is looked for is void. */
    synchronized void seen(String arn) {
        firstSeen.remove(arn);
    }
}
