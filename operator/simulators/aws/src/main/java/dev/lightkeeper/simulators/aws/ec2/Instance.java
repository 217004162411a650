package dev.lightkeeper.simulators.aws.ec2;

import dev.lightkeeper.simulators.aws.ec2.InstanceView.Launch;
import dev.lightkeeper.simulators.aws.ec2.InstanceView.StateReason;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An instance as it is, and as reads have shown it. Guarded by the lock of {@link Ec2World}. */
final class Instance {
    final String id;
    final Place place;
    final Launch launch;
    final NavigableMap<String, String> tags = new TreeMap<>();
    InstanceState state = InstanceState.PENDING;

    @Nullable
    StateReason reason;

    @Nullable
    Instant runningSince;

    @Nullable
    String publicIp;

    boolean isProtected;
    boolean impaired;
    Agent agent = Agent.installed();
    /** Counts changes of state, so that a scheduled one is dropped when another came first. */
    int changes;

    private final NavigableMap<Instant, InstanceView> shown = new TreeMap<>();

    Instance(String id, Place place, Launch launch, Map<String, String> tags) {
        this.id = id;
        this.place = place;
        this.launch = launch;
        this.tags.putAll(tags);
    }

    InstanceView view() {
        return new InstanceView(
                id,
                place.account,
                place.region,
                launch,
                state,
                reason,
                runningSince,
                publicIp,
                tags,
                isProtected,
                impaired,
                agent);
    }

    /** Reads show it as it is now from this time on, but not before what they have not shown yet. */
    void show(Instant from) {
        Instant after = shown.isEmpty() || from.isAfter(shown.lastKey()) ? from : shown.lastKey();
        shown.put(after, view());
    }

    /** How reads show it; null when they do not know it yet. */
    @Nullable
    InstanceView shown(Instant time) {
        Map.Entry<Instant, InstanceView> entry = shown.floorEntry(time);
        return entry == null ? null : entry.getValue();
    }
}
