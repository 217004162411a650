package dev.lightkeeper.sandbox.stories;

/** Something that had to come true did not. */
final class StoryBroken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoryBroken(String expected, String seen) {
        super("  expected  %s%n  seen      %s".formatted(expected, seen));
    }
}
