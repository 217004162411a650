package dev.lightkeeper.act;

import dev.lightkeeper.api.v1alpha1.AutomaticActKind;
import dev.lightkeeper.api.v1alpha1.FailedRevision;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.plan.Action;
import dev.lightkeeper.plan.Finding;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a refused call means for the conditions. */
public final class Refusals {
    private static final String NOT_FOUND = "NotFoundException";
    private static final Set<Reason> OF_ACCOUNT = Set.of(
            Reason.AccountNotFound,
            Reason.CredentialsInvalid,
            Reason.WrongAccount,
            Reason.RegionNotAllowed,
            Reason.AccessNotAllowed,
            Reason.UnknownValue);

    private Refusals() {}

    /** What to tell about a failed action. */
    public static Finding finding(Results.Failed failed) {
        String what = failed.action().describe();
        return switch (failed.failure()) {
            case Failure.Terminal terminal
            when failed.action() instanceof Action.DeleteService
                    && terminal.code().equals(NOT_FOUND) ->
                new Finding(
                        Finding.Effect.WORKING_FALSE,
                        Reason.Deleting,
                        "AWS says that the container service is gone already; that is confirmed by another look");
            case Failure.Terminal terminal ->
                new Finding(
                        Finding.Effect.STALLED,
                        reason(terminal.code()),
                        "AWS refused to %s: %s".formatted(what, terminal.message()));
            case Failure.Denied denied
            when ofAccount(denied.code()).isPresent() ->
                new Finding(
                        Finding.Effect.STALLED,
                        ofAccount(denied.code()).get(),
                        "AWS could not be asked to %s: %s".formatted(what, denied.message()));
            case Failure.Denied denied ->
                new Finding(
                        Finding.Effect.STALLED,
                        Reason.AccessDenied,
                        "AWS denied %s: %s; grant it to the operator's identity, it is tried again slowly"
                                .formatted(denied.action(), denied.message()));
            case Failure.Conflict conflict
            when conflict.code().equals(Reason.SpendingLimitExceeded.name()) ->
                new Finding(Finding.Effect.STALLED, Reason.SpendingLimitExceeded, conflict.message());
            case Failure.Conflict conflict ->
                delayed(
                        failed.action(),
                        Reason.WaitingForTransition,
                        "AWS does not take the change now (%s); it is made when the service is at rest"
                                .formatted(conflict.message()));
            case Failure.Throttled throttled -> delayed(failed.action(), Reason.Deploying, throttled.message());
            case Failure.Transient unanswered ->
                delayed(
                        failed.action(),
                        Reason.Deploying,
                        unanswered.effectUnknown()
                                ? "AWS gave no answer to: %s; its effect is looked up before anything is repeated"
                                        .formatted(what)
                                : "AWS could not be asked to %s: %s".formatted(what, unanswered.message()));
        };
    }

    /** What a change of capacity, domains or tags means for Ready, the plan has said; a delay adds nothing to it. */
    private static Finding delayed(Action action, Reason otherwise, String message) {
        boolean aside = action instanceof Action.UpdateCapacity
                || action instanceof Action.UpdateAccess
                || action instanceof Action.ChangeTags;
        return aside
                ? new Finding(Finding.Effect.WORKING_QUIETLY, action.reason(), message)
                : new Finding(Finding.Effect.WORKING, otherwise, message);
    }

    /** What is wrong with the account, where the code of a denial is not AWS's but says that. */
    private static Optional<Reason> ofAccount(String code) {
        return OF_ACCOUNT.stream().filter(reason -> reason.name().equals(code)).findFirst();
    }

    /** What to tell when a resource is let go although its service could not be marked as released. */
    public static Finding unmarked(Results.Failed failed) {
        return new Finding(
                Finding.Effect.WORKING_FALSE,
                Reason.Deleting,
                "the service is left running; it could not be marked as released: %s"
                        .formatted(failed.failure().message()));
    }

    /**
     * How it is remembered that AWS will never take a release.
     *
     * @param before the release that was to be taken back by this one, null when none was
     */
    static FailedRevision failed(Action.Deploy deploy, Failure.Terminal terminal, @Nullable FailedRevision before) {
        String message = "AWS refused to %s: %s".formatted(deploy.describe(), terminal.message());
        return before == null
                ? new FailedRevision(
                        deploy.revision(),
                        deploy.failureKey(),
                        Map.of(),
                        reason(terminal.code()).name(),
                        message)
                : new FailedRevision(
                        before.revision(),
                        before.fingerprint(),
                        before.sourceDigests(),
                        deploy.automatic() == AutomaticActKind.Rotation
                                ? before.reason()
                                : Reason.RollbackFailed.name(),
                        message);
    }

    /** Whether the same release will be refused again however long one waits. */
    static boolean isForGood(Failure.Terminal terminal) {
        return reason(terminal.code()) == Reason.RequestRefused;
    }

    private static Reason reason(String code) {
        return switch (code) {
            case "NameExists" -> Reason.NameExists;
            case "QuotaExceeded" -> Reason.QuotaExceeded;
            default -> Reason.RequestRefused;
        };
    }
}
