package dev.lightkeeper.ec2;

import java.time.Duration;
import java.time.Instant;

/**
 * By how much the clock of a host is wrong for certain. It is held against AWS's clock, by which AWS judges signatures: the
 * host read its own between AWS's taking of the command and our reading of the answer.
 */
final class ClockOffset {
    private ClockOffset() {}

    /**
     * Positive when the host is ahead, zero while the clock may be right.
     *
     * @param told by the host, in whole seconds
     * @param requestedAt when AWS took the command
     * @param lasted from before it was sent until its answer was there
     */
    static Duration of(Instant told, Instant requestedAt, Duration lasted) {
        Instant latest = requestedAt.plus(lasted);
        Instant atMost = told.plusSeconds(1);
        if (atMost.isBefore(requestedAt)) {
            return Duration.between(requestedAt, atMost);
        }
        return told.isAfter(latest) ? Duration.between(latest, told) : Duration.ZERO;
    }
}
