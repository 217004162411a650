package dev.lightkeeper.aws;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class RequestIdsIT {
    private final AwsWorld world = new AwsWorld();

    @AfterEach
    void close() {
        MDC.remove(RequestIds.KEY);
        world.close();
    }

    @Test
    void theIdOfTheLastRequestIsThereForTheLog() {
        world.service("api");

        var _ = world.observer.look(world.look("api"));

        assertThat(MDC.get(RequestIds.KEY)).matches("[0-9a-f-]{36}");
    }
}
