package dev.lightkeeper.observe;

import dev.lightkeeper.api.v1alpha1.HostStatus;

/**
 * One EC2 instance that the selection names.
 *
 * @param state EC2's word: {@code running}, {@code stopped}, {@code terminated} …
 * @param online SSM's agent there answers; false also while that is not known
 * @param report what the host script found there, Unknown while it has not answered
 */
public record LiveHost(String instanceId, String state, boolean online, Observed<HostReport> report) {
    /** Whether it may run the service at all. */
    public boolean isRunning() {
        return state.equals(HostStatus.RUNNING);
    }
}
