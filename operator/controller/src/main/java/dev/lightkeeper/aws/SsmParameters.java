package dev.lightkeeper.aws;

import dev.lightkeeper.api.v1alpha1.LightsailTarget;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.desired.Parameter;
import dev.lightkeeper.desired.ParameterKey;
import dev.lightkeeper.desired.ParameterQuery;
import dev.lightkeeper.desired.ParameterStore;
import dev.lightkeeper.desired.Parameters;
import dev.lightkeeper.desired.SecretText;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.AccountCheck;
import dev.lightkeeper.plan.Timings;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.random.RandomGenerator;

/**
 * SSM Parameter Store behind the gate of the account: who may not use the account, or not the parameter, causes no call.
 * What was read is kept for a while, but not over a new generation of the resource or a new request of a person: those mean
 * what is there now.
 */
public final class SsmParameters implements ParameterStore {
    private final Accounts accounts;
    private final ParameterCache cache;
    private final ParameterCache versions;
    private final Clock clock;
    private final ConcurrentMap<String, Occasion> occasions = new ConcurrentHashMap<>();

    /** A store whose memory may be lost at any time. */
    public SsmParameters(Accounts accounts, CallLimits limits, Timings timings, Clock clock, RandomGenerator random) {
        this.accounts = accounts;
        this.cache = new ParameterCache(accounts, false, limits, timings, clock, random);
        this.versions = new ParameterCache(accounts, true, limits, timings, clock, random);
        this.clock = clock;
    }

    private record Occasion(String name, Instant since) {}

    @Override
    public Parameters read(ParameterQuery query) {
        LightsailTarget target = query.spec().lightsail();
        String namespace = query.resource().namespace();
        if (target == null && !query.spec().runsOnHosts()) {
            return unreadable(query, new Failure.Terminal("NoTarget", "the resource has no target"));
        }
        Admission admission = target == null
                ? accounts.admitHosts(query.spec(), namespace)
                : accounts.admit(query.spec(), namespace, target.serviceName());
        return switch (admission) {
            case Admission.Withheld(AccountCheck check) -> unreadable(query, withheld(check));
            case Admission.Granted granted ->
                granted.check().isElsewhereThan(query.pinned())
                        ? unreadable(
                                query,
                                new Failure.Terminal(
                                        "TargetMoved", "the account or region in force is not that of the service"))
                        : read(query, granted);
        };
    }

    @Override
    public void forget(String uid) {
        occasions.remove(uid);
    }

    /** The account is gone: what was read there, secrets among it, is not kept. */
    public void forgetAccount(String account) {
        cache.forget(account);
        versions.forget(account);
    }

    private Parameters read(ParameterQuery query, Admission.Granted granted) {
        AccessRules rules = new AccessRules(granted.account().access());
        String account = granted.session().account();
        String namespace = query.resource().namespace();
        Map<ParameterKey, Parameter<SecretText>> values = new HashMap<>();
        Map<String, Parameter<Map<String, SecretText>>> paths = new HashMap<>();
        Set<ParameterKey> allowed = new HashSet<>();
        Set<String> allowedPaths = new HashSet<>();
        for (ParameterKey key : query.parameters()) {
            if (rules.allowsParameter(namespace, key.name())) {
                allowed.add(key);
            } else {
                values.put(key, notAllowed(account, "parameter \"%s\"".formatted(key.name()), namespace));
            }
        }
        for (String path : query.paths()) {
            if (rules.allowsParametersBelow(namespace, path)) {
                allowedPaths.add(path);
            } else {
                paths.put(path, notAllowed(account, "the parameters below \"%s\"".formatted(path), namespace));
            }
        }
        Parameters found = (query.versionsOnly() ? versions : cache)
                .read(granted.session(), granted.check().region(), allowed, allowedPaths, since(query));
        values.putAll(found.values());
        paths.putAll(found.paths());
        return new Parameters(values, paths);
    }

    private Instant since(ParameterQuery query) {
        return occasions
                .compute(
                        query.resource().uid(),
                        (uid, last) -> last != null && last.name().equals(query.occasion())
                                ? last
                                : new Occasion(query.occasion(), clock.instant()))
                .since();
    }

    private static <T> Parameter<T> notAllowed(String account, String what, String namespace) {
        return new Parameter.Refused<>(
                Reason.AccessNotAllowed,
                "access.parameterPaths of AwsAccount \"%s\" do not allow %s to namespace \"%s\""
                        .formatted(account, what, namespace));
    }

    private static Failure withheld(AccountCheck check) {
        return switch (check) {
            case AccountCheck.Refused(Reason reason, String message) -> new Failure.Terminal(reason.name(), message);
            case AccountCheck.Unavailable(Failure failure, var region) -> failure;
            case AccountCheck.Verified ignored -> throw new IllegalStateException("a verified account is no obstacle");
        };
    }

    private static Parameters unreadable(ParameterQuery query, Failure failure) {
        Map<ParameterKey, Parameter<SecretText>> values = new HashMap<>();
        Map<String, Parameter<Map<String, SecretText>>> paths = new HashMap<>();
        query.parameters().forEach(key -> values.put(key, new Parameter.Unreadable<>(failure)));
        query.paths().forEach(path -> paths.put(path, new Parameter.Unreadable<>(failure)));
        return new Parameters(values, paths);
    }
}
