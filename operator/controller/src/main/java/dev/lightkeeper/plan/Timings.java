package dev.lightkeeper.plan;

import java.time.Duration;

/**
 * The operator's fixed intervals, in one place so that tests and the sandbox can divide them. What a manifest declares
 * in seconds is never divided.
 *
 * @param steadyLook between looks at a resource in steady state
 * @param transitionLook between looks while AWS or a rollout is in transition
 * @param slowLook between looks at a stalled resource that AWS need not be asked about
 * @param settle after AWS says ACTIVE, how long the old nodes may still answer
 * @param parameterAge a change of a parameter in AWS is noticed within so long
 * @param referenceGrace how long a missing reference is waited for before the resource is Stalled
 * @param observationStale without any AWS observation for so long, nothing is claimed any more
 * @param absenceConfirmation between the two NotFoundExceptions that make a recorded service absent
 * @param effectVisible after an unanswered call, how long its effect may stay invisible to reads
 * @param raisedScaleGrace how long a scale that was raised by hand is left alone
 * @param quietBefore without a miss for so long before a foreign deployment, the service counts as healthy before it
 * @param driftReturn drift that comes back twice within so long is not corrected a third time
 * @param automaticBudget the span that a resource's most automatic deployments are counted in
 * @param absence after the operator was away for longer, drift is told for so long before it is corrected
 * @param witnessValidity how long an answer of another target shows that our own network works
 * @param logRead between two readings of a service's log
 * @param logLag how long after it was written a line may come
 * @param logSettle after AWS says ACTIVE, how long forbidden lines are not counted
 * @param logMemory what was in the log for so long before a deployment is not held against it
 * @param breakerWindow services that begin to fail within so long do so at the same time
 * @param breakerPause for so long nothing is done by itself in an account where many have
 * @param mutationRetry first delay before a refused or unanswered call is made again, and before hosts are asked again what
 *     stands in the way of a release; doubles
 */
public record Timings(
        Duration steadyLook,
        Duration transitionLook,
        Duration slowLook,
        Duration settle,
        Duration parameterAge,
        Duration referenceGrace,
        Duration observationStale,
        Duration absenceConfirmation,
        Duration effectVisible,
        Duration raisedScaleGrace,
        Duration quietBefore,
        Duration driftReturn,
        Duration automaticBudget,
        Duration absence,
        Duration witnessValidity,
        Duration logRead,
        Duration logLag,
        Duration logSettle,
        Duration logMemory,
        Duration breakerWindow,
        Duration breakerPause,
        Duration mutationRetry) {
    /** The intervals for real AWS. */
    public static Timings standard() {
        return new Timings(
                Duration.ofSeconds(30),
                Duration.ofSeconds(15),
                Duration.ofMinutes(10),
                Duration.ofSeconds(60),
                Duration.ofMinutes(5),
                Duration.ofSeconds(300),
                Duration.ofSeconds(600),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                Duration.ofMinutes(30),
                Duration.ofMinutes(5),
                Duration.ofMinutes(60),
                Duration.ofHours(24),
                Duration.ofMinutes(10),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                Duration.ofSeconds(180),
                Duration.ofSeconds(120),
                Duration.ofMinutes(60),
                Duration.ofMinutes(2),
                Duration.ofMinutes(15),
                Duration.ofSeconds(15));
    }

    /** The same intervals, {@code speed} times shorter. */
    public Timings divided(double speed) {
        return new Timings(
                divide(steadyLook, speed),
                divide(transitionLook, speed),
                divide(slowLook, speed),
                divide(settle, speed),
                divide(parameterAge, speed),
                divide(referenceGrace, speed),
                divide(observationStale, speed),
                divide(absenceConfirmation, speed),
                divide(effectVisible, speed),
                divide(raisedScaleGrace, speed),
                divide(quietBefore, speed),
                divide(driftReturn, speed),
                divide(automaticBudget, speed),
                divide(absence, speed),
                divide(witnessValidity, speed),
                divide(logRead, speed),
                divide(logLag, speed),
                divide(logSettle, speed),
                divide(logMemory, speed),
                divide(breakerWindow, speed),
                divide(breakerPause, speed),
                divide(mutationRetry, speed));
    }

    /** What passes by AWS's clock meanwhile: the same, unless the intervals were divided because AWS is simulated faster. */
    public Duration atAws(Duration ours) {
        double speed = (double) standard().steadyLook.toNanos() / steadyLook.toNanos();
        return Duration.ofNanos(Math.round(ours.toNanos() * speed));
    }

    private static Duration divide(Duration duration, double speed) {
        return Duration.ofNanos(Math.max(1, Math.round(duration.toNanos() / speed)));
    }
}
