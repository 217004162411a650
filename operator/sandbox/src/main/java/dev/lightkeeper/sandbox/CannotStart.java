package dev.lightkeeper.sandbox;

/** Something that the person who started the sandbox has to change; the message is all they need to read. */
public final class CannotStart extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With one line that says what is wrong and what to do. */
    public CannotStart(String message) {
        super(message);
    }

    /** The same, with what was behind it. */
    public CannotStart(String message, Throwable cause) {
        super(message, cause);
    }
}
