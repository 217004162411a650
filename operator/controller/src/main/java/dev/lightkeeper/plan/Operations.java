package dev.lightkeeper.plan;

/** The kinds of mutation that are written down before they are done, as {@code status.operation.kind} spells them. */
public final class Operations {
    /** CreateContainerService. */
    public static final String CREATE = "Create";

    /** CreateContainerServiceDeployment for a release that somebody asked for. */
    public static final String DEPLOY = "Deploy";

    /** CreateContainerServiceDeployment that restores what was verified. */
    public static final String REPAIR = "Repair";

    /** CreateContainerServiceDeployment that brings an older revision back. */
    public static final String ROLLBACK = "Rollback";

    /** CreateContainerServiceDeployment that brings a rotated Secret or parameter to the older revision that is kept. */
    public static final String ROTATION = "Rotation";

    private Operations() {}

    /** What a failure is remembered by: the release and the contract it failed. */
    static String failureKey(String declared, String contractHash) {
        return declared + "-" + contractHash;
    }
}
