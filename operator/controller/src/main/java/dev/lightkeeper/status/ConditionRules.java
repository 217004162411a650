package dev.lightkeeper.status;

import static dev.lightkeeper.status.ConditionTypes.ACCOUNT_VERIFIED;
import static dev.lightkeeper.status.ConditionTypes.AVAILABLE;
import static dev.lightkeeper.status.ConditionTypes.DEGRADED;
import static dev.lightkeeper.status.ConditionTypes.ENVIRONMENT_VALID;
import static dev.lightkeeper.status.ConditionTypes.READY;
import static dev.lightkeeper.status.ConditionTypes.RECONCILING;
import static dev.lightkeeper.status.ConditionTypes.ROLLBACK_READY;
import static dev.lightkeeper.status.ConditionTypes.STALLED;
import static dev.lightkeeper.status.ConditionTypes.SUSPENDED;
import static dev.lightkeeper.status.ConditionTypes.SYNCED;
import static dev.lightkeeper.status.ConditionTypes.UP_TO_DATE;

import dev.lightkeeper.api.v1alpha1.Annotations;
import dev.lightkeeper.api.v1alpha1.CheckResult;
import dev.lightkeeper.api.v1alpha1.CheckStatus;
import dev.lightkeeper.api.v1alpha1.CheckType;
import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Container;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RolloutPhase;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.ProbeSite;
import dev.lightkeeper.desired.Problem;
import dev.lightkeeper.observe.AccountCheck;
import dev.lightkeeper.observe.LiveState;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.plan.Difference;
import dev.lightkeeper.plan.Finding;
import dev.lightkeeper.plan.Finding.Progress;
import dev.lightkeeper.plan.Finding.Readiness;
import dev.lightkeeper.plan.History;
import dev.lightkeeper.plan.Memory;
import dev.lightkeeper.plan.Plan;
import dev.lightkeeper.verify.Isolation;
import dev.lightkeeper.verify.Verdict;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What each condition says after a run, in the order in which they are written. */
final class ConditionRules {
    private static final Set<Reason> ACCOUNT = Set.of(
            Reason.AccountNotFound,
            Reason.CredentialsInvalid,
            Reason.WrongAccount,
            Reason.RegionNotAllowed,
            Reason.AccessNotAllowed,
            Reason.AccessDenied);

    private static final String ISOLATED = "the operator can reach neither this service nor any other target";
    private static final String NO_LONGER_LOOKED_AT = "not looked at any more: the resource is being deleted";

    private final Conditions conditions;
    private final DesiredState desired;
    private final LiveState live;
    private final Plan plan;
    private final Memory memory;
    private final Verdict verdict;
    private final History history;
    private final List<Finding> findings;
    private final Refutations refutations;
    private final boolean blind;
    private final boolean isolated;

    ConditionRules(
            Conditions conditions,
            DesiredState desired,
            LiveState live,
            Plan plan,
            Memory memory,
            Verdict verdict,
            History history,
            List<Finding> findings) {
        this.conditions = conditions;
        this.desired = desired;
        this.live = live;
        this.plan = plan;
        this.memory = memory;
        this.verdict = verdict;
        this.history = history;
        this.findings =
                findings.stream().sorted(Comparator.comparing(Finding::reason)).toList();
        refutations = new Refutations(conditions, desired, live, plan, memory, history);
        blind = !desired.absent() && (!plan.observed() || desired.has(Problem.Kind.UNKNOWN));
        isolated = verdict.isolation() != Isolation.NONE;
    }

    void apply() {
        ready();
        available();
        degraded();
        whileWanted(SYNCED, this::synced);
        accountVerified();
        whileWanted(ENVIRONMENT_VALID, this::environmentValid);
        for (CheckFamily family : CheckFamily.values()) {
            whileWanted(family.condition(), () -> passed(family));
        }
        rollbackReady();
        whileWanted(UP_TO_DATE, this::upToDate);
        suspended();
        progress();
    }

    /** What is being deleted is neither compared nor checked, and what was found out before says nothing any more. */
    private void whileWanted(String type, Runnable rule) {
        if (desired.absent()) {
            conditions.set(type, ConditionStatus.Unknown, Reason.NotObserved, NO_LONGER_LOOKED_AT);
        } else {
            rule.run();
        }
    }

    private Optional<Finding> first(Predicate<Finding> wanted) {
        return findings.stream().filter(wanted).findFirst();
    }

    private void ready() {
        Optional<Finding> obstacle =
                first(finding -> desired.absent() && finding.effect().progress() == Progress.STALLED);
        if (obstacle.isPresent()) {
            conditions.set(
                    READY,
                    ConditionStatus.False,
                    Reason.DeletionBlocked,
                    obstacle.get().message());
            return;
        }
        Optional<Finding> told = first(finding -> finding.effect().ready() != Readiness.SILENT);
        if (told.isEmpty() && (blind || isolated)) {
            unseen();
            return;
        }
        if (told.isEmpty()) {
            conditions.set(READY, ConditionStatus.True, Reason.Verified, readyMessage());
            return;
        }
        boolean known = findings.stream().anyMatch(finding -> finding.effect().ready() == Readiness.FALSE);
        Reason reason = told.get().reason();
        conditions.set(
                READY,
                known ? ConditionStatus.False : ConditionStatus.Unknown,
                isAccounts(reason) ? Reason.AccountNotVerified : reason,
                told.get().message());
    }

    private void unseen() {
        if (refutations.of(READY)) {
            Optional<Finding> working = findings.stream().findFirst();
            conditions.set(
                    READY,
                    ConditionStatus.Unknown,
                    working.map(Finding::reason).orElse(Reason.NotObserved),
                    working.map(Finding::message).orElse("what was in the way is gone; nothing was checked since"));
        } else {
            conditions.carryOver(READY);
        }
    }

    private boolean isAccounts(Reason reason) {
        return ACCOUNT.contains(reason)
                || (live.account() instanceof AccountCheck.Refused refused && refused.reason() == reason);
    }

    private String readyMessage() {
        return "revision %s is live and verified"
                .formatted(Objects.requireNonNullElse(memory.currentRevision(), "unnumbered"));
    }

    private void available() {
        Availability availability = Availability.of(desired, live, memory, verdict);
        if (desired.absent()) {
            conditions.set(AVAILABLE, ConditionStatus.Unknown, Reason.NotObserved, NO_LONGER_LOOKED_AT);
        } else if (isStale() && new ProbeSite(desired.spec()).onHosts()) {
            conditions.set(
                    AVAILABLE, ConditionStatus.Unknown, Reason.NotObserved, "no host could be asked for a while");
        } else if (availability.told()) {
            conditions.set(AVAILABLE, availability.status(), availability.reason(), availability.message());
        } else if (isolated) {
            conditions.set(AVAILABLE, ConditionStatus.Unknown, Reason.ProberIsolated, ISOLATED);
        } else if (isUnderWay() && !nothingServedBefore() && !isInconclusive()) {
            conditions.carryOver(AVAILABLE);
        } else {
            conditions.set(AVAILABLE, ConditionStatus.Unknown, availability.reason(), availability.message());
        }
    }

    private boolean isStale() {
        return findings.stream().anyMatch(finding -> finding.reason() == Reason.ObservationStale);
    }

    private boolean nothingServedBefore() {
        return conditions
                .before(AVAILABLE)
                .filter(before -> before.reason().equals(Reason.NotServing.name()))
                .isPresent();
    }

    /** The time for a proof is over, so that what was seen of the release before says nothing any more. */
    private boolean isInconclusive() {
        return findings.stream()
                .anyMatch(finding -> finding.reason() == Reason.VerificationInconclusive
                        || finding.reason() == Reason.ProgressDeadlineExceeded);
    }

    private boolean isUnderWay() {
        return !desired.absent() && memory.rollout() != null && memory.rollout().phase() != RolloutPhase.Baking;
    }

    private void degraded() {
        Optional<Finding> bad = first(finding -> finding.effect().degraded());
        Optional<Condition> before = conditions.before(DEGRADED);
        if (bad.isPresent()) {
            conditions.set(
                    DEGRADED,
                    ConditionStatus.True,
                    bad.get().reason(),
                    bad.get().message());
        } else if (before.filter(this::isStillDegraded).isPresent()) {
            conditions.carryOver(DEGRADED);
        } else {
            conditions.set(DEGRADED, ConditionStatus.False, Reason.NotDegraded, "no check fails");
        }
    }

    private boolean isStillDegraded(Condition before) {
        Optional<CheckFamily> family = Arrays.stream(CheckFamily.values())
                .filter(each -> before.reason().equals(each.failed().name()))
                .findFirst();
        Optional<CheckResult> now = family.map(each -> each.among(verdict.checks()))
                .filter(checks -> !checks.isEmpty())
                .map(CheckFamily::worst);
        boolean recovered = now.filter(CheckResult.Passing::equals).isPresent() || refutations.of(DEGRADED);
        boolean undecided = now.filter(CheckResult.Unknown::equals).isPresent()
                && family.filter(CheckFamily::isProbed).isPresent();
        return before.status() == ConditionStatus.True
                && (((blind || isolated || undecided) && !recovered) || isUnderWay());
    }

    private void synced() {
        if (isStale()) {
            conditions.set(SYNCED, ConditionStatus.Unknown, Reason.ObservationStale, "AWS has not answered");
        } else if (!plan.compared() && plan.differences().isEmpty()) {
            plan.lostSight()
                    .ifPresentOrElse(
                            message -> conditions.set(SYNCED, ConditionStatus.Unknown, Reason.NotObserved, message),
                            () -> conditions.carryOver(SYNCED));
        } else if (plan.differences().isEmpty()) {
            if (desired.release() == null) {
                conditions.set(SYNCED, ConditionStatus.Unknown, Reason.NotObserved, "there is nothing to compare yet");
            } else {
                conditions.set(SYNCED, ConditionStatus.True, Reason.InSync, "live AWS state equals the spec");
            }
        } else {
            Difference first = plan.differences().stream()
                    .min(Comparator.comparing(Difference::reason))
                    .orElseThrow();
            String message =
                    plan.differences().stream().map(Difference::message).collect(Collectors.joining("; "));
            conditions.set(SYNCED, ConditionStatus.False, first.reason(), message);
        }
    }

    private void accountVerified() {
        Optional<Finding> denied = first(finding -> ACCOUNT.contains(finding.reason()));
        switch (live.account()) {
            case AccountCheck.Verified ignored
            when denied.isPresent() ->
                conditions.set(
                        ACCOUNT_VERIFIED,
                        ConditionStatus.False,
                        denied.get().reason(),
                        denied.get().message());
            case AccountCheck.Verified ignored
            when !refutations.accountIsRight() -> conditions.carryOver(ACCOUNT_VERIFIED);
            case AccountCheck.Verified verified ->
                conditions.set(
                        ACCOUNT_VERIFIED,
                        ConditionStatus.True,
                        Reason.Verified,
                        "account %s, region %s".formatted(verified.accountId(), verified.region()));
            case AccountCheck.Refused refused ->
                conditions.set(ACCOUNT_VERIFIED, ConditionStatus.False, refused.reason(), refused.message());
            case AccountCheck.Unavailable ignored -> conditions.carryOver(ACCOUNT_VERIFIED);
        }
    }

    private void environmentValid() {
        Optional<Problem> problem = desired.problems().stream()
                .filter(found -> found.kind() != Problem.Kind.INVALID)
                .findFirst();
        Optional<CheckStatus> check = verdict.check(CheckType.Environment);
        if (problem.isPresent()) {
            // For one look: only by that can its transition time tell since when something else has been missing.
            boolean begins =
                    history.isNewlyMissing(problem.get(), desired.resource().generation());
            conditions.set(
                    ENVIRONMENT_VALID,
                    problem.get().kind() == Problem.Kind.UNKNOWN || begins
                            ? ConditionStatus.Unknown
                            : ConditionStatus.False,
                    problem.get().reason(),
                    problem.get().message());
        } else if (memory.isDeploying()) {
            conditions.set(
                    ENVIRONMENT_VALID,
                    ConditionStatus.Unknown,
                    Reason.Deploying,
                    "the declared release is being deployed");
        } else if (check.isEmpty() || desired.release() == null) {
            conditions.carryOver(ENVIRONMENT_VALID);
        } else {
            String message = String.valueOf(check.get().message());
            tell(ENVIRONMENT_VALID, check.get().status(), message, Reason.EnvironmentMismatch);
        }
    }

    private void passed(CheckFamily family) {
        List<CheckStatus> checks = family.among(verdict.checks());
        CheckResult result = CheckFamily.worst(checks);
        if (!family.isDeclared(desired.spec())) {
            conditions.set(
                    family.condition(),
                    ConditionStatus.Unknown,
                    Reason.NotRequested,
                    "the manifest declares no such check that counts");
        } else if (isolated && family.isProbed()) {
            conditions.set(family.condition(), ConditionStatus.Unknown, Reason.ProberIsolated, ISOLATED);
        } else if (checks.isEmpty()) {
            conditions.carryOver(family.condition());
        } else if (family == CheckFamily.LOGS && result == CheckResult.Unknown && verdict.logMissing()) {
            conditions.set(
                    family.condition(),
                    ConditionStatus.Unknown,
                    Reason.LogSourceMissing,
                    family.message(checks, result));
        } else {
            tell(family.condition(), result, family.message(checks, result), family.failed());
        }
    }

    private void tell(String type, @Nullable CheckResult result, String message, Reason failing) {
        if (result == CheckResult.Passing) {
            conditions.set(type, ConditionStatus.True, Reason.Passing, message);
        } else if (result == CheckResult.Failing) {
            conditions.set(type, ConditionStatus.False, failing, message);
        } else {
            conditions.set(type, ConditionStatus.Unknown, Reason.NotObserved, message);
        }
    }

    private void rollbackReady() {
        RollbackTarget target = RollbackTarget.of(history, live, memory);
        boolean sameAsBefore =
                Objects.equals(memory.lastVerifiedRevision(), history.memory().lastVerifiedRevision());
        if (target.status() == ConditionStatus.Unknown && sameAsBefore) {
            conditions.carryOver(ROLLBACK_READY);
        } else {
            conditions.set(ROLLBACK_READY, target.status(), target.reason(), target.message());
        }
    }

    private void upToDate() {
        List<StoredImage> declared = StoredImage.among(
                desired.spec().containers().stream().map(Container::image).toList());
        if (declared.isEmpty()) {
            conditions.set(
                    UP_TO_DATE,
                    ConditionStatus.Unknown,
                    Reason.NotRequested,
                    "only images that are stored at Lightsail can be compared");
        } else if (live.pushedImages() instanceof Observed.Present<Set<String>>(Set<String> pushed)) {
            String newer = declared.stream()
                    .flatMap(image -> image
                            .newest(pushed)
                            .filter(newest -> newest.number() > image.number())
                            .map(newest -> "%s was pushed after %s, which is declared".formatted(newest, image))
                            .stream())
                    .collect(Collectors.joining("; "));
            if (newer.isEmpty()) {
                conditions.set(UP_TO_DATE, ConditionStatus.True, Reason.Passing, "no newer image was pushed");
            } else {
                conditions.set(UP_TO_DATE, ConditionStatus.False, Reason.NewerImagePushed, newer);
            }
        } else {
            conditions.carryOver(UP_TO_DATE);
        }
    }

    private void suspended() {
        boolean byAnnotation = "true".equals(history.requests().get(Annotations.SUSPEND));
        String by = byAnnotation ? "the annotation " + Annotations.SUSPEND : null;
        if (Boolean.TRUE.equals(desired.spec().suspend())) {
            by = "spec.suspend";
        }
        if (by == null) {
            conditions.set(SUSPENDED, ConditionStatus.False, Reason.NotSuspended, "changes are made as declared");
        } else {
            conditions.set(
                    SUSPENDED,
                    ConditionStatus.True,
                    Reason.Suspended,
                    "%s is true: nothing is changed%s".formatted(by, waiting()));
        }
    }

    /** Whoever asks for something meanwhile is told that it waits. */
    private String waiting() {
        String asked = Stream.of(Annotations.ROLLBACK_REQUESTED_AT, Annotations.RESTART_REQUESTED_AT)
                .filter(annotation -> !Objects.equals(
                        history.requests().get(annotation), memory.handled().get(annotation)))
                .collect(Collectors.joining(" and "));
        return asked.isEmpty() ? "" : ", and what %s asks for waits for the resume".formatted(asked);
    }

    /** What a look found that failed stays told until another look has succeeded. */
    private void progress() {
        Optional<Finding> stalled = first(finding -> finding.effect().progress() == Progress.STALLED);
        Optional<Finding> working = first(finding -> finding.effect().progress() == Progress.RECONCILING);
        if (stalled.isPresent()) {
            conditions.set(
                    STALLED,
                    ConditionStatus.True,
                    stalled.get().reason(),
                    stalled.get().message());
        } else if (blind && conditions.before(STALLED).isPresent() && !refutations.of(STALLED)) {
            conditions.carryOver(STALLED);
        } else if (working.isPresent()) {
            conditions.set(
                    RECONCILING,
                    ConditionStatus.True,
                    working.get().reason(),
                    working.get().message());
        } else if (blind && conditions.before(RECONCILING).isPresent()) {
            conditions.carryOver(RECONCILING);
        }
    }
}
