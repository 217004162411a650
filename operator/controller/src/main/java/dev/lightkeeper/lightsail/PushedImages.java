package dev.lightkeeper.lightsail;

import dev.lightkeeper.aws.AccountSession;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.observe.Readings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Which images are stored for a service, as of not long ago: nothing is decided by it. Read on the account's budget. */
final class PushedImages {
    private static final int MOST_REMEMBERED = 10_000;
    private static final int RETRIES_IN_A_LIFETIME = 10;

    private final LightsailReads reads;
    private final Readings readings;
    private final Duration lifetime;
    private final Clock clock;
    private final Map<Place, Entry> entries = new LinkedHashMap<>();

    PushedImages(LightsailReads reads, Readings readings, Duration lifetime, Clock clock) {
        this.reads = reads;
        this.readings = readings;
        this.lifetime = lifetime;
        this.clock = clock;
    }

    private record Place(String account, String region, String service) {}

    private record Entry(Observed<Set<String>> images, Instant until) {}

    Observed<Set<String>> of(AccountSession session, String region, String service) {
        Place place = new Place(session.account(), region, service);
        Instant now = clock.instant();
        readings.wanted(Readings.Kind.IMAGES, place);
        synchronized (entries) {
            Entry known = entries.get(place);
            if (known != null && now.isBefore(known.until())) {
                return known.images();
            }
        }
        Observed<Set<String>> images = reads.pushedImages(session, region, service);
        learned(place, images, now);
        return images;
    }

    /** They were read for another purpose. */
    Observed<Set<String>> learned(AccountSession session, String region, String service, Observed<Set<String>> images) {
        learned(new Place(session.account(), region, service), images, clock.instant());
        return images;
    }

    private void learned(Place place, Observed<Set<String>> images, Instant now) {
        if (!(images instanceof Observed.Unknown)) {
            readings.made(Readings.Kind.IMAGES, place);
        }
        Duration valid = images instanceof Observed.Unknown ? lifetime.dividedBy(RETRIES_IN_A_LIFETIME) : lifetime;
        synchronized (entries) {
            entries.put(place, new Entry(images, now.plus(valid)));
            if (entries.size() > MOST_REMEMBERED) {
                entries.remove(entries.keySet().iterator().next());
            }
        }
    }
}
