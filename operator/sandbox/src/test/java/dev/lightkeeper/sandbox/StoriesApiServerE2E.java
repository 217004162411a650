package dev.lightkeeper.sandbox;

import dev.lightkeeper.sandbox.stories.Story;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Some of the incidents on a real kube-apiserver: one that needs its validation, and the first of all. */
@ResourceLock(Worlds.KUBE_API_SERVER)
@Execution(ExecutionMode.CONCURRENT)
class StoriesApiServerE2E {
    private static final double SPEED = 100;
    private static final Opened OPENED = new Opened();

    private static World world;

    @BeforeAll
    static void start() {
        world = Worlds.onKubeApiServer(SPEED, OPENED);
    }

    @AfterAll
    static void stop() {
        OPENED.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"STALE_IMAGE", "SINGLE_REPLICA"})
    void theStoryComesTrue(Story story) throws InterruptedException {
        StoriesE2E.assertComesTrue(story, world);
    }
}
