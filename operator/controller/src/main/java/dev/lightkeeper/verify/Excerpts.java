package dev.lightkeeper.verify;

/** Takes lines of a service's log for the people who operate the operator, and for nobody else. */
@FunctionalInterface
public interface Excerpts {
    /**
     * A line that explains why a check fails.
     *
     * @param text with the values of the declared variables replaced
     */
    void note(String resource, String check, String text);
}
