package dev.lightkeeper.sandbox.stories;

/** Something that had to come true did not. */
final class StoryBroken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoryBroken(String missing) {
        super(missing);
    }
}
