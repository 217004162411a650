package dev.lightkeeper.aws;

import dev.lightkeeper.failure.Failure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** What the calls of this process have shown of each account: permissions that were used or denied, and who is silent. */
public final class CallExperience implements CallRecorder {
    private static final String ASSUME_ROLE = "sts:AssumeRole";
    private static final Set<String> READS = Set.of(
            "sts:GetCallerIdentity",
            ASSUME_ROLE,
            "lightsail:GetContainerServices",
            "lightsail:GetContainerServiceDeployments",
            "lightsail:GetContainerServicePowers",
            "lightsail:GetContainerImages",
            "lightsail:GetContainerLog");

    private final Duration remembered;
    private final Clock clock;
    private final ConcurrentMap<String, Set<String>> denied = new ConcurrentHashMap<>();
    private final Set<String> exercised = ConcurrentHashMap.newKeySet();
    private final ConcurrentMap<Endpoint, Silence> silent = new ConcurrentHashMap<>();

    /**
     * Knows nothing yet.
     *
     * @param remembered how long an endpoint that nobody calls any more counts as silent
     */
    public CallExperience(Duration remembered, Clock clock) {
        this.remembered = remembered;
        this.clock = clock;
    }

    private record Endpoint(String account, String service, String region) {}

    private record Silence(String message, Instant since) {}

    @Override
    public void called(String account, String region, String action, Duration took, @Nullable Failure failure) {
        heard(new Endpoint(account, action.substring(0, action.indexOf(':')), region), failure);
        if (failure instanceof Failure.Denied refused) {
            if (!AwsFailures.blamesCredentials(failure)) {
                denied.computeIfAbsent(account, name -> ConcurrentHashMap.newKeySet())
                        .add(refused.action());
            }
        } else if (failure == null) {
            Set<String> actions = denied.getOrDefault(account, Set.of());
            if (!actions.isEmpty()) {
                actions.remove(action);
                actions.remove(ASSUME_ROLE);
            }
            if (!READS.contains(action)) {
                exercised.add(account);
            }
        }
    }

    /** A refusal is an answer too. */
    private void heard(Endpoint endpoint, @Nullable Failure failure) {
        switch (failure) {
            case Failure.Transient lost -> silent.put(endpoint, new Silence(lost.message(), clock.instant()));
            case Failure.Throttled slow -> silent.put(endpoint, new Silence(slow.message(), clock.instant()));
            case null, default -> silent.remove(endpoint);
        }
    }

    @Override
    public void renewed(String account) {
        denied.remove(account);
        exercised.remove(account);
        silent.keySet().removeIf(endpoint -> endpoint.account().equals(account));
    }

    /** Whether a call that changes something was accepted. */
    public boolean exercised(String account) {
        return exercised.contains(account);
    }

    /** The actions that were denied and have not been accepted since. */
    public Set<String> denied(String account) {
        return Set.copyOf(denied.getOrDefault(account, Set.of()));
    }

    /** What the last call of an endpoint failed with, where AWS gave no answer; null when all endpoints answer. */
    public @Nullable String silence(String account) {
        Instant oldest = clock.instant().minus(remembered);
        return silent.entrySet().stream()
                .filter(entry -> entry.getKey().account().equals(account))
                .filter(entry -> entry.getValue().since().isAfter(oldest))
                .min(Map.Entry.comparingByKey(
                        Comparator.comparing(Endpoint::service).thenComparing(Endpoint::region)))
                .map(entry -> "%s (%s)"
                        .formatted(entry.getValue().message(), entry.getKey().region()))
                .orElse(null);
    }
}
