package dev.lightkeeper.desired;

import dev.lightkeeper.api.v1alpha1.Reason;

/**
 * Why the spec's revision cannot be rolled out.
 *
 * @param kind what follows from it
 * @param reason InvalidSpec, UnknownValue, ReferenceNotFound, EnvironmentInvalid, AccessNotAllowed or AccessDenied
 * @param message says the field and the fix; holds no values
 */
public record Problem(Kind kind, Reason reason, String message) {
    /** What a problem means for the run. */
    public enum Kind {
        /** Only a change of the spec helps: no AWS call is made for the spec's revision. */
        INVALID,
        /** A referenced object is missing or a required variable has no usable value: may come right without an edit of the spec. */
        MISSING,
        /** A reference may not be read: comes right when the account's rules or AWS's permissions are changed. */
        REFUSED,
        /** A reference could not be read: nothing is known, so nothing is changed. */
        UNKNOWN
    }
}
