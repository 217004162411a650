package dev.lightkeeper.status;

import java.util.List;

/** The condition types of a ServiceDeployment, in the order in which they are written. */
public final class ConditionTypes {
    public static final String READY = "Ready";
    public static final String AVAILABLE = "Available";
    public static final String DEGRADED = "Degraded";
    public static final String SYNCED = "Synced";
    public static final String ACCOUNT_VERIFIED = "AccountVerified";
    public static final String ENVIRONMENT_VALID = "EnvironmentValid";
    public static final String READINESS_PASSED = "ReadinessPassed";
    public static final String ENDPOINTS_PASSED = "EndpointsPassed";
    public static final String LOGS_PASSED = "LogsPassed";
    public static final String ROLLBACK_READY = "RollbackReady";
    public static final String UP_TO_DATE = "UpToDate";
    public static final String SUSPENDED = "Suspended";

    /** kstatus: present only while True, never together with {@link #STALLED}. */
    public static final String RECONCILING = "Reconciling";

    /** kstatus: present only while True. */
    public static final String STALLED = "Stalled";

    /** The types that are always present after the first run. */
    public static final List<String> ALWAYS = List.of(
            READY,
            AVAILABLE,
            DEGRADED,
            SYNCED,
            ACCOUNT_VERIFIED,
            ENVIRONMENT_VALID,
            READINESS_PASSED,
            ENDPOINTS_PASSED,
            LOGS_PASSED,
            ROLLBACK_READY,
            UP_TO_DATE,
            SUSPENDED);

    private ConditionTypes() {}
}
