package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.CheckResult;
import dev.lightkeeper.api.v1alpha1.CheckStatus;
import dev.lightkeeper.api.v1alpha1.CheckType;
import dev.lightkeeper.api.v1alpha1.Enforcement;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The checks that a release is judged by. */
final class RequiredChecks {
    private RequiredChecks() {}

    /**
     * As they stood in the run before; Unknown where the verdict is about another version than the one that serves. What
     * is Failing in the log without a version was so before the release came, and says nothing about it.
     */
    static List<CheckStatus> of(Draft draft) {
        return draft.history.checks().stream()
                .filter(check -> check.enforcement() != Enforcement.Advisory)
                .flatMap(check -> judged(draft, check))
                .toList();
    }

    private static Stream<CheckStatus> judged(Draft draft, CheckStatus check) {
        if (Objects.equals(check.deploymentVersion(), draft.deploymentVersion)) {
            return Stream.of(check);
        }
        boolean old = check.deploymentVersion() == null && check.status() == CheckResult.Failing;
        if (old && check.type() == CheckType.ForbiddenLogPattern) {
            return Stream.empty();
        }
        return Stream.of(new CheckStatus(
                check.name(),
                check.type(),
                check.enforcement(),
                CheckResult.Unknown,
                check.message(),
                check.deploymentVersion(),
                check.lastTransitionTime()));
    }
}
