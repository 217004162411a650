package dev.lightkeeper.simulators.aws.ssm;

import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A command on one instance. Guarded by the lock of {@link RunCommand}. */
final class Invocation {
    static final int NO_CODE = -1;

    final String instanceId;

    private final NavigableMap<Instant, Progress> history = new TreeMap<>();

    /**
     * How far it is.
     *
     * @param status of the invocation
     * @param startedAt when the script began; null before
     * @param bootedAt since when the instance ran as the script began; null before
     * @param endedAt when it was over; null before
     * @param code exit code; {@link #NO_CODE} before
     * @param output what the script wrote
     * @param error what the script wrote to its standard error
     */
    record Progress(
            InvocationStatus status,
            @Nullable Instant startedAt,
            @Nullable Instant bootedAt,
            @Nullable Instant endedAt,
            int code,
            String output,
            String error) {
        @Override
        public String toString() {
            return "Progress[" + status + "]";
        }
    }

    Invocation(String instanceId, Instant now) {
        this.instanceId = instanceId;
        history.put(now, new Progress(InvocationStatus.PENDING, null, null, null, NO_CODE, "", ""));
    }

    Progress progress() {
        return history.lastEntry().getValue();
    }

    InvocationStatus status() {
        return progress().status();
    }

    /** How far it was at a time; before it existed, as it began. */
    Progress progress(Instant at) {
        Map.Entry<Instant, Progress> entry = history.floorEntry(at);
        return entry == null ? history.firstEntry().getValue() : entry.getValue();
    }

    void become(InvocationStatus status, Instant now) {
        Progress before = progress();
        history.put(
                now,
                new Progress(
                        status,
                        before.startedAt(),
                        before.bootedAt(),
                        status.isOver() ? now : null,
                        before.code(),
                        before.output(),
                        before.error()));
    }

    void begin(Instant now, @Nullable Instant bootedAt) {
        history.put(now, new Progress(InvocationStatus.IN_PROGRESS, now, bootedAt, null, NO_CODE, "", ""));
    }

    void end(InvocationStatus status, Instant now, int code, String output, String error) {
        Progress before = progress();
        history.put(now, new Progress(status, before.startedAt(), before.bootedAt(), now, code, output, error));
    }
}
