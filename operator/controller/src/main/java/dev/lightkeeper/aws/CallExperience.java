package dev.lightkeeper.aws;

import dev.lightkeeper.failure.Failure;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What the calls of this process have shown of each account: permissions exercised and denied, and whether AWS answers. */
public final class CallExperience implements CallRecorder {
    /** The one call that is made again and again, whatever the state of the services. */
    private static final String LOOK = "lightsail:GetContainerServices";

    private static final Set<String> READS = Set.of(
            "sts:GetCallerIdentity",
            "sts:AssumeRole",
            LOOK,
            "lightsail:GetContainerServiceDeployments",
            "lightsail:GetContainerImages");

    private final Map<String, Set<String>> denied = new ConcurrentHashMap<>();
    private final Map<String, Failure> unanswered = new ConcurrentHashMap<>();
    private final Set<String> exercised = ConcurrentHashMap.newKeySet();

    @Override
    public void called(String account, String action, Duration took, @Nullable Failure failure) {
        if (action.equals(LOOK)) {
            if (failure instanceof Failure.Transient || failure instanceof Failure.Throttled) {
                unanswered.put(account, failure);
            } else {
                unanswered.remove(account);
            }
        }
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

    /** Why the last look at the account's services has shown nothing, empty when it has. */
    public Optional<Failure> unanswered(String account) {
        return Optional.ofNullable(unanswered.get(account));
    }

    /** The actions that were denied and have not been accepted since. */
    public Set<String> denied(String account) {
        return Set.copyOf(denied.getOrDefault(account, Set.of()));
    }
}
