package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.AutomaticActKind;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.FailedRevision;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RolloutStatus;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.DesiredState.Release;
import dev.lightkeeper.desired.DigestedContent;
import dev.lightkeeper.desired.Problem;
import dev.lightkeeper.observe.LiveDeployment;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The older revision that is kept live, with other values: its template with what its sources say today is a further
 * revision. Machines rotate Secrets at night, and the release that failed must not come back by that.
 */
final class RotationRules {
    private RotationRules() {}

    /** Whether what is brought about is the kept revision's template with other values. */
    static boolean isUnderWay(Draft draft) {
        return !Objects.equals(rollout(draft).revision(), rollout(draft).targetRevision());
    }

    /** Whether that is because a source was rotated, rather than because AWS has forgotten what it ran. */
    static boolean isRotation(Draft draft) {
        return isUnderWay(draft) && rollout(draft).targetRevision() != null;
    }

    /** Notes what Secrets and parameters say, as soon as that is known after the spec's release failed. */
    static void learn(Draft draft) {
        Release today = today(draft);
        FailedRevision failed = RollbackRules.held(draft);
        if (today != null && failed.sourceDigests().isEmpty()) {
            draft.failed = learned(failed, today);
        }
    }

    private static FailedRevision learned(FailedRevision failed, Release today) {
        return new FailedRevision(
                failed.revision(), failed.fingerprint(), today.sourceDigests(), failed.reason(), failed.message());
    }

    /** Begins when a Secret or parameter says something else than when the spec's release failed. */
    static void begin(Draft draft, RevisionRecord kept, @Nullable LiveDeployment current) {
        Release today = today(draft);
        FailedRevision failed = RollbackRules.held(draft);
        if (today == null
                || today.sourceDigests().equals(failed.sourceDigests())
                || draft.withheld(false).isPresent()) {
            return;
        }
        boolean rotated = !today.digested().equals(kept.content());
        if (rotated && RepairBudget.isOfTheDaySpent(draft)) {
            draft.failed = new FailedRevision(
                    failed.revision(),
                    failed.fingerprint(),
                    failed.sourceDigests(),
                    Reason.TooManyFailures.name(),
                    "a Secret or parameter was rotated, but the operator has deployed by itself as often as it may within a day: %s"
                            .formatted(Requests.retryCommand(draft.desired.resource())));
            return;
        }
        draft.failed = learned(failed, today);
        if (rotated) {
            RollbackRules.start(draft, numberOf(draft, today), kept.number(), RollbackRules.available(draft));
            send(draft, today, current, AutomaticActKind.Rotation);
        }
    }

    /** AWS lists no deployment of the revision any more: its template with the values of today takes its place. */
    static void restore(Draft draft, RevisionRecord kept, @Nullable LiveDeployment current) {
        if (!draft.history.memory().keepsOlder()) {
            // What it comes to today is found out from the next run on.
            return;
        }
        DesiredState wanted = draft.desired.kept();
        Release today = today(draft);
        if (today == null) {
            if (wanted == null || !wanted.has(Problem.Kind.UNKNOWN)) {
                RollbackRules.couldNot(
                        draft,
                        "AWS lists no deployment of revision %s any more, and its template cannot be deployed with the values of today%s; declare it in the manifest"
                                .formatted(
                                        kept.number(),
                                        wanted == null
                                                ? ""
                                                : " (%s)"
                                                        .formatted(wanted.problems()
                                                                .getFirst()
                                                                .message())));
            }
            return;
        }
        if (today.digested().equals(kept.content())) {
            RollbackRules.send(draft, kept, current, today.content());
            return;
        }
        FailedRevision failed = RollbackRules.held(draft);
        draft.failed = new FailedRevision(
                failed.revision(),
                failed.fingerprint(),
                today.sourceDigests(),
                failed.reason(),
                "%s; AWS does not list that deployment any more, so it is made of its template and the values of today%s"
                        .formatted(failed.message(), changed(draft, kept)));
        RollbackRules.start(draft, numberOf(draft, today), null, rollout(draft).targetAvailable());
        send(draft, today, current, RollbackRules.automatic(draft));
    }

    /** Sends what was decided and AWS has not taken; gives it up when the sources have changed once more. */
    static void goOn(Draft draft, RevisionRecord kept, @Nullable LiveDeployment current) {
        Release today = today(draft);
        boolean same = draft.history
                .byNumber(rollout(draft).revision())
                .filter(arriving -> today != null && arriving.fingerprint().equals(today.fingerprint()))
                .isPresent();
        if (today != null && same) {
            send(draft, today, current, isRotation(draft) ? AutomaticActKind.Rotation : RollbackRules.automatic(draft));
        } else if (today != null && isRotation(draft)) {
            draft.rollout = null;
        } else if (today != null) {
            RollbackRules.start(
                    draft, kept.number(), kept.number(), rollout(draft).targetAvailable());
        }
    }

    /** The kept revision's template serves with other values, and passes: from now on that is what is kept. */
    static void proved(Draft draft, RevisionRecord serving) {
        draft.marks.add(new Plan.RevisionMark(
                serving.number(),
                RevisionRecord.Result.Verified,
                draft.deploymentVersion,
                draft.now,
                serving.contractHash(),
                null));
        if (!FailureMemory.is(draft, Reason.ManualRollback)) {
            draft.lastVerifiedRevision = serving.number();
        }
    }

    /** With the rotated values it does not pass: it is taken back, where it was well before. */
    static boolean tookBack(Draft draft, String why) {
        RolloutStatus rollout = rollout(draft);
        String before = rollout.targetRevision();
        if (before == null || !isUnderWay(draft) || rollout.targetAvailable() != ConditionStatus.True) {
            return false;
        }
        told(draft, why);
        draft.currentRevision = before;
        RollbackRules.start(draft, before, before, rollout.targetAvailable());
        return true;
    }

    /** AWS has failed or refused the rotated values: what served before still serves. */
    static void failed(Draft draft, String why) {
        told(draft, why);
        draft.operation = null;
        draft.rollout = null;
    }

    /** The variables whose sources say something else today than when the revision was deployed, in words. */
    static String changed(Draft draft, RevisionRecord kept) {
        Release today = today(draft);
        TreeSet<String> names = new TreeSet<>();
        if (today != null) {
            SortedMap<String, String> before = variables(kept.content());
            SortedMap<String, String> now = variables(today.digested());
            names.addAll(before.keySet());
            names.addAll(now.keySet());
            names.removeIf(name -> Objects.equals(before.get(name), now.get(name)));
        }
        return names.isEmpty() ? "" : "; changed since then: %s".formatted(String.join(", ", names));
    }

    private static SortedMap<String, String> variables(DigestedContent content) {
        SortedMap<String, String> variables = new TreeMap<>();
        content.containers()
                .forEach((container, its) -> its.environment()
                        .forEach((name, digest) -> variables.put("%s of %s".formatted(name, container), digest)));
        return variables;
    }

    private static void told(Draft draft, String why) {
        FailedRevision failed = draft.failed;
        if (failed != null) {
            draft.failed = new FailedRevision(
                    failed.revision(),
                    failed.fingerprint(),
                    failed.sourceDigests(),
                    failed.reason(),
                    "the release stays failed, and a rotated Secret or parameter cannot be used: %s".formatted(why));
        }
    }

    private static void send(
            Draft draft, Release today, @Nullable LiveDeployment current, @Nullable AutomaticActKind automatic) {
        boolean _ = draft.act(
                new Action.Deploy(
                        ServiceRules.serviceName(draft),
                        Objects.requireNonNull(rollout(draft).revision(), "it was started with one"),
                        today,
                        automatic == AutomaticActKind.Rotation ? Reason.Deploying : Reason.RollingBack,
                        Optional.ofNullable(current)
                                .map(found -> found.content().images())
                                .orElse(List.of()),
                        automatic,
                        today.fingerprint()),
                false);
    }

    /** Never the number that the spec's release will have. */
    private static String numberOf(Draft draft, Release today) {
        return draft.history
                .byFingerprint(today.fingerprint())
                .map(RevisionRecord::number)
                .orElseGet(() -> {
                    long next = draft.history.nextNumber();
                    return String.valueOf(String.valueOf(next).equals(draft.updateRevision) ? next + 1 : next);
                });
    }

    private static @Nullable Release today(Draft draft) {
        DesiredState kept = draft.desired.kept();
        return kept == null ? null : kept.release();
    }

    private static RolloutStatus rollout(Draft draft) {
        return Objects.requireNonNull(draft.rollout, "it is under way");
    }
}
