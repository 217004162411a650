package dev.lightkeeper.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.sandbox.stories.Story;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The incidents, all at once in one world: each has a namespace and a service of its own. */
@Execution(ExecutionMode.CONCURRENT)
class StoriesE2E {
    private static final double SPEED = 100;
    private static final Opened OPENED = new Opened();

    private static World world;

    @BeforeAll
    static void start() {
        world = Worlds.embedded(SPEED, OPENED);
    }

    @AfterAll
    static void stop() {
        OPENED.close();
    }

    @ParameterizedTest
    @EnumSource
    void everyStoryComesTrue(Story story) throws InterruptedException {
        assertComesTrue(story, world);
    }

    static void assertComesTrue(Story story, World world) throws InterruptedException {
        ByteArrayOutputStream told = new ByteArrayOutputStream();

        boolean cameTrue = story.play(world, Terminal.plain(new PrintStream(told, true, UTF_8)));

        assertThat(cameTrue).as("%s", told.toString(UTF_8)).isTrue();
    }
}
