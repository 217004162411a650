package dev.lightkeeper.reconcile;

import dev.lightkeeper.api.v1alpha1.AccountIdentity;
import dev.lightkeeper.api.v1alpha1.AwsAccount;
import dev.lightkeeper.api.v1alpha1.AwsAccountStatus;
import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.Costs;
import dev.lightkeeper.observe.Identity;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.reconcile.AccountReport.Experience;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is told of an account. No I/O. */
final class AccountStatus {
    private static final int USERS_NAMED = 3;
    private static final Pattern ROLE_SESSION = Pattern.compile("(:assumed-role/[^/]+)/.*");

    private final @Nullable AwsAccountStatus last;
    private final @Nullable Long generation;
    private final Instant now;

    /** On top of what was told last. */
    AccountStatus(AwsAccount account, Instant now) {
        this.last = account.getStatus();
        this.generation = account.getMetadata().getGeneration();
        this.now = now;
    }

    /**
     * The whole status.
     *
     * @param paused nothing is repaired or taken back by itself now
     * @param users null when nobody knows who uses the account
     */
    AwsAccountStatus told(
            Identity identity,
            Experience experience,
            Observed<BigDecimal> cost,
            boolean paused,
            @Nullable List<ServiceDeployment> users) {
        List<Condition> conditions = new ArrayList<>();
        Condition verified = identityVerified(identity);
        conditions.add(ready(verified));
        conditions.add(verified);
        conditions.add(permissions(identity, experience));
        conditions.add(reachable(identity, experience));
        conditions.add(automation(paused));
        conditions.add(inUse(users));
        return new AwsAccountStatus(
                generation,
                conditions,
                identityNow(identity),
                users == null ? (last == null ? null : last.services()) : Integer.valueOf(users.size()),
                cost(cost));
    }

    private Condition automation(boolean paused) {
        return paused
                ? condition(
                        "AutomationAllowed",
                        ConditionStatus.False,
                        Reason.ManyServicesFailing,
                        "checks of many services began to fail at about the same time: look for a cause that they share; nothing is repaired or taken back by itself for a while")
                : condition(
                        "AutomationAllowed",
                        ConditionStatus.True,
                        Reason.Closed,
                        "automatic repair and rollback are allowed");
    }

    private Condition identityVerified(Identity identity) {
        return switch (identity) {
            case Identity.Verified(String accountId, String _) ->
                condition(
                        "IdentityVerified",
                        ConditionStatus.True,
                        Reason.Verified,
                        "AWS says that the credentials belong to account " + accountId);
            case Identity.Refused(Reason reason, String message) ->
                condition("IdentityVerified", ConditionStatus.False, reason, message);
            case Identity.Unavailable(var failure) -> identityUnknown(failure);
            case Identity.Unasked(var failure) -> identityUnknown(failure);
        };
    }

    /** A blip changes nothing that was verified; for a spec that never was nothing is known. */
    private Condition identityUnknown(Failure failure) {
        return stored("IdentityVerified")
                .filter(before -> generation != null && generation.equals(before.observedGeneration()))
                .orElseGet(() ->
                        condition("IdentityVerified", ConditionStatus.Unknown, Reason.NotObserved, failure.message()));
    }

    private Condition ready(Condition verified) {
        return verified.status() == ConditionStatus.True
                ? condition("Ready", ConditionStatus.True, Reason.Verified, "the account can be used")
                : condition(
                        "Ready",
                        verified.status() == null ? ConditionStatus.Unknown : verified.status(),
                        reasonOf(verified),
                        verified.message());
    }

    private static Reason reasonOf(Condition condition) {
        return Reason.of(condition.reason()).orElse(Reason.NotObserved);
    }

    private Condition permissions(Identity identity, Experience experience) {
        Set<String> denied = denied(identity, experience);
        if (!denied.isEmpty()) {
            return condition(
                    "PermissionsVerified",
                    ConditionStatus.False,
                    Reason.Denied,
                    "AWS denied: " + String.join(", ", denied) + "; add it to the policy of the operator's role");
        }
        return experience.exercised()
                ? condition(
                        "PermissionsVerified",
                        ConditionStatus.True,
                        Reason.Verified,
                        "every call that was needed so far was allowed")
                : stored("PermissionsVerified")
                        .filter(before -> before.status() == ConditionStatus.True)
                        .orElseGet(() -> condition(
                                "PermissionsVerified",
                                ConditionStatus.Unknown,
                                Reason.NotExercised,
                                "permissions to write show only when they are used"));
    }

    /** What an earlier process was told counts until the same call is accepted. */
    private Set<String> denied(Identity identity, Experience experience) {
        Set<String> denied = new TreeSet<>();
        if (last != null && isSameIdentity(last.identity(), identityNow(identity))) {
            stored("PermissionsVerified")
                    .filter(before -> before.status() == ConditionStatus.False)
                    .filter(before -> Objects.equals(before.observedGeneration(), generation))
                    .ifPresent(before -> denied.addAll(AccountNotices.actions(before)));
        }
        denied.removeAll(experience.accepted());
        denied.addAll(experience.denied());
        return denied;
    }

    private @Nullable AccountIdentity identityNow(Identity identity) {
        return identity instanceof Identity.Verified(String accountId, String arn)
                ? new AccountIdentity(accountId, arn)
                : last == null ? null : last.identity();
    }

    /** The name of a role's session says nothing of its rights, and may be another in each process. */
    static boolean isSameIdentity(@Nullable AccountIdentity one, @Nullable AccountIdentity other) {
        return Objects.equals(withoutSession(one), withoutSession(other));
    }

    private static @Nullable String withoutSession(@Nullable AccountIdentity identity) {
        return identity == null || identity.arn() == null
                ? null
                : ROLE_SESSION.matcher(identity.arn()).replaceFirst("$1");
    }

    private Condition reachable(Identity identity, Experience experience) {
        String why = identity instanceof Identity.Unavailable(Failure.Transient silence)
                ? silence.message()
                : experience.silence();
        if (why == null && identity instanceof Identity.Unasked(Failure failure)) {
            return stored("Reachable")
                    .orElseGet(() -> condition(
                            "Reachable",
                            ConditionStatus.Unknown,
                            Reason.NotObserved,
                            "AWS was not asked yet: " + failure.message()));
        }
        return why == null
                ? condition("Reachable", ConditionStatus.True, Reason.Reachable, "AWS answers")
                : condition("Reachable", ConditionStatus.False, Reason.Unreachable, why);
    }

    private Condition inUse(@Nullable List<ServiceDeployment> users) {
        if (users == null) {
            return stored("InUse")
                    .orElseGet(() -> condition(
                            "InUse", ConditionStatus.Unknown, Reason.NotObserved, "its users could not be listed"));
        }
        if (users.isEmpty()) {
            return condition("InUse", ConditionStatus.False, Reason.NotInUse, "no ServiceDeployment names the account");
        }
        for (Reason rule : List.of(Reason.AccessNotAllowed, Reason.RegionNotAllowed)) {
            List<ServiceDeployment> refused =
                    users.stream().filter(user -> isRefused(user, rule)).toList();
            if (!refused.isEmpty()) {
                return condition(
                        "InUse",
                        ConditionStatus.True,
                        rule,
                        "named by %s, to which spec.%s of this AwsAccount gives no right"
                                .formatted(
                                        names(refused), rule == Reason.AccessNotAllowed ? "access" : "allowedRegions"));
            }
        }
        return condition("InUse", ConditionStatus.True, Reason.InUse, "named by " + names(users));
    }

    private static boolean isRefused(ServiceDeployment user, Reason rule) {
        return user.getStatus() != null
                && user.getStatus().conditions().stream()
                        .anyMatch(condition -> condition.type().equals("AccountVerified")
                                && condition.status() == ConditionStatus.False
                                && condition.reason().equals(rule.name()));
    }

    private static String names(List<ServiceDeployment> users) {
        return users.stream()
                        .limit(USERS_NAMED)
                        .map(user -> user.getMetadata().getNamespace() + "/"
                                + user.getMetadata().getName())
                        .collect(Collectors.joining(", "))
                + (users.size() > USERS_NAMED ? " and others" : "");
    }

    private @Nullable String cost(Observed<BigDecimal> cost) {
        return switch (cost) {
            case Observed.Present<BigDecimal>(BigDecimal usd) ->
                Costs.cents(usd).toPlainString();
            case Observed.Absent<BigDecimal> ignored -> null;
            case Observed.Unknown<BigDecimal> ignored -> last == null ? null : last.estimatedMonthlyCostUsd();
        };
    }

    private Condition condition(String type, ConditionStatus status, Reason reason, String message) {
        Instant since = stored(type)
                .filter(before -> before.status() == status)
                .map(Condition::lastTransitionTime)
                .orElse(now);
        return new Condition(type, status, generation, since, reason.name(), message);
    }

    private Optional<Condition> stored(String type) {
        return last == null
                ? Optional.empty()
                : last.conditions().stream()
                        .filter(condition -> condition.type().equals(type))
                        .findFirst();
    }
}
