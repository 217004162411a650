package dev.lightkeeper.verify;

import dev.lightkeeper.api.v1alpha1.CheckResult;
import dev.lightkeeper.api.v1alpha1.CheckStatus;
import dev.lightkeeper.api.v1alpha1.CheckType;
import dev.lightkeeper.api.v1alpha1.Enforcement;
import dev.lightkeeper.api.v1alpha1.RolloutPhase;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.observe.LiveState;
import dev.lightkeeper.plan.History;
import dev.lightkeeper.plan.Memory;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the checks of one run are made on. */
record Situation(DesiredState desired, LiveState live, Memory memory, History history, InstantSource clock) {
    String uid() {
        return desired.resource().uid();
    }

    /** The AWS version that is judged, null before the first. */
    @Nullable
    Long version() {
        return memory.deploymentVersion();
    }

    /** Whether the version is new and not proved yet. */
    boolean verifying() {
        return memory.rollout() != null && memory.rollout().phase() == RolloutPhase.Verifying;
    }

    /** What the check was in the run before. */
    Optional<CheckStatus> before(CheckType type, String name) {
        return history.checks().stream()
                .filter(check -> check.type() == type && check.name().equals(name))
                .findFirst();
    }

    /** The verdict of an earlier process or run that still holds; Unknown where none does. */
    CheckResult carried(CheckType type, String name) {
        boolean sameSpec = Objects.equals(
                history.status().observedGeneration(), desired.resource().generation());
        return before(type, name)
                .filter(check -> sameSpec && Objects.equals(check.deploymentVersion(), version()))
                .map(CheckStatus::status)
                .orElse(CheckResult.Unknown);
    }

    /** The line of a check; its time moves only with what it says. */
    CheckStatus line(
            CheckType type,
            String name,
            Enforcement enforcement,
            CheckResult result,
            String message,
            @Nullable Long version) {
        Instant since = before(type, name)
                .filter(check -> check.status() == result && Objects.equals(check.deploymentVersion(), version))
                .map(CheckStatus::lastTransitionTime)
                .orElseGet(clock::instant);
        return new CheckStatus(name, type, enforcement, result, message, version, since);
    }
}
