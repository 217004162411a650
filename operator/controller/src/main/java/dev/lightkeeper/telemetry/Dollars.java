package dev.lightkeeper.telemetry;

import org.jspecify.annotations.Nullable;

/** Reads the amounts that a status tells as text. */
final class Dollars {
    private Dollars() {}

    /** Null for what is not known, and for what another version wrote in a form that is not a number. */
    static @Nullable Double of(@Nullable String amount) {
        if (amount == null) {
            return null;
        }
        try {
            return Double.valueOf(amount);
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
