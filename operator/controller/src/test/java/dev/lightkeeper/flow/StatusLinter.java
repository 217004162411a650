package dev.lightkeeper.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.CheckStatus;
import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.docs.RunbookIndex;
import dev.lightkeeper.status.ConditionTypes;
import dev.lightkeeper.status.Notice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rules that every status and every event keeps, whatever happened. Each breach fails with what was told. */
public final class StatusLinter {
    private static final Set<String> REASONS =
            Arrays.stream(Reason.values()).map(Enum::name).collect(Collectors.toUnmodifiableSet());
    private static final Set<String> CONTENT = Set.of(
            Reason.ImageMismatch.name(),
            Reason.EnvironmentMismatch.name(),
            Reason.ContentMismatch.name(),
            Reason.EndpointMismatch.name(),
            Reason.ServiceMissing.name());
    private static final Set<String> ACCOUNT = Set.of(
            Reason.AccountNotFound.name(),
            Reason.CredentialsInvalid.name(),
            Reason.WrongAccount.name(),
            Reason.RegionNotAllowed.name(),
            Reason.AccessNotAllowed.name(),
            Reason.AccessDenied.name());
    private static final Pattern COUNTS = Pattern.compile(
            "\\d{4}-\\d\\d-\\d\\d|\\d\\d:\\d\\d:\\d\\d|(?i:attempt \\d)|\\d+ (times|attempts|tries|misses)|\\d+ of \\d+");

    private final Supplier<Set<String>> secrets;

    /**
     * A linter for an environment.
     *
     * @param secrets values that must be seen nowhere
     */
    public StatusLinter(Supplier<Set<String>> secrets) {
        this.secrets = secrets;
    }

    /**
     * Checks a status that was written.
     *
     * @param before what stood there; its conditions may be empty
     * @param generation of the resource
     */
    public void status(ServiceDeploymentStatus before, ServiceDeploymentStatus after, long generation) {
        List<String> breaches = new ArrayList<>();
        shape(after, generation, breaches);
        ready(after, generation, breaches);
        account(after, breaches);
        after.conditions().stream()
                .filter(condition -> !before.conditions().contains(condition))
                .forEach(condition -> text(condition.type(), condition.message(), breaches));
        after.checks().forEach(check -> text(check.name(), check.message() == null ? "" : check.message(), breaches));
        transitions(before, after, breaches);
        secrets.get().stream()
                .filter(secret -> after.toString().contains(secret))
                .forEach(secret -> breaches.add("the status shows a secret value"));
        assertThat(breaches).as(() -> "status " + pretty(after)).isEmpty();
    }

    /**
     * Checks the events of one run.
     *
     * @param mutations of AWS that the run made
     */
    public void events(List<Notice> notices, int mutations) {
        List<String> breaches = new ArrayList<>();
        // Who asked for a rollback is answered, whatever else there is to tell.
        long told = notices.stream()
                .filter(notice -> notice.reason() != Reason.RollbackRefused)
                .count();
        if (told > mutations + 1) {
            breaches.add("more than one event for the transition and one for each mutation");
        }
        for (Notice notice : notices) {
            text("event", notice.message(), breaches);
            secrets.get().stream()
                    .filter(secret -> notice.message().contains(secret))
                    .forEach(secret -> breaches.add("an event shows a secret value"));
        }
        assertThat(breaches).as("events %s", notices).isEmpty();
    }

    private static void shape(ServiceDeploymentStatus after, long generation, List<String> breaches) {
        List<String> types = after.conditions().stream().map(Condition::type).toList();
        List<String> always =
                types.stream().filter(ConditionTypes.ALWAYS::contains).toList();
        if (!always.equals(ConditionTypes.ALWAYS)) {
            breaches.add("conditions are not complete and in order: " + types);
        }
        if (types.contains(ConditionTypes.RECONCILING) && types.contains(ConditionTypes.STALLED)) {
            breaches.add("Reconciling and Stalled together");
        }
        for (Condition condition : after.conditions()) {
            boolean kstatus = condition.type().equals(ConditionTypes.RECONCILING)
                    || condition.type().equals(ConditionTypes.STALLED);
            if (kstatus && condition.status() != ConditionStatus.True) {
                breaches.add(condition.type() + " is present but not True");
            }
            if (!REASONS.contains(condition.reason())) {
                breaches.add("no such reason: " + condition.reason());
            }
            if (!RunbookIndex.lists("ServiceDeployment", condition.type(), condition.reason())) {
                breaches.add("%s/%s is not in docs/runbooks/README.md".formatted(condition.type(), condition.reason()));
            }
            if (condition.observedGeneration() == null || condition.observedGeneration() > generation) {
                breaches.add(condition.type() + " was observed for a generation that is not there yet");
            }
        }
        if (after.observedGeneration() == null || after.observedGeneration() > generation) {
            breaches.add("observedGeneration is above the generation");
        }
    }

    private static void ready(ServiceDeploymentStatus after, long generation, List<String> breaches) {
        Optional<Condition> ready = find(after, ConditionTypes.READY);
        if (ready.isEmpty() || ready.get().status() != ConditionStatus.True) {
            return;
        }
        if (!Objects.equals(ready.get().observedGeneration(), generation)) {
            breaches.add("Ready is True for another generation");
        }
        find(after, ConditionTypes.DEGRADED)
                .filter(degraded -> degraded.status() == ConditionStatus.True)
                .filter(degraded -> !degraded.reason().equals(Reason.ScaleMismatch.name()))
                .ifPresent(degraded -> breaches.add("Ready and Degraded"));
        for (String passed :
                List.of(ConditionTypes.READINESS_PASSED, ConditionTypes.ENDPOINTS_PASSED, ConditionTypes.LOGS_PASSED)) {
            find(after, passed)
                    .filter(condition -> condition.status() == ConditionStatus.False)
                    .ifPresent(condition -> breaches.add("Ready although %s is False".formatted(passed)));
        }
        find(after, ConditionTypes.SYNCED)
                .filter(synced -> synced.status() == ConditionStatus.False && CONTENT.contains(synced.reason()))
                .ifPresent(synced -> breaches.add("Ready although something else runs"));
        find(after, ConditionTypes.STALLED).ifPresent(stalled -> breaches.add("Ready and Stalled"));
    }

    /** One cause is told alike wherever it is told. */
    private static void account(ServiceDeploymentStatus after, List<String> breaches) {
        String verified = find(after, ConditionTypes.ACCOUNT_VERIFIED)
                .map(told -> told.status() + "/" + told.reason())
                .orElse("-");
        find(after, ConditionTypes.STALLED)
                .map(Condition::reason)
                .filter(ACCOUNT::contains)
                .filter(reason -> !verified.equals(ConditionStatus.False + "/" + reason))
                .ifPresent(reason ->
                        breaches.add("Stalled for %s, but AccountVerified is %s".formatted(reason, verified)));
        find(after, ConditionTypes.READY)
                .filter(ready -> ready.reason().equals(Reason.AccountNotVerified.name()))
                .filter(ready -> !verified.startsWith(ConditionStatus.False.toString()))
                .ifPresent(ready -> breaches.add("Ready for its account, but AccountVerified is " + verified));
    }

    private static void text(String where, String message, List<String> breaches) {
        if (message.length() > 1024) {
            breaches.add("the message of %s is too long".formatted(where));
        }
        if (message.isBlank()) {
            breaches.add("%s says nothing".formatted(where));
        }
        if (COUNTS.matcher(message).find()) {
            breaches.add("the message of %s counts or tells the time: %s".formatted(where, message));
        }
    }

    private static void transitions(
            ServiceDeploymentStatus before, ServiceDeploymentStatus after, List<String> breaches) {
        for (Condition condition : after.conditions()) {
            find(before, condition.type())
                    .filter(old -> (old.status() == condition.status())
                            != old.lastTransitionTime().equals(condition.lastTransitionTime()))
                    .filter(old -> old.status() == condition.status()
                            || old.lastTransitionTime().isAfter(condition.lastTransitionTime()))
                    .ifPresent(old -> breaches.add(condition.type() + ".lastTransitionTime is wrong"));
        }
        for (CheckStatus check : after.checks()) {
            before.checks().stream()
                    .filter(old -> old.type() == check.type()
                            && old.name().equals(check.name())
                            && old.status() == check.status()
                            && Objects.equals(old.deploymentVersion(), check.deploymentVersion())
                            && !Objects.equals(old.lastTransitionTime(), check.lastTransitionTime()))
                    .forEach(old -> breaches.add(check.name() + " moved its transition time without cause"));
        }
    }

    private static Optional<Condition> find(ServiceDeploymentStatus status, String type) {
        return status.conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst();
    }

    private static String pretty(ServiceDeploymentStatus status) {
        return Stream.concat(
                        status.conditions().stream()
                                .map(c -> "%s=%s %s (%d, %s): %s"
                                        .formatted(
                                                c.type(),
                                                c.status(),
                                                c.reason(),
                                                c.observedGeneration(),
                                                c.lastTransitionTime(),
                                                c.message())),
                        status.checks().stream().map(CheckStatus::toString))
                .collect(Collectors.joining("\n  ", "\n  ", ""));
    }
}
