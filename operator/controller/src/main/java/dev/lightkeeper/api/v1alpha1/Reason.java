package dev.lightkeeper.api.v1alpha1;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every reason a condition may have, spelled as it appears in the API. The order is the rule: where several apply at
 * once, Ready and Stalled give the first of this list.
 */
public enum Reason {
    Deleting,
    DeletionBlocked,

    AccountNotVerified,
    AccountNotFound,
    CredentialsInvalid,
    WrongAccount,
    RegionNotAllowed,
    AccessNotAllowed,
    AccessDenied,

    TargetMoved,
    TargetReplaced,
    AlreadyManaged,
    AdoptionRefused,
    AdoptionWouldRemoveEnvironment,
    NameExists,

    ServiceDisabled,
    ServiceDisappeared,
    UnknownValue,
    InvalidSpec,
    SpendingLimitExceeded,
    QuotaExceeded,
    ReferenceNotFound,
    EnvironmentInvalid,
    ImageNotFound,
    RequestRefused,
    TooManyFailures,
    ForeignDeployment,
    DriftReturned,

    RollingBack,
    RollbackFailed,
    RolledBack,
    RollbackWithheld,
    NoRollbackTarget,
    ManualRollback,
    DeploymentFailed,
    VerificationFailed,
    VerificationInconclusive,
    ProgressDeadlineExceeded,

    NothingSelected,
    HostUnreachable,
    ProberIsolated,
    ObservationStale,
    AutomationPaused,
    DriftFoundAfterGap,
    ServiceMissing,
    ImageMismatch,
    EnvironmentMismatch,
    ContentMismatch,
    EndpointMismatch,
    PowerMismatch,
    ScaleMismatch,
    ScaleRaisedByHand,
    DomainMismatch,
    TagMismatch,
    ReadinessFailed,
    EndpointsFailed,
    LogsFailed,
    LogSourceMissing,

    Initializing,
    Preflight,
    CreatingService,
    Adopting,
    Capacity,
    Deploying,
    Activating,
    Verifying,
    RestartRequested,
    RollbackRefused,
    WaitingForTransition,
    Baking,
    Verified,

    InSync,
    Passing,
    NotObserved,
    NotRequested,
    NoVerifiedRevision,
    VerifiedRevisionKept,
    ImageMissing,
    NewerImagePushed,
    Suspended,
    NotSuspended,
    NotDegraded,
    NotServing,
    Reachable,
    Unreachable,
    InUse,
    NotInUse,
    NotExercised,
    Denied,
    ManyServicesFailing,
    Closed;

    /** The reason of that name; empty for one that only another version of the operator knows. */
    public static Optional<Reason> of(@Nullable String name) {
        return Arrays.stream(values())
                .filter(reason -> reason.name().equals(name))
                .findFirst();
    }
}
