package dev.lightkeeper.api.v1alpha1;

import java.util.List;

/**
 * Annotations that users, Argo CD and Flux set on a ServiceDeployment. The operator only reads them: a new value triggers,
 * and the value that was handled is echoed in {@code status.handled}.
 */
public final class Annotations {
    public static final String RECONCILE_REQUESTED_AT = "lightkeeper.dev/reconcile-requested-at";
    /** Flux's own word for {@link #RECONCILE_REQUESTED_AT}, so that its tools work. */
    public static final String FLUX_RECONCILE_REQUESTED_AT = "reconcile.fluxcd.io/requestedAt";

    public static final String RESTART_REQUESTED_AT = "lightkeeper.dev/restart-requested-at";
    public static final String ROLLBACK_REQUESTED_AT = "lightkeeper.dev/rollback-requested-at";
    /** A revision or {@link #ROLLBACK_TO_PREVIOUS}; read when {@link #ROLLBACK_REQUESTED_AT} has a new value. */
    public static final String ROLLBACK_TO = "lightkeeper.dev/rollback-to";

    public static final String ROLLBACK_TO_PREVIOUS = "previous";
    public static final String RETRY_REQUESTED_AT = "lightkeeper.dev/retry-requested-at";
    /** {@code "true"} pauses, from the keyboard, what {@code spec.suspend} pauses from Git. */
    public static final String SUSPEND = "lightkeeper.dev/suspend";
    /** Must equal {@code status.planHash}. */
    public static final String ACCEPT_PLAN = "lightkeeper.dev/accept-plan";

    /** A change of any of these is a reason to reconcile. */
    public static final List<String> TRIGGERS = List.of(
            RECONCILE_REQUESTED_AT,
            FLUX_RECONCILE_REQUESTED_AT,
            RESTART_REQUESTED_AT,
            ROLLBACK_REQUESTED_AT,
            ROLLBACK_TO,
            RETRY_REQUESTED_AT,
            SUSPEND,
            ACCEPT_PLAN);

    private Annotations() {}
}
