package dev.lightkeeper.desired;

import java.util.Objects;

/** A value that may be secret. It cannot be printed by accident; {@link #reveal()} is for the wire and for digests. */
public final class SecretText {
    private final String text;

    private SecretText(String text) {
        this.text = text;
    }

    /** Wraps {@code text}, which may be empty. */
    public static SecretText of(String text) {
        return new SecretText(Objects.requireNonNull(text));
    }

    /** The clear text. Never put it into a message, a log line, a metric or a status. */
    public String reveal() {
        return text;
    }

    /** Whether the value has no characters. */
    public boolean isEmpty() {
        return text.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SecretText that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
