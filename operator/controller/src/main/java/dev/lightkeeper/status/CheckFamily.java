package dev.lightkeeper.status;

import dev.lightkeeper.api.v1alpha1.CheckResult;
import dev.lightkeeper.api.v1alpha1.CheckStatus;
import dev.lightkeeper.api.v1alpha1.CheckType;
import dev.lightkeeper.api.v1alpha1.Enforcement;
import dev.lightkeeper.api.v1alpha1.RandomPathControl;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import dev.lightkeeper.api.v1alpha1.Verification;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks that one condition tells of. Advisory ones do not count: they are shown in {@code status.checks} only. */
enum CheckFamily {
    READINESS(ConditionTypes.READINESS_PASSED, Reason.ReadinessFailed),
    ENDPOINTS(ConditionTypes.ENDPOINTS_PASSED, Reason.EndpointsFailed),
    LOGS(ConditionTypes.LOGS_PASSED, Reason.LogsFailed);

    private final String condition;
    private final Reason failed;

    CheckFamily(String condition, Reason failed) {
        this.condition = condition;
        this.failed = failed;
    }

    private boolean has(@Nullable CheckType type) {
        return switch (this) {
            case READINESS -> type == CheckType.Readiness;
            case ENDPOINTS -> type == CheckType.Endpoint || type == CheckType.Cors || type == CheckType.RandomPath;
            case LOGS -> type == CheckType.LogMilestone || type == CheckType.ForbiddenLogPattern;
        };
    }

    String condition() {
        return condition;
    }

    /** The reason where one of them fails. */
    Reason failed() {
        return failed;
    }

    /** Whether they ask the service itself, so that a dead network of our own makes them worthless. */
    boolean isProbed() {
        return this != LOGS;
    }

    /** Whether the manifest declares one that counts. */
    boolean isDeclared(ServiceDeploymentSpec spec) {
        Verification verification = spec.verification();
        return switch (this) {
            case READINESS -> spec.readiness() != null;
            case ENDPOINTS ->
                verification.randomPathControl() == RandomPathControl.Enforce
                        || anyCounts(Stream.concat(
                                verification.endpoints().stream().map(check -> check.enforcement()),
                                verification.cors().stream().map(check -> check.enforcement())));
            case LOGS ->
                anyCounts(Stream.concat(
                        verification.logMilestones().stream().map(check -> check.enforcement()),
                        verification.forbiddenLogPatterns().stream().map(check -> check.enforcement())));
        };
    }

    private static boolean anyCounts(Stream<Enforcement> declared) {
        return declared.anyMatch(enforcement -> enforcement != Enforcement.Advisory);
    }

    /** Those that count. */
    List<CheckStatus> among(List<CheckStatus> checks) {
        return checks.stream()
                .filter(check -> has(check.type()) && check.enforcement() != Enforcement.Advisory)
                .toList();
    }

    /** Failing where one fails, Passing where all pass. */
    static CheckResult worst(List<CheckStatus> checks) {
        if (checks.stream().anyMatch(check -> check.status() == CheckResult.Failing)) {
            return CheckResult.Failing;
        }
        return checks.stream().allMatch(check -> check.status() == CheckResult.Passing)
                ? CheckResult.Passing
                : CheckResult.Unknown;
    }

    /** What those of that result found. */
    String message(List<CheckStatus> checks, CheckResult result) {
        if (result == CheckResult.Passing && checks.size() > 1) {
            return "every check passes";
        }
        return checks.stream()
                .filter(check -> check.status() == result)
                .map(check -> this == READINESS
                        ? String.valueOf(check.message())
                        : "%s: %s".formatted(check.name(), check.message()))
                .collect(Collectors.joining("; "));
    }
}
