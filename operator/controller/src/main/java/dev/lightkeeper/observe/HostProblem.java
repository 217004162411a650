package dev.lightkeeper.observe;

/**
 * What a host has found to stand in the way of a release.
 *
 * @param code the host script's word for it; of a later version it may be one that is not known here
 */
public record HostProblem(String code, String message) {
    /** For people. */
    public String text() {
        return "%s (%s)".formatted(message, code);
    }
}
