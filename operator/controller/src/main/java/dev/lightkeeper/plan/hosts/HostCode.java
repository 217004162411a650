package dev.lightkeeper.plan.hosts;

import java.util.Arrays;

/**
 * The codes of the host script, and for each whether it speaks against the release. What does not is a matter of the hosts
 * or of what surrounds them: nothing is changed, and it is looked at again until it is gone. A pull that is denied is one of
 * those: registries say the same of a right that lacks and of an image that does, and a right is given without a new
 * manifest.
 */
enum HostCode {
    UserMissing(false),
    ToolMissing(false),
    ToolTooOld(false),
    DiskFull(false),
    ParameterMissing(false),
    ParameterDenied(false),
    ParameterInvalid(false),
    RegistryLoginFailed(false),
    ImagePullDenied(false),
    ImagePullFailed(false),
    ImageNotFound(true),
    CloneFailed(false),
    RevisionNotFound(true),
    BuildFailed(true),
    DirtyTree(true),
    ScriptMissing(true),
    ExecutableMissing(true),
    PortTaken(false),
    ForeignOwner(false),
    RuntimeDiffers(false),
    ClockSkew(false),
    Busy(false),
    RequestInvalid(true),
    StartFailed(true),
    ExitedAtStart(true),
    EnvironmentDiffers(true),
    NoPrevious(true);

    private final boolean ofTheRelease;

    HostCode(boolean ofTheRelease) {
        this.ofTheRelease = ofTheRelease;
    }

    /** Whether such a code says that the release is bad; what nobody knows the meaning of is not held against it. */
    static boolean blamesTheRelease(String code) {
        return Arrays.stream(values()).anyMatch(known -> known.name().equals(code) && known.ofTheRelease);
    }
}
