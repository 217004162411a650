package dev.lightkeeper.flow;

/** The end of a process. Not caught by anything in the operator. */
final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    Killed() {
        super("killed", null, false, false);
    }
}
