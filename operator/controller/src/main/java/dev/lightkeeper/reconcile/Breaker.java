package dev.lightkeeper.reconcile;

import dev.lightkeeper.api.v1alpha1.AwsAccount;
import dev.lightkeeper.api.v1alpha1.CheckResult;
import dev.lightkeeper.api.v1alpha1.CheckStatus;
import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Enforcement;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RolloutStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.plan.Automation;
import dev.lightkeeper.plan.Timings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Notices when many services of an account begin to fail at about the same time. The cause is hardly the release of any of
 * them then, and to deploy would do harm: for a while nothing is repaired or taken back there. What it has decided is told
 * by the AwsAccount and by the resources whose verdict waits, and another process goes on from there.
 */
public final class Breaker {
    private static final String AUTOMATION_ALLOWED = "AutomationAllowed";
    private static final int FEWEST = 3;
    private static final double SHARE = 0.3;

    private final Function<String, Observed<Instant>> told;
    private final Duration window;
    private final Duration pause;
    private final InstantSource clock;
    private final Map<String, Account> accounts = new ConcurrentHashMap<>();

    /**
     * A breaker that is closed wherever nothing else is told.
     *
     * @param told by the name of an AwsAccount, what {@link #openSince} says of it
     */
    public Breaker(Function<String, Observed<Instant>> told, Timings timings, InstantSource clock) {
        this.told = told;
        this.window = timings.breakerWindow();
        this.pause = timings.breakerPause();
        this.clock = clock;
    }

    /** Since when an account says that nothing is done by itself; Absent when it does not say so. */
    public static Observed<Instant> openSince(AwsAccount account) {
        return account.getStatus() == null
                ? new Observed.Absent<>()
                : account.getStatus().conditions().stream()
                        .filter(condition -> condition.type().equals(AUTOMATION_ALLOWED))
                        .filter(condition -> condition.status() == ConditionStatus.False)
                        .findFirst()
                        .map(Condition::lastTransitionTime)
                        .<Observed<Instant>>map(Observed.Present::new)
                        .orElseGet(Observed.Absent::new);
    }

    /** Whether nothing is done by itself in an account now. */
    public boolean isOpen(AwsAccount account) {
        return of(account.getMetadata().getName())
                        .automation(openSince(account))
                        .pausedUntil()
                != null;
    }

    /** The account does not exist any more. */
    public void forgetAccount(String name) {
        accounts.remove(name);
    }

    /** What may be done by itself for a resource, and how long it has to wait where it may not. */
    Automation automation(ServiceDeploymentSpec spec, ServiceDeploymentStatus status) {
        String name = spec.accountName();
        Account account = of(name);
        Automation automation = account.automation(account.isKnown() ? new Observed.Absent<>() : told.apply(name));
        return automation.pausedUntil() == null ? new Automation(waits(status), automation.verdictsFrom()) : automation;
    }

    /** What a process before this one may have decided and not told of the account any more. */
    private @Nullable Instant waits(ServiceDeploymentStatus status) {
        RolloutStatus rollout = status.rollout();
        Instant since = rollout == null ? null : rollout.pausedTime();
        if (since == null
                || status.conditions().stream()
                        .noneMatch(condition -> condition.reason().equals(Reason.AutomationPaused.name()))) {
            return null;
        }
        Instant until = since.plus(pause);
        return clock.instant().isBefore(until) ? until : null;
    }

    /**
     * Learns what a run found.
     *
     * @param before the checks as they stood before it
     * @param inRollout what fails in the service's own rollout or bake says nothing about others
     */
    public void seen(
            ServiceDeploymentSpec spec,
            String uid,
            boolean inRollout,
            List<CheckStatus> before,
            List<CheckStatus> after) {
        String name = spec.accountName();
        accounts.forEach((other, account) -> {
            if (!other.equals(name)) {
                account.forget(uid);
            }
        });
        of(name).seen(uid, inRollout, before, after);
    }

    /** The resource is gone. */
    void forget(String uid) {
        accounts.values().forEach(account -> account.forget(uid));
    }

    private Account of(String name) {
        return accounts.computeIfAbsent(name, any -> new Account());
    }

    /**
     * A service.
     *
     * @param began when it began to fail outside of a rollout, null when it did not
     */
    private record Service(
            boolean failing, boolean inRollout, @Nullable Instant began) {}

    private final class Account {
        private final Instant watchedSince = clock.instant();
        private final Map<String, Service> services = new HashMap<>();
        private boolean known;
        private @Nullable Instant openUntil;

        synchronized boolean isKnown() {
            return known;
        }

        synchronized Automation automation(Observed<Instant> toldOpen) {
            Instant now = clock.instant();
            if (!known && !(toldOpen instanceof Observed.Unknown)) {
                known = true;
                openUntil =
                        toldOpen instanceof Observed.Present<Instant>(Instant since) ? since.plus(pause) : openUntil;
            }
            Instant until = openUntil;
            Instant verdicts = known ? watchedSince.plus(window) : now.plus(window);
            return new Automation(
                    until != null && now.isBefore(until) ? until : null, now.isBefore(verdicts) ? verdicts : null);
        }

        synchronized void seen(String uid, boolean inRollout, List<CheckStatus> before, List<CheckStatus> after) {
            Service service = services.get(uid);
            boolean was = service == null ? any(before, CheckResult.Failing) : service.failing();
            boolean is = any(after, CheckResult.Failing) || (was && any(after, CheckResult.Unknown));
            boolean begins = is && !was && !inRollout;
            Instant began = service == null ? null : service.began();
            services.put(uid, new Service(is, inRollout, begins ? clock.instant() : began));
            if (begins) {
                open();
            }
        }

        private void open() {
            Instant now = clock.instant();
            Collection<Service> counted = services.values().stream()
                    .filter(service -> !service.inRollout())
                    .toList();
            long failing = counted.stream()
                    .filter(service ->
                            service.began() != null && service.began().isAfter(now.minus(window)))
                    .count();
            boolean closed = openUntil == null || !now.isBefore(openUntil);
            if (closed && failing >= FEWEST && failing > SHARE * counted.size()) {
                openUntil = now.plus(pause);
            }
        }

        synchronized void forget(String uid) {
            services.remove(uid);
        }
    }

    private static boolean any(List<CheckStatus> checks, CheckResult result) {
        return checks.stream()
                .filter(check -> check.enforcement() != Enforcement.Advisory && !check.ofContent())
                .anyMatch(check -> check.status() == result);
    }
}
