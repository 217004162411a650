package dev.lightkeeper.status;

import static dev.lightkeeper.status.ConditionTypes.STALLED;

import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.observe.AccountCheck;
import dev.lightkeeper.observe.LiveState;
import dev.lightkeeper.plan.FailureMemory;
import dev.lightkeeper.plan.History;
import dev.lightkeeper.plan.Memory;
import dev.lightkeeper.plan.Plan;
import java.util.Optional;
import java.util.Set;

/**
 * What a run has found out to be so no longer, although another part of the world was silent. What it could not see is not
 * refuted.
 *
 * @param conditions with those of before
 */
record Refutations(
        Conditions conditions, DesiredState desired, LiveState live, Plan plan, Memory memory, History history) {
    private static final Set<String> UNDECIDED =
            Set.of(Reason.VerificationInconclusive.name(), Reason.ProgressDeadlineExceeded.name());

    /** Whether what the condition told before is not so any more. */
    boolean of(String type) {
        Optional<String> told = conditions.before(type).map(Condition::reason);
        return told.flatMap(Reason::of).filter(this::isRefuted).isPresent()
                || (type.equals(STALLED)
                        && told.filter(this::isOfAnotherRelease).isPresent());
    }

    /** Silence takes no denial back. */
    boolean accountIsRight() {
        return live.account() instanceof AccountCheck.Verified && (plan.observed() || !history.wasDenied());
    }

    private boolean isRefuted(Reason told) {
        return switch (told) {
            case AccountNotVerified,
                    AccountNotFound,
                    CredentialsInvalid,
                    WrongAccount,
                    RegionNotAllowed,
                    AccessNotAllowed,
                    AccessDenied -> accountIsRight();
            case TargetMoved -> live.account() instanceof AccountCheck.Verified;
            // Where that is still so, this run has found it again.
            case InvalidSpec -> true;
            case UnknownValue -> live.account() instanceof AccountCheck.Verified || !history.accountWasWrong();
            case ReferenceNotFound, EnvironmentInvalid -> desired.problems().isEmpty();
            case NothingSelected -> plan.observed() || plan.finds(Reason.HostUnreachable);
            case TargetReplaced, AlreadyManaged, AdoptionRefused, ServiceDisabled -> plan.observed();
            default -> plan.refutes(told);
        };
    }

    /** Whether it tells of a release that failed, or that nobody could judge, and that is not what is declared any more. */
    private boolean isOfAnotherRelease(String told) {
        boolean failed = Optional.ofNullable(memory.failed())
                .filter(of -> told.equals(of.reason()))
                .filter(of -> FailureMemory.isOfAnother(desired, history, of))
                .isPresent();
        boolean undecided = Optional.ofNullable(memory.rollout())
                .filter(ignored -> UNDECIDED.contains(told))
                .flatMap(of -> history.byNumber(of.revision()))
                .filter(of -> of.isOtherThan(desired))
                .isPresent();
        return failed || undecided;
    }
}
