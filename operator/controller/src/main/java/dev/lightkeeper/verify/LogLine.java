package dev.lightkeeper.verify;

import java.time.Instant;

/**
 * A line that a container wrote, or that AWS wrote into its log. May hold secrets: never part of a message.
 *
 * @param at by the clock of AWS
 * @param text may be cut
 */
public record LogLine(Instant at, String text) {
    private static final int LONGEST = 4096;

    /** A line that was read somewhere: of it at most {@value #LONGEST} characters. */
    public static LogLine of(Instant at, String text) {
        return new LogLine(at, text.length() > LONGEST ? text.substring(0, LONGEST) : text);
    }

    @Override
    public String toString() {
        return "line of " + at;
    }
}
