package dev.lightkeeper.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.sandbox.stories.Story;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Some of the incidents on a real kube-apiserver: one that needs its validation, and the first of all. */
class StoriesApiServerE2E {
    private static final double SPEED = 100;

    @ParameterizedTest
    @EnumSource(names = {"STALE_IMAGE", "SINGLE_REPLICA"})
    void theStoryComesTrue(Story story) throws InterruptedException {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        try (Opened opened = new Opened()) {
            World world = Worlds.onKubeApiServer(SPEED, opened);

            boolean cameTrue = story.play(world, Terminal.plain(new PrintStream(told, true, UTF_8)));

            assertThat(cameTrue).as("%s", told.toString(UTF_8)).isTrue();
        }
    }
}
