package dev.lightkeeper.simulators.aws.faults;

/** What goes wrong. Kinds marked "after" let the operation take effect first. */
public enum FaultKind {
    /** ThrottlingException, HTTP 400 (STS: Throttling). */
    THROTTLE,
    /** HTTP 500 with the service's internal error. */
    SERVER_ERROR,
    /** HTTP 503 with an HTML page, as a load balancer sends. */
    UNAVAILABLE_HTML,
    /** HTTP 429. */
    TOO_MANY_REQUESTS,
    /** Any error, given by code, message and status of the fault. */
    ERROR,
    /** AccessDeniedException (STS: AccessDenied). */
    DENIED,
    /** ExpiredTokenException (STS: ExpiredToken). */
    EXPIRED_TOKEN,
    /** UnrecognizedClientException (STS: InvalidClientTokenId). */
    UNKNOWN_KEY,
    /** Lightsail's InvalidInputException that asks to try again in a few minutes, though nothing is going on. */
    TRY_AGAIN,
    /** The connection is cut before the operation takes effect. */
    LOST_BEFORE,
    /** The connection is cut after the operation took effect. */
    LOST_AFTER,
    /** Nothing is ever answered, and the operation does not take effect. */
    HANG_BEFORE,
    /** Nothing is ever answered, but the operation took effect. */
    HANG_AFTER,
    /** The answer comes late, by the delay of the fault in real time, after the effect. */
    SLOW,
    /** Half of the answer's bytes, then the connection is cut, after the effect. */
    TRUNCATED,
    /** Reads answer as things stood before the delay of the fault, in simulated time. */
    STALE_READ,
    /** The request acts on another account, given by the fault. */
    WRONG_ACCOUNT,
    /** Every {@code state} in the answer has a value that no SDK knows, and a member is added that none knows. */
    UNKNOWN_VALUE
}
