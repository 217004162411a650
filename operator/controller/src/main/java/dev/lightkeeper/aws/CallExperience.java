package dev.lightkeeper.aws;

import dev.lightkeeper.failure.Failure;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Which permissions of an account were exercised and which were denied, as far as this process has met them. */
public final class CallExperience implements CallRecorder {
    private static final Set<String> READS = Set.of(
            "sts:GetCallerIdentity",
            "sts:AssumeRole",
            "lightsail:GetContainerServices",
            "lightsail:GetContainerServiceDeployments",
            "lightsail:GetContainerImages");

    private final Map<String, Set<String>> denied = new ConcurrentHashMap<>();
    private final Set<String> exercised = ConcurrentHashMap.newKeySet();

    @Override
    public void called(String account, String action, Duration took, @Nullable Failure failure) {
        if (failure instanceof Failure.Denied refused) {
            if (!AwsFailures.blamesCredentials(failure)) {
                denied.computeIfAbsent(account, name -> ConcurrentHashMap.newKeySet())
                        .add(refused.action());
            }
        } else if (failure == null) {
            denied.computeIfPresent(account, (name, actions) -> {
                actions.remove(action);
                return actions;
            });
            if (!READS.contains(action)) {
                exercised.add(account);
            }
        }
    }

    /** Whether a call that changes something was accepted. */
    public boolean exercised(String account) {
        return exercised.contains(account);
    }

    /** The actions that were denied and have not been accepted since. */
    public Set<String> denied(String account) {
        return Set.copyOf(denied.getOrDefault(account, Set.of()));
    }
}
