package dev.lightkeeper.ec2;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What commands came to on hosts where they ran to their end, which never changes any more. The last {@value #MOST} are kept.
 *
 * <p>Safe for use by many threads.
 */
final class EndedInvocations {
    /** An output has no more than 24,000 characters. */
    private static final int MOST = 250;

    private record Invocation(String commandId, String instanceId) {}

    private final Map<Invocation, Commands.Result> results = new LinkedHashMap<>();

    synchronized Commands.@Nullable Result of(String commandId, String instanceId) {
        return results.get(new Invocation(commandId, instanceId));
    }

    synchronized void keep(String commandId, String instanceId, Commands.Result result) {
        results.put(new Invocation(commandId, instanceId), result);
        if (results.size() > MOST) {
            results.remove(results.keySet().iterator().next());
        }
    }
}
