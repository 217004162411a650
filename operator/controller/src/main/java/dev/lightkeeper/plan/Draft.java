package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.Annotations;
import dev.lightkeeper.api.v1alpha1.AutomaticAct;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.DriftPolicy;
import dev.lightkeeper.api.v1alpha1.FailedRevision;
import dev.lightkeeper.api.v1alpha1.ForeignDeployment;
import dev.lightkeeper.api.v1alpha1.HistoryEntry;
import dev.lightkeeper.api.v1alpha1.HostStatus;
import dev.lightkeeper.api.v1alpha1.ManagementPolicy;
import dev.lightkeeper.api.v1alpha1.OperationStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RollStatus;
import dev.lightkeeper.api.v1alpha1.RolloutPhase;
import dev.lightkeeper.api.v1alpha1.RolloutStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import dev.lightkeeper.api.v1alpha1.TargetStatus;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.observe.AccountCheck;
import dev.lightkeeper.observe.LiveService;
import dev.lightkeeper.observe.LiveState;
import dev.lightkeeper.observe.Observed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A plan in the making: what the rules read, and what they add to. Lives for one call of the planner. */
final class Draft {
    static final String AUTOMATION_PAUSED =
            "checks of many services of the account began to fail at about the same time, so nothing is repaired or taken back by itself for a while";

    final DesiredState desired;
    final LiveState live;
    final History history;
    final Instant now;
    final Timings timings;

    final List<Action> actions = new ArrayList<>();
    final List<Action> proposed = new ArrayList<>();
    final List<Finding> findings = new ArrayList<>();
    final List<Difference> differences = new ArrayList<>();
    final List<Plan.RevisionMark> marks = new ArrayList<>();
    final Map<String, String> handled;
    final List<HistoryEntry> entries;

    /** Null when it is absent or unknown. */
    @Nullable
    final LiveService service;

    private @Nullable String number;

    final boolean deletionAllowed;

    final boolean adoptionAllowed;

    @Nullable
    TargetStatus target;

    @Nullable
    String updateRevision;

    @Nullable
    String currentRevision;

    @Nullable
    String lastVerifiedRevision;

    @Nullable
    FailedRevision failed;

    @Nullable
    ForeignDeployment foreign;

    @Nullable
    RolloutStatus rollout;

    @Nullable
    OperationStatus operation;

    @Nullable
    Long deploymentVersion;

    @Nullable
    Instant activeTime;

    @Nullable
    Instant scaleRaisedTime;

    @Nullable
    String attachmentsDigest;

    @Nullable
    String leftChange;

    /** What the rollout that the newest spec has ended had fixed; null when none was ended in this run. */
    @Nullable
    RolloutStatus superseded;

    boolean rollback;

    @Nullable
    String refusedRequest;

    boolean observed;
    boolean compared;
    boolean contentCompared;
    boolean restart;
    boolean retry;
    boolean released;
    boolean storeRevision;
    boolean powerWithheld;

    /** Against the older revision that is kept live; null while that is the spec's. */
    @Nullable
    List<Difference> drift;

    Plan.@Nullable Baseline baseline;

    Plan.@Nullable Removal removal;

    @Nullable
    RollStatus roll;

    List<HostStatus> hosts;

    List<AutomaticAct> automaticActs;
    int attempt = 1;
    Duration next;

    Draft(DesiredState desired, LiveState live, History history, Instant now, Timings timings) {
        this.desired = desired;
        this.live = live;
        this.history = history;
        this.now = now;
        this.timings = timings;
        service = live.service() instanceof Observed.Present<LiveService>(LiveService present) ? present : null;
        adoptionAllowed = live.account() instanceof AccountCheck.Verified verified && verified.adoptionAllowed();
        deletionAllowed = live.account() instanceof AccountCheck.Verified verified && verified.deletionAllowed();
        Memory memory = history.memory();
        target = memory.target();
        updateRevision = memory.updateRevision();
        currentRevision = memory.currentRevision();
        lastVerifiedRevision = memory.lastVerifiedRevision();
        failed = memory.failed();
        foreign = memory.foreign();
        rollout = memory.rollout();
        operation = memory.operation();
        deploymentVersion = memory.deploymentVersion();
        activeTime = memory.activeTime();
        scaleRaisedTime = memory.served().scaleRaisedTime();
        attachmentsDigest = memory.served().attachmentsDigest();
        leftChange = memory.served().leftChange();
        automaticActs = memory.automaticActs();
        roll = memory.roll();
        hosts = memory.hosts();
        handled = new HashMap<>(memory.handled());
        entries = new ArrayList<>(memory.history());
        next = timings.steadyLook();
    }

    /** The number under which the spec's release is or will be recorded. */
    String number() {
        String known = number;
        if (known == null) {
            known = history.numberOf(Objects.requireNonNull(desired.release(), "asked for a release only")
                    .fingerprint());
            number = known;
        }
        return known;
    }

    void find(Finding.Effect effect, Reason reason, String message) {
        findings.add(new Finding(effect, reason, message));
    }

    /**
     * Adds an action, or only proposes it where the manifest says so, or leaves it while a refusal is still fresh.
     *
     * @param drift it restores what somebody else changed, rather than doing what the manifest newly asks for
     * @return whether it will be done
     */
    boolean act(Action action, boolean drift) {
        if (withheld(drift).isPresent()) {
            proposed.add(action);
        } else if (Standing.isHeldBack(this, action)) {
            Standing.carryOver(this);
        } else {
            actions.add(action);
            return true;
        }
        return false;
    }

    /** Why nothing may be done, in words; empty where it may. */
    Optional<String> withheld(boolean drift) {
        ServiceDeploymentSpec spec = desired.spec();
        if (isSuspended()) {
            return Optional.of("suspended");
        }
        if (spec.managementPolicy() != ManagementPolicy.Enforce) {
            return Optional.of("managementPolicy: Observe");
        }
        if (drift && !retry && spec.driftPolicy() != DriftPolicy.Correct) {
            return Optional.of("driftPolicy: Report");
        }
        if (drift && isAutomationPaused()) {
            return Optional.of(AUTOMATION_PAUSED);
        }
        return drift && isDriftHeld() ? Optional.of("the operator was away; it waits a while") : Optional.empty();
    }

    /** Whether many services of the account began to fail at about the same time, so that nothing is done by itself. */
    boolean isAutomationPaused() {
        Instant until = history.automation().pausedUntil();
        if (until != null) {
            lookAgainAt(until);
        }
        return until != null && !retry;
    }

    /** Whether it would be known if many services of the account had begun to fail; before, no release is blamed. */
    boolean mayBlameTheRelease() {
        Instant from = history.automation().verdictsFrom();
        if (from != null) {
            lookAgainAt(from);
        }
        return from == null;
    }

    /** Whether drift is only told for now, since it was found after the operator had been away. */
    boolean isDriftHeld() {
        Instant until = history.driftHeldUntil();
        if (until != null) {
            lookAgainAt(until);
        }
        return until != null && now.isBefore(until) && !retry;
    }

    /**
     * What unfinished work on capacity, domains or tags means: it is part of what a generation asks for, so a generation
     * that was not judged yet is not Ready before it is done; drift of it says nothing about Ready, not of a new
     * generation either. While a release has still to prove itself all work is a part of that.
     */
    Finding.Effect workAside(boolean drift) {
        boolean judged = history.condition("Ready")
                .filter(ready -> ready.status() != ConditionStatus.Unknown)
                .filter(ready -> Objects.equals(
                        ready.observedGeneration(), desired.resource().generation()))
                .isPresent();
        boolean proved = rollout == null || rollout.phase() == RolloutPhase.Baking;
        return proved && (judged || drift) ? Finding.Effect.WORKING_QUIETLY : Finding.Effect.WORKING;
    }

    /** Whether something was found already that needs a human or a new spec. */
    boolean isStalled() {
        return findings.stream().anyMatch(finding -> finding.effect().progress() == Finding.Progress.STALLED);
    }

    /** From now on this service is the one that is meant; whether it is ours is not known by that. */
    void pin(String arn) {
        TargetStatus found = Objects.requireNonNull(target, "a verified account pins the target");
        forgetOther(found, arn);
        Boolean owned = arn.equals(found.arn()) ? found.owned() : null;
        target = new TargetStatus(found.accountId(), found.region(), arn, owned);
    }

    /** From now on this service is the one that is meant, and ours. */
    void own(String arn) {
        TargetStatus found = Objects.requireNonNull(target, "a verified account pins the target");
        forgetOther(found, arn);
        target = new TargetStatus(found.accountId(), found.region(), arn, true);
    }

    /** Nothing of ours was ever seen serving on a service that takes the place of another. */
    private void forgetOther(TargetStatus found, String arn) {
        if (found.arn() != null && !found.arn().equals(arn)) {
            deploymentVersion = null;
            activeTime = null;
            scaleRaisedTime = null;
            attachmentsDigest = null;
            currentRevision = null;
            rollout = null;
            operation = null;
        }
    }

    boolean isSuspended() {
        return Boolean.TRUE.equals(desired.spec().suspend())
                || "true".equals(history.requests().get(Annotations.SUSPEND));
    }

    void lookAgainIn(Duration delay) {
        if (delay.compareTo(next) < 0) {
            next = delay;
        }
    }

    /** Looks again when something falls due; what is due already is decided in this run and needs no look of its own. */
    void lookAgainAt(Instant time) {
        if (time.isAfter(now)) {
            lookAgainIn(Duration.between(now, time));
        }
    }

    /** When the rollout began; now when none is known. */
    Instant rolloutStarted() {
        return Optional.ofNullable(rollout).map(RolloutStatus::startedTime).orElse(now);
    }

    /** Whether no rollout was begun before this run. */
    boolean memoryRolloutIsNew() {
        return history.memory().rollout() == null;
    }

    boolean specChanged() {
        Long seen = history.status().observedGeneration();
        return seen == null || seen < desired.resource().generation();
    }

    Plan finish() {
        Memory memory = new Memory(
                target,
                updateRevision,
                currentRevision,
                lastVerifiedRevision,
                failed,
                foreign,
                rollout,
                operation,
                new Memory.Served(deploymentVersion, activeTime, scaleRaisedTime, attachmentsDigest, leftChange),
                automaticActs,
                entries,
                handled,
                roll,
                hosts);
        return new Plan(
                actions,
                proposed,
                observed,
                compared,
                contentCompared,
                released,
                storeRevision,
                baseline,
                removal,
                refusedRequest,
                attempt,
                findings,
                differences,
                drift == null ? differences : drift,
                memory,
                marks,
                now.plus(next));
    }
}
