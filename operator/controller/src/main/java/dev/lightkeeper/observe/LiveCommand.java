package dev.lightkeeper.observe;

import java.util.Map;

/**
 * A command that was sent to hosts, as SSM tells.
 *
 * @param commandId as SSM counts it
 * @param outcomes by instance; one that is not in it has not ended
 */
public record LiveCommand(String commandId, Map<String, HostOutcome> outcomes) {
    public LiveCommand {
        outcomes = Map.copyOf(outcomes);
    }

    /** What became of it there. */
    public HostOutcome on(String instanceId) {
        return outcomes.getOrDefault(instanceId, new HostOutcome.Running());
    }
}
