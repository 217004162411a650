package dev.lightkeeper.lightsail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.aws.AwsWorld;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.Readings;
import dev.lightkeeper.simulators.aws.faults.Fault;
import dev.lightkeeper.simulators.aws.faults.FaultKind;
import dev.lightkeeper.simulators.aws.lightsail.ContainerContent;
import dev.lightkeeper.simulators.aws.lightsail.DeploymentContent;
import dev.lightkeeper.verify.LogLine;
import dev.lightkeeper.verify.LogSource;
import dev.lightkeeper.verify.LogSource.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Logs over the wire. */
class LightsailLogsIT {
    private static final Instant BEGINNING = Instant.parse("2026-11-22T00:00:00Z");

    private final AwsWorld world = new AwsWorld();
    private final LightsailLogs logs = new LightsailLogs(world.gate, Readings.UNHEARD);

    @AfterEach
    void close() {
        world.close();
    }

    private void deploy(String image) {
        world.service("api");
        world.lightsail().deploy("api", content(image));
        world.aws.clock().advance(Duration.ofMinutes(15));
    }

    private static DeploymentContent content(String image) {
        return new DeploymentContent(
                Map.of("api", new ContainerContent(image, List.of(), Map.of(), Map.of("3697", "HTTP"))), null);
    }

    private Reading read(Instant since) {
        return Objects.requireNonNull(logs.read(
                        world.desired("api"), new LogSource.Wanted(new TreeMap<>(Map.of("api", since)), false))
                .get("api"));
    }

    private static List<String> texts(Reading reading) {
        return ((Reading.Lines) reading).lines().stream().map(LogLine::text).toList();
    }

    @Test
    void linesOfTheApplicationAndOfAwsAreRead() {
        deploy("ghcr.io/acme/api:1.4.162");
        Reading reading = read(BEGINNING);
        assertThat(texts(reading)).contains("Listening on port 3697", "[deployment:1] Started 1 new node");
        assertThat(((Reading.Lines) reading).complete()).isTrue();
        assertThat(((Reading.Lines) reading).lines()).isSortedAccordingTo((a, b) -> a.at().compareTo(b.at()));
    }

    @Test
    void everyPageIsRead() {
        deploy("ghcr.io/acme/api:1.4.162");
        for (int i = 0; i < 30; i++) {
            world.lightsail().deploy("api", content("ghcr.io/acme/api:1.4.162"));
            world.aws.clock().advance(Duration.ofMinutes(15));
        }
        world.aws.audit().clear();
        assertThat(texts(read(BEGINNING))).contains("[deployment:31] Started 1 new node");
        assertThat(world.calls()).filteredOn("GetContainerLog"::equals).hasSizeGreaterThan(1);
    }

    @Test
    void onlyWhatIsNewIsAskedFor() {
        deploy("ghcr.io/acme/api:1.4.162");
        assertThat(texts(read(BEGINNING.plus(Duration.ofHours(1))))).isEmpty();
    }

    @Test
    void aDenialNamesTheActionAndAThrottledReadIsLeftForLater() {
        deploy("ghcr.io/acme/api:1.4.162");
        world.aws.faults().add(Fault.of(FaultKind.DENIED, "GetContainerLog").times(1));
        assertThat(read(BEGINNING)).isInstanceOfSatisfying(Reading.Unreadable.class, unreadable -> {
            assertThat(unreadable.failure()).isInstanceOf(Failure.Denied.class);
            assertThat(unreadable.failure().message()).contains("lightsail:GetContainerLog");
        });
        world.aws.faults().add(Fault.of(FaultKind.THROTTLE, "GetContainerLog"));
        assertThat(read(BEGINNING)).isInstanceOf(Reading.NotNow.class);
    }

    @Test
    void anAccountThatIsNotAllowedIsNotAsked() {
        world.declare("default", "123456789012", "ambient: {}", "{}");
        assertThat(read(BEGINNING)).isInstanceOf(Reading.NotNow.class);
        assertThat(world.calls()).doesNotContain("GetContainerLog");
    }
}
