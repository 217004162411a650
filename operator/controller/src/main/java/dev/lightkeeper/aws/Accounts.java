package dev.lightkeeper.aws;

import dev.lightkeeper.api.v1alpha1.AccountRef;
import dev.lightkeeper.api.v1alpha1.AwsAccount;
import dev.lightkeeper.api.v1alpha1.AwsAccountSpec;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.References;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.AccountCheck;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.plan.Timings;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The gate before every AWS call: the account exists, the region and the namespace are allowed, the credentials are those
 * of the declared account. Rules that need no call are asked first, so that whoever is refused causes none.
 */
public final class Accounts {
    private static final String DEFAULT_ACCOUNT = "default";

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
        AccountRef account = desired.spec().accountRef();
        return admit(
                account == null ? DEFAULT_ACCOUNT : account.name(),
                desired.spec().region(),
                desired.resource().namespace(),
                serviceName);
    }

    /** The same, with the way to AWS where it is open. */
    public Admission admit(String accountName, @Nullable String region, String namespace, String serviceName) {
        return switch (directory.account(accountName)) {
            case Observed.Unknown<AwsAccount>(Failure failure) ->
                new Admission.Withheld(new AccountCheck.Unavailable(failure, region));
            case Observed.Absent<AwsAccount>() -> {
                identities.computeIfPresent(accountName, (name, identity) -> {
                    identity.retire();
                    return null;
                });
                yield refused(
                        Reason.AccountNotFound,
                        "there is no AwsAccount \"%s\": create it, or correct spec.accountRef".formatted(accountName));
            }
            case Observed.Present<AwsAccount>(AwsAccount account) ->
                admit(accountName, account.getSpec(), region, namespace, serviceName);
        };
    }

    /** What the account's own status has to say. Asks AWS no more often than the resources do. */
    public AccountReport report(String accountName, @Nullable AwsAccountSpec spec) {
        if (spec == null) {
            return new AccountReport.Refused(Reason.UnknownValue, "the AwsAccount has no spec");
        }
        return switch (identity(accountName).verify(spec)) {
            case VerifiedIdentity.Outcome.Verified(AccountSession session, String arn) ->
                new AccountReport.Identified(spec.accountId(), arn);
            case VerifiedIdentity.Outcome.Refused(Reason reason, String message) ->
                new AccountReport.Refused(reason, message);
            case VerifiedIdentity.Outcome.Unavailable(Failure failure) -> new AccountReport.Unavailable(failure);
        };
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
            String serviceName) {
        if (spec == null) {
            return refused(Reason.UnknownValue, "AwsAccount \"%s\" has no spec".formatted(accountName));
        }
        if (spec.spending() != null) {
            return refused(
                    Reason.InvalidSpec,
                    "spending of AwsAccount \"%s\" is not supported by this version and would not be held; remove it to go on"
                            .formatted(accountName));
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
        if (!rules.allowsService(namespace, serviceName)) {
            return refused(
                    Reason.AccessNotAllowed,
                    "access.serviceNamePatterns of AwsAccount \"%s\" do not allow service name \"%s\" to namespace \"%s\""
                            .formatted(accountName, serviceName, namespace));
        }
        return switch (identity(accountName).verify(spec)) {
            case VerifiedIdentity.Outcome.Verified(AccountSession session, String arn) ->
                new Admission.Granted(
                        new AccountCheck.Verified(
                                spec.accountId(), region, rules.allowsDeletion(), rules.allowsAdoption()),
                        session);
            case VerifiedIdentity.Outcome.Refused(Reason reason, String message) -> refused(reason, message);
            case VerifiedIdentity.Outcome.Unavailable(Failure failure) ->
                new Admission.Withheld(new AccountCheck.Unavailable(failure, region));
        };
    }

    private VerifiedIdentity identity(String accountName) {
        return identities.computeIfAbsent(
                accountName, name -> new VerifiedIdentity(name, references, clients, recorder, timings, clock));
    }

    private static Admission refused(Reason reason, String message) {
        return new Admission.Withheld(new AccountCheck.Refused(reason, message));
    }
}
