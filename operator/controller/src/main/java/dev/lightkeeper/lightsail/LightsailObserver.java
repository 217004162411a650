package dev.lightkeeper.lightsail;

import dev.lightkeeper.api.v1alpha1.LightsailTarget;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.aws.AccountSession;
import dev.lightkeeper.aws.Accounts;
import dev.lightkeeper.aws.Admission;
import dev.lightkeeper.aws.FleetCache;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.Digester;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.AccountCheck;
import dev.lightkeeper.observe.LiveDeployment;
import dev.lightkeeper.observe.LiveService;
import dev.lightkeeper.observe.LiveState;
import dev.lightkeeper.observe.Look;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.observe.Observer;
import dev.lightkeeper.observe.Readings;
import dev.lightkeeper.observe.ServiceState;
import dev.lightkeeper.plan.Ownership;
import dev.lightkeeper.plan.Timings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks at Lightsail. A steady look takes the service from the fleet's shared list; while something changes, or the list
 * does not have the name, the service is asked for by name.
 */
public final class LightsailObserver implements Observer {
    private static final double SHARE_OF_TRANSITION_LOOK = 0.9;

    private final Accounts accounts;
    private final LightsailReads reads;
    private final Bills bills;
    private final PushedImages pushed;
    private final Absences absences;
    private final Clock clock;
    private final Duration youngInTransition;

    /** An observer with an empty memory; what it remembers may be lost at any time. */
    public LightsailObserver(
            Accounts accounts, Bills bills, Readings readings, Digester digester, Timings timings, Clock clock) {
        this.accounts = accounts;
        this.bills = bills;
        this.reads = new LightsailReads(accounts, digester);
        this.pushed = new PushedImages(reads, readings, timings.slowLook(), clock);
        this.absences = new Absences(timings.absenceConfirmation(), clock);
        this.clock = clock;
        this.youngInTransition =
                Duration.ofNanos(Math.round(timings.transitionLook().toNanos() * SHARE_OF_TRANSITION_LOOK));
    }

    @Override
    public LiveState look(Look look) {
        DesiredState desired = look.desired();
        LightsailTarget target = desired.spec().lightsail();
        if (target == null) {
            return blind(new AccountCheck.Refused(Reason.InvalidSpec, "the resource has no spec.lightsail"));
        }
        Admission admission = accounts.admit(desired, target.serviceName());
        return switch (admission) {
            case Admission.Withheld(AccountCheck check) -> blind(check);
            case Admission.Granted granted ->
                granted.check().isElsewhereThan(look.pinned())
                        ? blind(granted.check())
                        : withoutDenial(look(look, granted, target.serviceName()));
        };
    }

    /** An action that the account's identity may not do, or credentials that AWS rejects, are known wrongs, not silence. */
    private static LiveState withoutDenial(LiveState state) {
        return Stream.of(state.service(), state.deployments(), state.storedImages())
                .flatMap(part -> part instanceof Observed.Unknown<?>(Failure.Denied denied)
                        ? Stream.of(denied)
                        : Stream.<Failure.Denied>empty())
                .findFirst()
                .map(denied -> blind(Accounts.refused(denied)))
                .orElse(state);
    }

    private LiveState look(Look look, Admission.Granted granted, String name) {
        AccountCheck.Verified check = granted.check();
        AccountSession session = granted.session();
        String region = check.region();
        Observed<LiveService> service = confirmed(look, service(look, session, region, name));
        return switch (service) {
            case Observed.Present<LiveService> present -> {
                Observed<Set<String>> stored =
                        look.storedImages() ? reads.storedImages(session, region, name) : Observed.notLooked();
                yield new LiveState(
                        check,
                        present,
                        look.deployments() ? reads.deployments(session, region, name) : Observed.notLooked(),
                        stored,
                        pushed(look, session, region, name, stored),
                        bills.costs(granted, name));
            }
            case Observed.Absent<LiveService> absent ->
                new LiveState(
                        check, absent, new Observed.Absent<>(), new Observed.Absent<>(), bills.costs(granted, name));
            case Observed.Unknown<LiveService> unknown ->
                new LiveState(check, unknown, Observed.notLooked(), Observed.notLooked());
        };
    }

    private Observed<Set<String>> pushed(
            Look look, AccountSession session, String region, String name, Observed<Set<String>> stored) {
        boolean asked = look.imagesOfTarget()
                || look.desired().spec().containers().stream()
                        .anyMatch(container -> container.image().startsWith(":"));
        if (!asked) {
            return Observed.notLooked();
        }
        return look.storedImages() ? pushed.learned(session, region, name, stored) : pushed.of(session, region, name);
    }

    private Observed<LiveService> service(Look look, AccountSession session, String region, String name) {
        if (look.deployments() || look.storedImages()) {
            return reads.service(session, region, name);
        }
        return switch (bills.fleets().fleet(session, region)) {
            case FleetCache.Fleet.Unlisted<LiveService>(Failure failure) -> new Observed.Unknown<>(failure);
            case FleetCache.Fleet.Listed<LiveService> fleet -> {
                Observed<LiveService> listed = fleet.services().get(name);
                yield listed == null
                                || belongsToNobody(look, listed)
                                || isOutdated(fleet.readAt(), listed, look.changedAfter())
                        ? reads.service(session, region, name)
                        : listed;
            }
        };
    }

    /** Somebody may have done something to it since it was listed, of which nothing is to be lost. */
    private static boolean belongsToNobody(Look look, Observed<LiveService> listed) {
        return look.pinnedArn() == null
                && listed instanceof Observed.Present<LiveService>(LiveService service)
                && Ownership.isUntagged(service.tags());
    }

    private boolean isOutdated(Instant readAt, Observed<LiveService> listed, @Nullable Instant changedAfter) {
        if (changedAfter != null && !readAt.isAfter(changedAfter)) {
            return true;
        }
        return listed instanceof Observed.Present<LiveService>(LiveService service)
                && isChanging(service)
                && clock.instant().isAfter(readAt.plus(youngInTransition));
    }

    private static boolean isChanging(LiveService service) {
        return service.next() != null
                || !(service.state().acceptsChanges() || service.state() == ServiceState.DISABLED);
    }

    private Observed<LiveService> confirmed(Look look, Observed<LiveService> service) {
        String pinned = look.pinnedArn();
        if (pinned == null) {
            return service;
        }
        return switch (service) {
            case Observed.Present<LiveService> present -> {
                absences.seen(pinned);
                yield present;
            }
            case Observed.Absent<LiveService> absent -> absences.saidAbsent(pinned);
            case Observed.Unknown<LiveService> unknown -> unknown;
        };
    }

    private static LiveState blind(AccountCheck check) {
        Observed<LiveService> service = Observed.notLooked();
        Observed<List<LiveDeployment>> deployments = Observed.notLooked();
        Observed<Set<String>> storedImages = Observed.notLooked();
        return new LiveState(check, service, deployments, storedImages);
    }
}
