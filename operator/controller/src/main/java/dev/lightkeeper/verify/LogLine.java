package dev.lightkeeper.verify;

import java.time.Instant;

/**
 * A line that a container wrote, or that AWS wrote into its log. May hold secrets: never part of a message.
 *
 * @param at by the clock of AWS
 * @param text may be cut
 */
public record LogLine(Instant at, String text) {
    @Override
    public String toString() {
        return "line of " + at;
    }
}
