package dev.lightkeeper.aws;

import dev.lightkeeper.api.v1alpha1.AwsAccount;
import dev.lightkeeper.api.v1alpha1.AwsAccountSpec;
import dev.lightkeeper.api.v1alpha1.Ec2Target;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.References;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.AccountCheck;
import dev.lightkeeper.observe.Identity;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.plan.Timings;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The gate before every AWS call: the account exists, the region and the namespace are allowed, the credentials are those
 * of the declared account. Rules that need no call are asked first, so that whoever is refused causes none.
 */
public final class Accounts {

    private final AccountDirectory directory;
    private final NamespaceLabels namespaces;
    private final References references;
    private final Clients clients;
    private final CallRecorder recorder;
    private final Timings timings;
    private final Clock clock;
    private final ConcurrentMap<String, VerifiedIdentity> identities = new ConcurrentHashMap<>();

    /** A gate whose memory (identities already verified) may be lost at any time. */
    public Accounts(
            AccountDirectory directory,
            NamespaceLabels namespaces,
            References references,
            Clients clients,
            CallRecorder recorder,
            Timings timings,
            Clock clock) {
        this.directory = directory;
        this.namespaces = namespaces;
        this.references = references;
        this.clients = clients;
        this.recorder = recorder;
        this.timings = timings;
        this.clock = clock;
    }

    /**
     * Whether the account may be used for this service.
     *
     * @param region null takes the account's default
     */
    public AccountCheck check(String accountName, @Nullable String region, String namespace, String serviceName) {
        return admit(accountName, region, namespace, serviceName).check();
    }

    /** The same for a resource, with the way to AWS where it is open. */
    public Admission admit(DesiredState desired, String serviceName) {
        return admit(desired.spec(), desired.resource().namespace(), serviceName);
    }

    Admission admit(ServiceDeploymentSpec spec, String namespace, String serviceName) {
        return admit(spec.accountName(), spec.region(), namespace, serviceName);
    }

    /** Whether hosts may be used so, with the way to AWS where it is open. */
    public Admission admitHosts(ServiceDeploymentSpec spec, String namespace) {
        Ec2Target target = Objects.requireNonNull(spec.ec2(), "asked for hosts only");
        String name = spec.accountName();
        return admit(
                name,
                spec.region(),
                namespace,
                rules -> rules.refusesHosts(namespace, target).map(why -> "AwsAccount \"%s\" %s".formatted(name, why)));
    }

    /** The tags without which no instance of an account is ever touched; empty when none may be. */
    public static Map<String, String> instanceTags(AwsAccountSpec account) {
        return new AccessRules(account.access()).instanceTags();
    }

    /** The same, with the way to AWS where it is open. */
    public Admission admit(String accountName, @Nullable String region, String namespace, String serviceName) {
        return admit(
                accountName,
                region,
                namespace,
                rules -> rules.allowsService(namespace, serviceName)
                        ? Optional.empty()
                        : Optional.of(
                                "access.serviceNamePatterns of AwsAccount \"%s\" do not allow service name \"%s\" to namespace \"%s\""
                                        .formatted(accountName, serviceName, namespace)));
    }

    private Admission admit(
            String accountName,
            @Nullable String region,
            String namespace,
            Function<AccessRules, Optional<String>> refusal) {
        return switch (directory.account(accountName)) {
            case Observed.Unknown<AwsAccount>(Failure failure) ->
                new Admission.Withheld(new AccountCheck.Unavailable(failure, region));
            case Observed.Absent<AwsAccount>() -> {
                forget(accountName);
                yield refused(
                        Reason.AccountNotFound,
                        "there is no AwsAccount \"%s\": create it, or correct spec.accountRef".formatted(accountName));
            }
            case Observed.Present<AwsAccount>(AwsAccount account) ->
                admit(accountName, account.getSpec(), region, namespace, refusal);
        };
    }

    /** What the account's own status has to say. Asks AWS no more often than the resources do. */
    public Identity report(String accountName, @Nullable AwsAccountSpec spec) {
        if (spec == null) {
            return new Identity.Refused(Reason.UnknownValue, "the AwsAccount has no spec");
        }
        return identity(accountName).verify(spec).identity();
    }

    /** The way to an account that is verified; empty for any other. */
    public Optional<AccountSession> session(String accountName, @Nullable AwsAccountSpec spec) {
        return Optional.ofNullable(spec)
                .flatMap(known ->
                        Optional.ofNullable(identity(accountName).verify(known).session()));
    }

    /** The account is gone. */
    public void forget(String accountName) {
        VerifiedIdentity gone = identities.remove(accountName);
        if (gone != null) {
            gone.retire();
        }
    }

    /**
     * To be told of every failure of a call: one that blames the credentials lets the identity be verified, and a
     * rotated Secret be read, before the usual time.
     */
    public void noticed(AccountSession session, Failure failure) {
        VerifiedIdentity identity = identities.get(session.account());
        if (identity != null && AwsFailures.blamesCredentials(failure)) {
            identity.doubt(session);
        }
    }

    private Admission admit(
            String accountName,
            @Nullable AwsAccountSpec spec,
            @Nullable String wantedRegion,
            String namespace,
            Function<AccessRules, Optional<String>> refusal) {
        if (spec == null) {
            return refused(Reason.UnknownValue, "AwsAccount \"%s\" has no spec".formatted(accountName));
        }
        String region = wantedRegion == null ? spec.defaultRegion() : wantedRegion;
        if (region == null) {
            return refused(
                    Reason.RegionNotAllowed,
                    "no region is named: set spec.region, or defaultRegion of AwsAccount \"%s\""
                            .formatted(accountName));
        }
        List<String> allowed = spec.allowedRegions();
        if (!allowed.contains(region)) {
            return refused(
                    Reason.RegionNotAllowed,
                    "AwsAccount \"%s\" does not allow region %s (allowed: %s)"
                            .formatted(accountName, region, String.join(", ", allowed)));
        }
        AccessRules rules = new AccessRules(spec.access());
        Map<String, String> labels = Map.of();
        if (rules.needsLabels()) {
            switch (namespaces.labels(namespace)) {
                case Observed.Unknown<Map<String, String>>(Failure failure) -> {
                    return new Admission.Withheld(new AccountCheck.Unavailable(failure, region));
                }
                case Observed.Absent<Map<String, String>>() -> {
                    return refused(Reason.AccessNotAllowed, "namespace \"%s\" does not exist".formatted(namespace));
                }
                case Observed.Present<Map<String, String>>(Map<String, String> found) -> labels = found;
            }
        }
        if (!rules.allowsNamespace(labels)) {
            return refused(
                    Reason.AccessNotAllowed,
                    "access.namespaces of AwsAccount \"%s\" does not select namespace \"%s\""
                            .formatted(accountName, namespace));
        }
        Optional<String> refused = refusal.apply(rules);
        if (refused.isPresent()) {
            return refused(Reason.AccessNotAllowed, refused.get());
        }
        VerifiedIdentity.Outcome outcome = identity(accountName).verify(spec);
        return switch (outcome.identity()) {
            case Identity.Verified verified ->
                new Admission.Granted(
                        new AccountCheck.Verified(
                                verified.accountId(), region, rules.allowsDeletion(), rules.allowsAdoption()),
                        Objects.requireNonNull(outcome.session(), "a verified identity has a session"),
                        spec);
            case Identity.Refused(Reason reason, String message) -> refused(reason, message);
            case Identity.Unavailable(Failure failure) ->
                new Admission.Withheld(new AccountCheck.Unavailable(failure, region));
            case Identity.Unasked(Failure failure) ->
                new Admission.Withheld(new AccountCheck.Unavailable(failure, region));
        };
    }

    private VerifiedIdentity identity(String accountName) {
        return identities.computeIfAbsent(
                accountName, name -> new VerifiedIdentity(name, references, clients, recorder, timings, clock));
    }

    /** What a call that was denied says about the account. */
    public static AccountCheck refused(Failure.Denied denied) {
        return AwsFailures.blamesCredentials(denied)
                ? new AccountCheck.Refused(Reason.CredentialsInvalid, denied.message())
                : new AccountCheck.Refused(
                        Reason.AccessDenied,
                        denied.message() + "; add the action to the policy of the operator's identity");
    }

    /** The same failure; where it blames the credentials, its code says so in the words of the API. */
    public static Failure blamed(Failure failure) {
        return failure instanceof Failure.Denied denied && AwsFailures.blamesCredentials(denied)
                ? new Failure.Denied(Reason.CredentialsInvalid.name(), denied.action(), denied.message())
                : failure;
    }

    private static Admission refused(Reason reason, String message) {
        return new Admission.Withheld(new AccountCheck.Refused(reason, message));
    }
}
