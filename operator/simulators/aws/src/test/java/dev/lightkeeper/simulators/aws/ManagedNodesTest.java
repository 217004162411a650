package dev.lightkeeper.simulators.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.lightkeeper.simulators.aws.ec2.Ec2Control;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.InstanceInformation;
import software.amazon.awssdk.services.ssm.model.InstanceInformationStringFilter;
import software.amazon.awssdk.services.ssm.model.PingStatus;
import software.amazon.awssdk.services.ssm.model.SsmException;

class ManagedNodesTest extends ManualWorld {
    private final SsmClient ssm = Sdk.ssm(aws);
    private final Ec2Control region = aws.ec2(Sdk.REGION);

    @AfterEach
    void closeSsm() {
        ssm.close();
    }

    private static InstanceInformationStringFilter filter(String key, String... values) {
        return InstanceInformationStringFilter.builder().key(key).values(values).build();
    }

    private List<InstanceInformation> nodes(InstanceInformationStringFilter... filters) {
        return ssm.describeInstanceInformation(r -> r.filters(filters)).instanceInformationList();
    }

    private PingStatus ping(String id) {
        return nodes(filter("InstanceIds", id)).getFirst().pingStatus();
    }

    private static void refusedWith(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SsmException.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code));
    }

    @Test
    void aFreshInstanceRegistersLater() {
        String id = region.launch(Map.of());
        pass(Duration.ofSeconds(70));
        assertThat(nodes()).isEmpty();
        pass(Duration.ofSeconds(10));
        assertThat(nodes())
                .extracting(InstanceInformation::instanceId, InstanceInformation::pingStatus)
                .containsExactly(tuple(id, PingStatus.ONLINE));
        assertThat(nodes().getFirst().registrationDate()).isEqualTo(START.plusSeconds(80));
    }

    @Test
    void withoutAnInstanceProfileNoAgentRegisters() {
        try (Ec2Client ec2 = Sdk.ec2(aws)) {
            ec2.runInstances(r -> r.imageId("ami-1").minCount(1).maxCount(1));
        }
        pass(Duration.ofHours(1));
        assertThat(region.instances()).hasSize(1);
        assertThat(nodes()).isEmpty();
    }

    @Test
    void contactIsLostAfterMinutes() {
        String id = region.running(Map.of());
        region.agentOffline(id);
        pass(Duration.ofMinutes(4));
        assertThat(ping(id)).isEqualTo(PingStatus.ONLINE);
        pass(Duration.ofMinutes(1));
        assertThat(ping(id)).isEqualTo(PingStatus.CONNECTION_LOST);
        assertThat(nodes().getFirst().lastPingDateTime()).isEqualTo(START);
        region.agentOnline(id);
        assertThat(ping(id)).isEqualTo(PingStatus.ONLINE);
    }

    @Test
    void stoppedAndTerminatedInstancesAreNotListed() {
        String stopped = region.running(Map.of());
        String terminated = region.running(Map.of());
        region.stop(stopped);
        region.terminate(terminated);
        pass(Duration.ofMinutes(2));
        assertThat(nodes()).isEmpty();
        region.start(stopped);
        pass(Duration.ofMinutes(1));
        assertThat(nodes()).extracting(InstanceInformation::instanceId).containsExactly(stopped);
        region.agentRemoved(stopped);
        assertThat(nodes()).isEmpty();
    }

    @Test
    void filtersAndPages() {
        String web = region.running(Map.of("Service", "web"));
        String old = region.running(Map.of("Service", "batch"));
        region.agentVersion(old, "2.3.0.0");
        assertThat(nodes(filter("tag:Service", "web"), filter("tag-key", "Service")))
                .extracting(InstanceInformation::instanceId)
                .containsExactly(web);
        assertThat(nodes(filter("AgentVersion", "2.3.0.0"), filter("PingStatus", "Online")))
                .extracting(InstanceInformation::instanceId, InstanceInformation::isLatestVersion)
                .containsExactly(tuple(old, false));
        assertThat(nodes(filter("PlatformTypes", "Windows"))).isEmpty();
        for (int i = 0; i < 10; i++) {
            region.running(Map.of());
        }
        assertThat(nodes()).hasSize(10);
        assertThat(ssm.describeInstanceInformationPaginator(r -> r.maxResults(5))
                        .instanceInformationList())
                .hasSize(12);
        refusedWith("InvalidInstanceId", () -> nodes(filter("InstanceIds", "i-0123456789abcdef0")));
        refusedWith("InvalidFilterKey", () -> nodes(filter("Colour", "red")));
        refusedWith("InvalidFilterKey", () -> nodes(filter("tag:Service", "web"), filter("PingStatus", "Online")));
        refusedWith("ValidationException", () -> ssm.describeInstanceInformation(r -> r.maxResults(4)));
    }
}
