package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Ec2Target;
import dev.lightkeeper.api.v1alpha1.HostStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RollKind;
import dev.lightkeeper.api.v1alpha1.RollObstacle;
import dev.lightkeeper.api.v1alpha1.RollPhase;
import dev.lightkeeper.api.v1alpha1.RollStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.DesiredState.Release;
import dev.lightkeeper.desired.ProbeSite;
import dev.lightkeeper.observe.LiveHost;
import dev.lightkeeper.observe.LiveHosts;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.plan.hosts.HostView;
import dev.lightkeeper.plan.hosts.RollRules;
import dev.lightkeeper.plan.hosts.RollScene;
import dev.lightkeeper.plan.hosts.RollStep;
import dev.lightkeeper.plan.hosts.Roster;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Moves the roll over hosts on by one step a run, and tells how the hosts are. Of no effect for Lightsail. */
public final class HostRolls {
    /** A command is not waited for; its result is looked for so often in the time of a look in transition. */
    private static final int LOOKS_FOR_RESULTS = 3;

    private static final Set<Reason> WAITING = Set.of(Reason.HostUnreachable, Reason.ScaleMismatch);

    private HostRolls() {}

    /** Null on Lightsail, and while AWS does not answer. */
    private static @Nullable LiveHosts seen(Draft draft) {
        return draft.live.hosts() instanceof Observed.Present<LiveHosts>(LiveHosts live) ? live : null;
    }

    /** Notes what was seen of the hosts, whatever may be done with them. */
    static void note(Draft draft) {
        LiveHosts live = seen(draft);
        if (live != null) {
            draft.hosts =
                    HostView.told(live, draft.history, draft.desired.spec().scale());
        }
    }

    /** Whether there are hosts, so that the other rules have something to decide about. */
    static boolean advance(Draft draft) {
        LiveHosts live = seen(draft);
        if (live == null) {
            return true;
        }
        int scale = draft.desired.spec().scale();
        Roster roster = Roster.of(live, draft.hosts, scale);
        if (roster.selected().isEmpty()) {
            boolean ran = draft.roll != null && draft.roll.liveRevision() != null;
            draft.find(
                    ran ? Finding.Effect.STALLED_UNKNOWN_DEGRADED : Finding.Effect.STALLED_UNKNOWN,
                    Reason.NothingSelected,
                    "no running instance matches spec.ec2.hosts.select and access.ec2.instanceTags of the AwsAccount; start one, or correct its tags");
            return false;
        }
        RollStatus roll = draft.roll;
        if (roll != null && roll.goesOn() && draft.withheld(false).isEmpty()) {
            step(draft, live, roster, draft.retry ? askedAgain(roll) : roll);
        }
        tooFew(draft, roster, scale);
        boolean waits = isUnreachableTold(draft);
        silent(draft, roster);
        lostSightOf(draft, roster, waits);
        if (roll != null
                && roll.kind() == RollKind.Scale
                && roll.phase() == RollPhase.Failed
                && roster.isAnyToBeMadeUpFor(kept(draft))) {
            missing(draft, roster, "a missing host could not be made up for: %s".formatted(roll.message()));
        }
        return true;
    }

    /** Whoever asks for a retry has removed what was in the way. */
    private static RollStatus askedAgain(RollStatus roll) {
        RollObstacle obstacle = roll.obstacle();
        return obstacle == null ? roll : roll.standing(roll.message(), new RollObstacle(obstacle.since(), null));
    }

    /** What is in the way of the roll, in words; null while nothing is. */
    static @Nullable String obstacle(Draft draft) {
        RollStatus roll = draft.roll;
        if (roll == null || roll.obstacle() == null) {
            return null;
        }
        return roll.phase() == RollPhase.Rolling
                ? "not all hosts have revision %s yet: %s; it goes on by itself when that is gone"
                        .formatted(roll.revision(), roll.message())
                : "revision %s is brought to no host yet, and nothing was changed: %s; it goes on by itself when that is gone"
                        .formatted(roll.revision(), roll.message());
    }

    /** What keeps a roll that brings something back from its end, in words; null while nothing does. */
    static @Nullable String left(Draft draft) {
        String left = Stream.concat(
                        Stream.ofNullable(obstacle(draft)),
                        draft.findings.stream()
                                .filter(finding -> WAITING.contains(finding.reason()))
                                .map(Finding::message))
                .collect(Collectors.joining("; "));
        return left.isEmpty() ? null : left;
    }

    private static void step(Draft draft, LiveHosts live, Roster roster, RollStatus roll) {
        DesiredState source = source(draft.desired, draft.history, roll.revision());
        Ec2Target target = Objects.requireNonNull(draft.desired.spec().ec2(), "it is on hosts");
        RollStep step = RollRules.next(new RollScene(
                roll,
                draft.hosts,
                roster,
                live,
                draft.history.byNumber(roll.revision()).orElse(null),
                source != null,
                demand(draft, source),
                bringsBack(draft, roll),
                maxUnavailable(target),
                least(draft.desired.spec(), target),
                proves(draft),
                draft.timings.effectVisible(),
                draft.timings.mutationRetry(),
                draft.timings.slowLook(),
                draft.desired.resource().uid(),
                draft.now));
        draft.roll = step.roll();
        draft.hosts = step.hosts();
        lookAgain(draft, roll, step);
        if (step.send() != null) {
            draft.actions.add(new Action.CommandHosts(
                    ServiceRules.serviceName(draft),
                    step.send(),
                    step.roll(),
                    step.hosts(),
                    draft.history
                            .byNumber(roll.revision())
                            .map(RevisionRecord::fingerprint)
                            .orElse(""),
                    source));
        }
        if (step.unreachable() != null) {
            draft.find(
                    Finding.Effect.WORKING,
                    Reason.HostUnreachable,
                    "SSM does not reach host %s, %s; see that its agent runs and that its role allows it, or stop the instance"
                            .formatted(step.unreachable(), waits(step.roll())));
        }
        if (step.needed() != null) {
            draft.find(
                    Finding.Effect.WORKING,
                    Reason.ScaleMismatch,
                    "no further host is switched over, since too few work (%s) to do without one; mend the others, start another one, or lower minimumScale"
                            .formatted(step.needed()));
        }
    }

    private static String waits(RollStatus roll) {
        if (roll.phase() == RollPhase.TakingBack) {
            return "which goes back to revision %s when it does".formatted(roll.servingRevision());
        }
        return roll.phase() == RollPhase.Rolling
                ? "which gets revision %s when it does".formatted(roll.revision())
                : "and nothing is changed before it does";
    }

    /**
     * Whether a roll brings a verified revision back, be it because of a failure, on request or by the manifest. It goes to
     * each host that can have it and waits for none, while a release that is not proved changes nothing anywhere where one
     * host is away or lacks something.
     */
    private static boolean bringsBack(Draft draft, RollStatus roll) {
        boolean rollback = Optional.ofNullable(draft.operation)
                .filter(operation -> operation.kind().equals(Operations.ROLLBACK))
                .isPresent();
        boolean verified = Convergence.isVerified(draft, roll.revision());
        return roll.kind() == RollKind.Deploy && (rollback || (verified && !roll.restarts()));
    }

    private static RollScene.Demand demand(Draft draft, @Nullable DesiredState source) {
        Release release = draft.desired.release();
        if (release == null) {
            return RollScene.Demand.WANTED;
        }
        if (draft.rollback) {
            return RollScene.Demand.UNWANTED;
        }
        boolean replaced = RollbackRules.isRollingBack(draft)
                ? FailureMemory.isOutdated(draft, RollbackRules.held(draft), release)
                : source == null;
        return replaced ? RollScene.Demand.REPLACED : RollScene.Demand.WANTED;
    }

    private static int maxUnavailable(Ec2Target target) {
        return Objects.requireNonNullElse(target.maxUnavailable(), 1);
    }

    /** As many hosts work at any time, as far as that is for the operator to say. */
    private static int least(ServiceDeploymentSpec spec, Ec2Target target) {
        return Math.max(spec.minimumScale() - maxUnavailable(target), spec.scale() > 1 ? 1 : 0);
    }

    /** What the roll that is under way waits for, in words. */
    static String waitsFor(Draft draft) {
        return draft.findings.stream()
                .filter(finding -> WAITING.contains(finding.reason()))
                .map(Finding::message)
                .findFirst()
                .orElse("status.hosts tells what hosts are waited for");
    }

    private static void lookAgain(Draft draft, RollStatus before, RollStep step) {
        RollStatus after = step.roll();
        RollObstacle obstacle = after.obstacle();
        if (after.phase() != before.phase()) {
            draft.lookAgainIn(Duration.ZERO);
        } else if (obstacle == null || after.command() != null || step.send() != null) {
            draft.lookAgainIn(draft.timings.transitionLook().dividedBy(LOOKS_FOR_RESULTS));
        } else if (obstacle.retryTime() != null) {
            draft.lookAgainAt(obstacle.retryTime());
        }
    }

    /** Whether hosts are asked; what was taken back is judged by the contract that it was stored with. */
    private static boolean proves(Draft draft) {
        ServiceDeploymentSpec spec = draft.desired.spec();
        return draft.history
                .byNumber(draft.history.memory().rolledOlder())
                .map(record -> new ProbeSite(record.contract().in(spec)))
                .orElseGet(() -> new ProbeSite(spec))
                .provesHosts();
    }

    /** Where the release of a revision can be taken from today, values and all; null where it cannot. */
    private static @Nullable DesiredState source(DesiredState desired, History history, String revision) {
        return history.byNumber(revision)
                .map(RevisionRecord::fingerprint)
                .map(fingerprint ->
                        is(desired, fingerprint) ? desired : is(desired.kept(), fingerprint) ? desired.kept() : null)
                .orElse(null);
    }

    private static boolean is(@Nullable DesiredState state, String fingerprint) {
        Release release = state == null ? null : state.release();
        return release != null && release.fingerprint().equals(fingerprint);
    }

    private static void tooFew(Draft draft, Roster roster, int scale) {
        if (roster.selected().size() < scale) {
            String message = "fewer running instances match than scale declares (%s); start another one, or tag it"
                    .formatted(names(roster.selected()));
            draft.differences.add(new Difference(Reason.ScaleMismatch, message));
            missing(draft, roster, message);
        }
    }

    private static void missing(Draft draft, Roster roster, String message) {
        boolean reached = draft.history.reachedScale() >= draft.desired.spec().scale();
        boolean atRisk = roster.selected().size() < draft.desired.spec().minimumScale();
        draft.find(
                !reached
                        ? Finding.Effect.NOT_READY
                        : atRisk ? Finding.Effect.WORKING_AT_RISK : Finding.Effect.WORKING_QUIETLY,
                Reason.ScaleMismatch,
                message);
    }

    /** Whether AWS has answered, but SSM reaches none of the hosts that would be asked what runs there; that is told. */
    static boolean allAreSilent(Draft draft) {
        LiveHosts live = seen(draft);
        if (live == null) {
            return false;
        }
        Roster roster = Roster.of(live, draft.hosts, draft.desired.spec().scale());
        silent(draft, roster);
        return roster.selected().stream().noneMatch(LiveHost::online);
    }

    private static boolean isUnreachableTold(Draft draft) {
        return draft.findings.stream().anyMatch(it -> it.reason() == Reason.HostUnreachable);
    }

    private static void silent(Draft draft, Roster roster) {
        List<LiveHost> silent =
                roster.selected().stream().filter(host -> !host.online()).toList();
        if (!silent.isEmpty() && !isUnreachableTold(draft)) {
            draft.find(
                    Finding.Effect.WORKING_QUIETLY,
                    Reason.HostUnreachable,
                    "SSM does not reach host %s, so nothing is known of what runs there; see that its agent runs and that its role allows it, or stop the instance"
                            .formatted(names(silent)));
        }
    }

    /** What hosts have to run that differ, since they are made up for as missing ones are; null while that is drift. */
    private static @Nullable RevisionRecord kept(Draft draft) {
        return draft.history.memory().keepsOlder()
                ? draft.history
                        .byNumber(draft.history.memory().currentRevision())
                        .orElse(null)
                : null;
    }

    /** What was wrong with a host is not mended by its silence: neither is it so still, as far as anybody knows. */
    private static void lostSightOf(Draft draft, Roster roster, boolean waits) {
        List<LiveHost> differing = roster.unseenThatDiffered(draft.hosts);
        // With a public address its answers tell, and nobody asks a host again.
        List<LiveHost> failing =
                new ProbeSite(draft.desired.spec()).onHosts() ? roster.unreachedThatFailed(draft.hosts) : List.of();
        if (!differing.isEmpty()) {
            boolean differs = Comparison.contentDifference(draft).isPresent();
            lostSightOf(
                    draft,
                    waits || differs,
                    Reason.ContentMismatch,
                    "host %s gives no answer through SSM, and did not run as declared when it was last looked at; see that its agent runs and that its role allows it, or stop the instance"
                            .formatted(names(differing)));
            draft.compared = differs;
            draft.contentCompared = differs;
        }
        if (!failing.isEmpty()) {
            lostSightOf(
                    draft,
                    waits,
                    Reason.ReadinessFailed,
                    "SSM does not reach host %s, which did not answer readiness when it was last asked; see that its agent runs and that its role allows it, or stop the instance"
                            .formatted(names(failing)));
        }
    }

    private static void lostSightOf(Draft draft, boolean told, Reason wrong, String message) {
        if (!told) {
            draft.find(Finding.Effect.WORKING, Reason.HostUnreachable, message);
        }
        boolean degraded = draft.history
                .condition("Degraded")
                .filter(before -> before.status() == ConditionStatus.True)
                .flatMap(before -> Reason.of(before.reason()))
                .filter(before -> wrong == Reason.ReadinessFailed || Comparison.isOfContent(before))
                .isPresent();
        if (degraded) {
            draft.find(Finding.Effect.WORKING_AT_RISK, wrong, message);
        }
    }

    private static String names(List<LiveHost> hosts) {
        return hosts.stream().map(LiveHost::instanceId).sorted().collect(Collectors.joining(", "));
    }

    /** What differs on which host, where the release is what the hosts ought to run; empty otherwise. */
    static List<Difference> differences(Draft draft, Release release) {
        return draft.history
                .byFingerprint(release.fingerprint())
                .map(record -> differences(draft, record))
                .orElse(List.of());
    }

    /** The same of a revision. */
    static List<Difference> differences(Draft draft, RevisionRecord record) {
        LiveHosts live = Objects.requireNonNull(seen(draft), "what runs is compared");
        return HostView.differences(
                live, draft.history.memory(), draft.desired.spec().scale(), record);
    }

    /** Why the last roll failed, in words. */
    static String failure(Draft draft, String revision) {
        String why = Objects.requireNonNull(draft.roll, "a roll has failed").message();
        return "revision %s could not be brought to the hosts: %s"
                .formatted(revision, Objects.requireNonNullElse(why, "it is not known why"));
    }

    /** The memory of a roll that begins now: nothing is known yet of any host in it. */
    public static Memory begin(Memory memory, String revision, RollKind kind, Instant now) {
        RollStatus before = memory.roll();
        RollStatus roll = new RollStatus(
                before == null ? 1L : before.number() + 1,
                revision,
                kind,
                RollPhase.Preflight,
                now.truncatedTo(ChronoUnit.SECONDS),
                before == null ? null : before.changedTime(),
                before == null ? null : before.liveNumber(),
                before == null ? null : before.liveRevision(),
                0,
                null,
                null,
                null);
        List<HostStatus> hosts = memory.hosts().stream()
                .map(host -> new HostStatus(
                        host.instanceId(),
                        host.state(),
                        host.revision(),
                        null,
                        host.ready(),
                        host.differs(),
                        host.message()))
                .toList();
        return memory.withRoll(roll, hosts);
    }
}
