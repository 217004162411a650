package dev.lightkeeper.simulators.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lightkeeper.simulators.aws.application.Behaviour;
import dev.lightkeeper.simulators.aws.application.BehaviourBuilder;
import dev.lightkeeper.simulators.aws.lightsail.Quotas;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.lightsail.model.ContainerServiceLogEvent;
import software.amazon.awssdk.services.lightsail.model.GetContainerLogResponse;
import software.amazon.awssdk.services.lightsail.model.InvalidInputException;
import software.amazon.awssdk.services.lightsail.model.MetricDatapoint;
import software.amazon.awssdk.services.lightsail.model.MetricStatistic;

class ObservationTest extends ManualWorld {
    private static final String TALKATIVE = "acme/talkative:1";

    ObservationTest() {
        super(Quotas.defaults().withLogPage(4));
        BehaviourBuilder talkative = Behaviour.builder();
        for (int i = 0; i < 10; i++) {
            talkative.startupLogLine(i, (i % 2 == 0 ? "ERROR" : "INFO") + " line " + i);
        }
        aws.catalogue().put("acme/talkative:*", talkative.build());
    }

    private List<String> all(String filter) {
        List<String> messages = new ArrayList<>();
        String token = null;
        do {
            String page = token;
            GetContainerLogResponse response = client.getContainerLog(r -> r.serviceName("web")
                    .containerName("app")
                    .startTime(START)
                    .filterPattern(filter)
                    .pageToken(page));
            assertThat(response.logEvents()).hasSizeLessThanOrEqualTo(4);
            response.logEvents().stream()
                    .map(ContainerServiceLogEvent::message)
                    .filter(m -> m.contains(" line "))
                    .forEach(messages::add);
            token = response.nextPageToken();
        } while (token != null);
        return messages;
    }

    private void talk() {
        ready("web");
        Sdk.deploy(client, "web", TALKATIVE);
    }

    @Test
    void pagesHoldAllLinesInOrder() {
        talk();
        settle();

        assertThat(all("")).hasSize(10).first().isEqualTo("ERROR line 0");
        assertThat(all("")).last().isEqualTo("INFO line 9");
    }

    @ParameterizedTest
    @CsvSource({"ERROR,5", "-ERROR,5", "ERROR 4,1", "?4 ?5,2", "error,0", "'\"line 3\"',1", "line -4 -5,8"})
    void theFilterGrammar(String filter, int matches) {
        talk();
        settle();

        assertThat(all(filter)).hasSize(matches);
    }

    @Test
    void linesArriveLateAndAreForgottenAfterDays() {
        talk();
        pass(Duration.ofSeconds(95));
        assertThat(all("")).isEmpty();
        pass(Duration.ofSeconds(60));
        assertThat(all("")).isNotEmpty();
        pass(Duration.ofDays(4));
        assertThat(all("")).isEmpty();
    }

    @Test
    void withoutStartTheLogReachesBackOneHour() {
        talk();
        settle();
        assertThat(client.getContainerLog(r -> r.serviceName("web").containerName("app"))
                        .logEvents())
                .isNotEmpty();
        pass(Duration.ofHours(2));
        assertThat(client.getContainerLog(r -> r.serviceName("web").containerName("app"))
                        .logEvents())
                .isEmpty();
        assertThat(all("")).isNotEmpty();
    }

    @Test
    void linesOfEarlierDeploymentsStay() {
        talk();
        settle();
        Sdk.deploy(client, "web", GOOD);
        settle();

        assertThat(all("")).hasSize(10);
    }

    @Test
    void badTokensAndRangesAreRefused() {
        talk();
        assertThatThrownBy(() -> client.getContainerLog(
                        r -> r.serviceName("web").containerName("app").pageToken("nonsense")))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> client.getContainerLog(r -> r.serviceName("web")
                        .containerName("app")
                        .startTime(START)
                        .endTime(START.minusSeconds(1))))
                .isInstanceOf(InvalidInputException.class);
    }

    private List<MetricDatapoint> metrics(String name, int period) {
        Instant now = aws.clock().now();
        return client.getContainerServiceMetricData(r -> r.serviceName("web")
                        .metricName(name)
                        .startTime(START)
                        .endTime(now.plusSeconds(1))
                        .period(period)
                        .statistics(MetricStatistic.AVERAGE, MetricStatistic.SAMPLE_COUNT))
                .metricData();
    }

    @Test
    void metricsExistEveryFiveMinutesAndStartAfreshWithADeployment() {
        running("web");
        pass(Duration.ofHours(1));
        assertThat(metrics("CPUUtilization", 300))
                .hasSizeGreaterThanOrEqualTo(12)
                .allSatisfy(p -> {
                    assertThat(p.unitAsString()).isEqualTo("Percent");
                    assertThat(p.average()).isBetween(0.0, 100.0);
                    assertThat(p.sampleCount()).isEqualTo(1.0);
                });
        assertThat(metrics("MemoryUtilization", 3600)).hasSizeLessThanOrEqualTo(3);

        Sdk.deploy(client, "web", GOOD);
        pass(Duration.ofMinutes(10));
        assertThat(metrics("CPUUtilization", 300)).hasSizeLessThan(3);
        assertThatThrownBy(() -> metrics("CPUUtilization", 30)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> metrics("Disk", 300)).isInstanceOf(InvalidInputException.class);
    }
}
