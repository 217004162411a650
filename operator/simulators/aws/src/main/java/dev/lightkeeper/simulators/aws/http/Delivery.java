package dev.lightkeeper.simulators.aws.http;

import dev.lightkeeper.simulators.aws.faults.Faults;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a reply gets to the client.
 *
 * @param reply what is sent
 * @param manner how much of it
 * @param heldBy the fault that holds it back first; null when it goes out at once
 * @param heldFor how long in real time; null for as long as the fault is in force
 */
record Delivery(
        Reply reply,
        Manner manner,
        Faults.@Nullable Injected heldBy,
        @Nullable Duration heldFor) {

    enum Manner {
        WHOLE,
        HALF,
        NOTHING
    }

    static Delivery of(Reply reply) {
        return new Delivery(reply, Manner.WHOLE, null, null);
    }

    int sentStatus() {
        return manner == Manner.NOTHING ? 0 : reply.status();
    }
}
