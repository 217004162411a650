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
    /** What the SDK has done by itself before any call is accepted. */
    private static final Set<String> TO_BECOME_SOMEBODY = Set.of("sts:AssumeRole", "sts:AssumeRoleWithWebIdentity");

    private static final Set<String> READS = Set.of(
            "sts:GetCallerIdentity",
            "sts:AssumeRole",
            "sts:AssumeRoleWithWebIdentity",
            "lightsail:GetContainerServices",
            "lightsail:GetContainerServiceDeployments",
            "lightsail:GetContainerServicePowers",
            "lightsail:GetContainerImages",
            "lightsail:GetContainerLog",
            "ssm:GetParameters",
            "ssm:GetParametersByPath",
            "ssm:DescribeInstanceInformation",
            "ssm:ListCommands",
            "ssm:ListCommandInvocations",
            "ssm:GetCommandInvocation",
            "ec2:DescribeInstances");

    private final Duration remembered;
    private final Clock clock;
    private final ConcurrentMap<String, Set<String>> denied = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Set<String>> accepted = new ConcurrentHashMap<>();
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
        if (failure == null) {
            moved(account, action, denied, accepted);
            TO_BECOME_SOMEBODY.forEach(done -> moved(account, done, denied, accepted));
        } else if (failure instanceof Failure.Denied refused
                && !AwsFailures.blamesCredentials(failure)
                && !isGrantedOneByOne(refused.action())) {
            moved(account, refused.action(), accepted, denied);
        }
    }

    private static void moved(
            String account, String action, Map<String, Set<String>> from, ConcurrentMap<String, Set<String>> to) {
        Set<String> others = from.get(account);
        if (others != null) {
            others.remove(action);
        }
        to.computeIfAbsent(account, name -> ConcurrentHashMap.newKeySet()).add(action);
    }

    /** IAM names each parameter, so a denied one says nothing of the others; whoever asked for it is told. */
    private static boolean isGrantedOneByOne(String action) {
        return action.startsWith("ssm:GetParameter");
    }

    /** A refusal is an answer too, be it for the rate of calls. */
    private void heard(Endpoint endpoint, @Nullable Failure failure) {
        switch (failure) {
            case Failure.Transient lost -> silent.put(endpoint, new Silence(lost.message(), clock.instant()));
            case null, default -> silent.remove(endpoint);
        }
    }

    @Override
    public void renewed(String account) {
        denied.remove(account);
        accepted.remove(account);
        silent.keySet().removeIf(endpoint -> endpoint.account().equals(account));
    }

    /** Whether a call that changes something was accepted. */
    public boolean exercised(String account) {
        return !READS.containsAll(accepted(account));
    }

    /** The actions that were accepted and have not been denied since. */
    public Set<String> accepted(String account) {
        return Set.copyOf(accepted.getOrDefault(account, Set.of()));
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
