package dev.lightkeeper.simulators.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lightkeeper.simulators.aws.host.Hosts;
import dev.lightkeeper.simulators.aws.host.Shell;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.CommandInvocation;
import software.amazon.awssdk.services.ssm.model.GetCommandInvocationResponse;

/** What the machines behind instances are told. */
class HostsTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    /** Writes down what it is told; its shells cannot run anything. */
    private static final class BrokenHosts implements Hosts {
        private final List<String> told = new CopyOnWriteArrayList<>();

        @Override
        public Shell shell(String instanceId, String accountId, String region) {
            told.add("shell " + instanceId + " " + accountId + " " + region);
            throw new IllegalStateException("expected by the test");
        }

        @Override
        public void powered(String instanceId, boolean on) {
            told.add((on ? "on " : "off ") + instanceId);
        }

        @Override
        public void remove(String instanceId) {
            told.add("remove " + instanceId);
        }

        @Override
        public void close() {
            told.add("close");
        }
    }

    private static String send(SsmClient ssm, String host, String script) {
        return ssm.sendCommand(r -> r.documentName("AWS-RunShellScript")
                        .instanceIds(host)
                        .parameters(Map.of("commands", List.of(script))))
                .command()
                .commandId();
    }

    @Test
    void hostsFollowTheirInstances() {
        BrokenHosts hosts = new BrokenHosts();
        String id;
        try (AwsSimulator aws = AwsSimulator.builder()
                        .manualClock(ManualWorld.START)
                        .hosts(hosts)
                        .start();
                SsmClient ssm = Sdk.ssm(aws)) {
            id = aws.ec2(Sdk.REGION).launch(Map.of());
            assertThat(hosts.told).isEmpty();
            aws.clock().advance(Duration.ofMinutes(2));
            String command = send(ssm, id, "true");
            aws.clock().advance(Duration.ofSeconds(3));
            assertThat(aws.ssm().awaitScripts(LONG)).isTrue();
            GetCommandInvocationResponse result =
                    ssm.getCommandInvocation(r -> r.commandId(command).instanceId(id));
            assertThat(result.statusDetails()).isEqualTo("Failed");
            assertThat(result.responseCode()).isEqualTo(126);
            assertThat(result.standardErrorContent()).contains("expected by the test");
            aws.ec2(Sdk.REGION).stop(id);
            aws.clock().advance(Duration.ofMinutes(2));
            aws.ec2(Sdk.REGION).start(id);
            aws.clock().advance(Duration.ofMinutes(2));
            aws.ec2(Sdk.REGION).terminate(id);
            aws.clock().advance(Duration.ofMinutes(2));
        }
        assertThat(hosts.told)
                .containsExactly(
                        "on " + id,
                        "shell " + id + " " + AwsSimulator.DEFAULT_ACCOUNT + " " + Sdk.REGION,
                        "off " + id,
                        "on " + id,
                        "off " + id,
                        "remove " + id,
                        "close");
    }

    @Test
    void commandsRunOnAClockThatRuns() {
        try (AwsSimulator aws = AwsSimulator.builder().speed(100).start();
                SsmClient ssm = Sdk.ssm(aws)) {
            String id = aws.ec2(Sdk.REGION).running(Map.of());
            String command = send(ssm, id, "echo hello");
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(ssm.listCommandInvocations(
                                            r -> r.commandId(command).details(true))
                                    .commandInvocations())
                            .extracting(CommandInvocation::statusDetails)
                            .containsExactly("Success"));
        }
    }
}
