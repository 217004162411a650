package dev.lightkeeper.verify;

import dev.lightkeeper.api.v1alpha1.Reason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One check with its standing.
 *
 * @param name unique in the resource: {@code image}, {@code environment}, {@code scale}, {@code readiness}
 * @param reason what Ready says when it fails
 * @param message the evidence in one line: no body, no log text, no value, no counter
 * @param deploymentVersion the AWS version it was looked at on, null without one
 * @param since when the standing last changed
 */
public record Check(
        String name,
        Family family,
        boolean required,
        Standing standing,
        Reason reason,
        String message,
        @Nullable Integer deploymentVersion,
        Instant since) {
    /** Which condition a check speaks through. */
    public enum Family {
        Image,
        Environment,
        Scale,
        Readiness
    }

    /** What is known. */
    public enum Standing {
        Passing,
        Failing,
        Unknown
    }
}
