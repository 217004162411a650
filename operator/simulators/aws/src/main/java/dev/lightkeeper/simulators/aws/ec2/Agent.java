package dev.lightkeeper.simulators.aws.ec2;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The SSM agent on an instance. Whether it answers depends on the instance, too: see {@link InstanceView}.
 *
 * @param version such as {@code 3.3.987.0}
 * @param registeredAt when SSM first heard of it, may be to come; null before the instance's first start
 * @param startedAt since when it answers after the newest start of its instance, may be to come
 * @param offlineSince since when it cannot reach SSM though its instance runs; null when it can
 * @param removed whether there is none, or its role does not let it register
 */
public record Agent(
        String version,
        @Nullable Instant registeredAt,
        Instant startedAt,
        @Nullable Instant offlineSince,
        boolean removed) {
    static final String CURRENT_VERSION = "3.3.987.0";

    static Agent installed() {
        return new Agent(CURRENT_VERSION, null, Instant.EPOCH, null, false);
    }

    /** The agent after its instance came up. */
    Agent started(Instant now, Ec2Timings timings) {
        return registeredAt == null
                ? new Agent(version, now.plus(timings.agentRegistration()), now, offlineSince, removed)
                : new Agent(version, registeredAt, now.plus(timings.agentStart()), offlineSince, removed);
    }

    Agent offline(Instant now) {
        return new Agent(version, registeredAt, startedAt, now, removed);
    }

    Agent online(Instant now) {
        boolean neverHeardOf = registeredAt != null && offlineSince != null && registeredAt.isAfter(offlineSince);
        Instant registration = neverHeardOf && now.isAfter(registeredAt) ? now : registeredAt;
        return new Agent(version, registration, startedAt, null, removed);
    }

    Agent withVersion(String other) {
        return new Agent(other, registeredAt, startedAt, offlineSince, removed);
    }

    Agent without() {
        return new Agent(version, null, startedAt, offlineSince, true);
    }

    /**
     * {@return whether SSM knows it}
     *
     * @param now simulated time
     */
    public boolean isRegistered(Instant now) {
        return !removed
                && registeredAt != null
                && !now.isBefore(registeredAt)
                && (offlineSince == null || !offlineSince.isBefore(registeredAt));
    }

    /**
     * {@return whether it would answer if its instance runs}
     *
     * @param now simulated time
     */
    public boolean answers(Instant now) {
        return isRegistered(now) && offlineSince == null && !now.isBefore(startedAt);
    }

    /**
     * {@return its last sign of life}
     *
     * @param now simulated time
     */
    public Instant lastPing(Instant now) {
        return offlineSince == null ? now : offlineSince;
    }

    /**
     * {@return whether SSM has heard of it lately}
     *
     * @param now simulated time
     * @param timeout how late its last sign of life may be
     */
    public boolean isOnline(Instant now, Duration timeout) {
        return lastPing(now).plus(timeout).isAfter(now);
    }

    /** {@return whether there is no newer version of it} */
    public boolean isNewest() {
        return version.equals(CURRENT_VERSION);
    }
}
