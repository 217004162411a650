package dev.lightkeeper.verify;

import dev.lightkeeper.api.v1alpha1.CheckResult;
import dev.lightkeeper.api.v1alpha1.CheckStatus;
import dev.lightkeeper.api.v1alpha1.CheckType;
import dev.lightkeeper.api.v1alpha1.Container;
import dev.lightkeeper.api.v1alpha1.Ec2Target;
import dev.lightkeeper.api.v1alpha1.Enforcement;
import dev.lightkeeper.api.v1alpha1.EnvVar;
import dev.lightkeeper.api.v1alpha1.Pm2Process;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.SecretText;
import dev.lightkeeper.observe.LiveService;
import dev.lightkeeper.observe.LiveState;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.plan.History;
import dev.lightkeeper.plan.Memory;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the checks of one run are made on. */
record Situation(DesiredState desired, LiveState live, Memory memory, History history, InstantSource clock) {
    /** Shorter values (a port, "true") would make a line unreadable and are found in every other one. */
    private static final int SHORTEST_SECRET = 4;

    String uid() {
        return desired.resource().uid();
    }

    /** The AWS version that is judged, null before the first. */
    @Nullable
    Long version() {
        return memory.deploymentVersion();
    }

    /** Whether the version is new and not proved yet. */
    boolean verifying() {
        return memory.isVerifying();
    }

    /** What the check was in the run before. */
    Optional<CheckStatus> before(CheckType type, String name) {
        return history.checks().stream()
                .filter(check -> check.type() == type && check.name().equals(name))
                .findFirst();
    }

    /** The verdict of an earlier process or run that still holds; Unknown where none does. */
    CheckResult carried(CheckType type, String name) {
        boolean sameSpec = Objects.equals(
                history.status().observedGeneration(), desired.resource().generation());
        return before(type, name)
                .filter(check -> sameSpec && Objects.equals(check.deploymentVersion(), version()))
                .map(CheckStatus::status)
                .orElse(CheckResult.Unknown);
    }

    /**
     * The verdict about the version that holds although no try of this process says so: a spec that declares the same
     * checks as the one that the version was verified by is no other.
     */
    CheckResult proved(CheckType type, String name) {
        boolean sameContract = history.byNumber(memory.currentRevision())
                .filter(record -> record.contractHash().equals(desired.contractHash()))
                .isPresent();
        return before(type, name)
                .filter(check -> sameContract && Objects.equals(check.deploymentVersion(), version()))
                .map(CheckStatus::status)
                .orElseGet(() -> carried(type, name));
    }

    /**
     * A line of the log without the values of the environment; empty while it is not known that the declared values are
     * those that the service has, and where only its hosts know them.
     */
    Optional<String> redacted(String line) {
        DesiredState.Release release = desired.release();
        boolean same = live.ours(memory.arn()) instanceof Observed.Present<LiveService>(LiveService service)
                && service.current() != null
                && release != null
                && release.digested().equals(service.current().content());
        if (!same || hasValuesThatOnlyHostsKnow()) {
            return Optional.empty();
        }
        String text = line;
        List<String> values = Objects.requireNonNull(release).content().containers().values().stream()
                .flatMap(container -> container.environment().values().stream())
                .map(SecretText::reveal)
                .filter(value -> value.length() >= SHORTEST_SECRET)
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
        for (String value : values) {
            text = text.replace(value, "***");
        }
        return Optional.of(text);
    }

    private boolean hasValuesThatOnlyHostsKnow() {
        Ec2Target target = desired.spec().ec2();
        return target != null
                && (desired.spec().containers().stream()
                                .anyMatch(container -> !container.envFrom().isEmpty())
                        || Stream.concat(
                                        desired.spec().containers().stream().map(Container::env),
                                        target.processes().stream().map(Pm2Process::env))
                                .flatMap(List::stream)
                                .map(EnvVar::valueFrom)
                                .anyMatch(from -> from != null && from.ssmParameterRef() != null));
    }

    /** The line of a check; its time moves only with what it says. */
    CheckStatus line(
            CheckType type,
            String name,
            Enforcement enforcement,
            CheckResult result,
            String message,
            @Nullable Long version) {
        Instant since = before(type, name)
                .filter(check -> check.status() == result && Objects.equals(check.deploymentVersion(), version))
                .map(CheckStatus::lastTransitionTime)
                .orElseGet(clock::instant);
        return new CheckStatus(name, type, enforcement, result, message, version, since);
    }
}
