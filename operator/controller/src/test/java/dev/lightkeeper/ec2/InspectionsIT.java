package dev.lightkeeper.ec2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import dev.lightkeeper.aws.AccountSession;
import dev.lightkeeper.aws.Admission;
import dev.lightkeeper.aws.AwsWorld;
import dev.lightkeeper.kube.KubernetesClients;
import dev.lightkeeper.observe.HostReport;
import dev.lightkeeper.plan.Timings;
import dev.lightkeeper.simulators.aws.audit.AuditEntry;
import dev.lightkeeper.simulators.aws.faults.Fault;
import dev.lightkeeper.simulators.aws.faults.FaultKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What hosts tell, asked by many resources over the real SDK; the hosts' script is played by the test. */
@NullUnmarked
class InspectionsIT {
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration LONG = Duration.ofSeconds(60);

    private final PlayedHosts hosts = new PlayedHosts(answer("1"));
    private final AwsWorld world = new AwsWorld(hosts);
    private Inspections inspections;
    private AccountSession session;

    private static String answer(String revision) {
        return """
                {"version":1,"verb":"inspect","result":"Done","services":[
                  {"service":"production.a","owner":"c","revision":"%1$s"},{"service":"production.b","owner":"c","revision":"%1$s"}]}
                """.formatted(revision);
    }

    @BeforeEach
    void begin() {
        world.declare(
                "default",
                "123456789012",
                AwsWorld.AMBIENT,
                "{namespaces: {matchLabels: {team: core}}, ec2: {instanceTags: {managed-by: lightkeeper}, runAsUsers: [ubuntu]}}");
        ServiceDeploymentSpec spec = KubernetesClients.lenient()
                .unmarshal(
                        "accountRef: {name: default}\nec2: {hosts: {select: {tags: {Service: api}}}, runtime: Docker, runAs: ubuntu}",
                        ServiceDeploymentSpec.class);
        session = ((Admission.Granted) world.gate.admitHosts(spec, "production")).session();
        inspections = new Inspections(
                new Commands(world.gate, Timings.standard(), world.clock),
                HostScript.shipped(),
                Timings.standard(),
                world.clock);
    }

    @AfterEach
    void end() {
        world.close();
    }

    private Set<String> running(int count) {
        Set<String> ids = new TreeSet<>();
        for (int i = 0; i < count; i++) {
            ids.add(world.aws.ec2(AwsWorld.REGION).running(Map.of("managed-by", "lightkeeper")));
        }
        return ids;
    }

    private Map<String, HostReport> look(Set<String> online, Instant after, String service) {
        return inspections.of(session, AwsWorld.REGION, online, after, "production." + service);
    }

    /** Hosts answer in their own time, during which the clocks here stand still. */
    private void pass(Duration time) {
        passWithoutAnswers(time);
        assertThat(world.aws.ssm().awaitScripts(LONG)).isTrue();
    }

    private void passWithoutAnswers(Duration time) {
        world.clock.advance(time);
        world.aws.clock().advance(time);
    }

    private long unanswered() {
        return world.aws.ssm().commands(AwsWorld.REGION).commands().stream()
                .flatMap(command -> command.instances().values().stream())
                .filter(Set.of("Pending", "InProgress")::contains)
                .count();
    }

    private List<AuditEntry> calls(String operation) {
        return world.aws.audit().entries().stream()
                .filter(entry -> entry.operation().equals(operation))
                .toList();
    }

    private Map<String, String> revisions(Map<String, HostReport> reports) {
        Map<String, String> revisions = new TreeMap<>();
        reports.forEach((host, report) -> revisions.put(host, report.installed().revision()));
        return revisions;
    }

    private void until(Set<String> online, Instant after, int known) {
        await().atMost(LONG).until(() -> {
            pass(LOOK);
            return look(online, after, "a").size() == known;
        });
    }

    /** Commands that two hosts get in half an hour of looks at them, every half minute each. */
    private int sentFor(List<String> services) {
        Set<String> online = running(2);
        until(online, null, 2);
        int before = calls("SendCommand").size();
        for (int i = 0; i < 60; i++) {
            pass(Duration.ofSeconds(30));
            services.forEach(service -> look(online, null, service));
        }
        return calls("SendCommand").size() - before;
    }

    @Test
    void manyServicesOnAHostAskItNoMoreOftenThanOne() {
        assertThat(sentFor(List.of("a", "b", "c", "d", "e", "f", "g", "h"))).isBetween(15, 31);
    }

    @Test
    void aHostThatAnswersNonsenseIsAskedNoMoreOftenHoweverManyLook() {
        Set<String> online = running(1);
        hosts.answers(online.iterator().next(), "segmentation fault");
        for (int i = 0; i < 120; i++) {
            pass(LOOK);
            assertThat(look(online, null, "a")).isEmpty();
            assertThat(look(online, world.clock.instant().minus(LOOK), "b")).isEmpty();
        }
        assertThat(calls("SendCommand").size()).isBetween(2, 12);
    }

    @Test
    void eachServiceHearsOfItself() {
        Set<String> online = running(2);
        until(online, null, 2);
        assertThat(look(online, null, "a").values()).allMatch(report -> report.installed() != null);
        assertThat(look(online, null, "nowhere").values()).allMatch(report -> report.installed() == null);
        assertThat(calls("SendCommand")).hasSize(1);
    }

    @Test
    void noCommandGoesToMoreThanFifty() {
        Set<String> online = running(120);
        until(online, null, 120);
        assertThat(calls("SendCommand")).hasSize(3).allMatch(AuditEntry::isOk);
    }

    @Test
    void aHostThatIsAwaySpoilsNothingForTheOthers() {
        Set<String> online = running(50);
        String away = online.stream().skip(17).findFirst().orElseThrow();
        world.aws.ec2(AwsWorld.REGION).agentRemoved(away);
        until(online, null, 49);
        assertThat(look(online, null, "a")).doesNotContainKey(away);
        assertThat(calls("SendCommand").size()).as("it is found by halves").isLessThan(16);

        int before = calls("SendCommand").size();
        pass(Duration.ofSeconds(10));
        look(online, null, "b");
        assertThat(calls("SendCommand")).as("and left alone for a while").hasSize(before);
    }

    @Test
    void throttledCommandsAreSentEverMoreSeldom() {
        Set<String> online = running(2);
        world.aws.faults().add(Fault.of(FaultKind.THROTTLE, "SendCommand"));
        for (int i = 0; i < 120; i++) {
            pass(LOOK);
            List.of("a", "b", "c").forEach(service -> look(online, null, service));
        }
        assertThat(calls("SendCommand").size()).isBetween(3, 9);
        assertThat(inspections.denied(session, AwsWorld.REGION)).isEmpty();

        world.aws.faults().clear();
        pass(Duration.ofMinutes(6));
        until(online, null, 2);
        pass(Duration.ofMinutes(2));
        until(online, world.clock.instant(), 2);
    }

    @Test
    void throttledResultsAreReadEverMoreSeldomAndWhatIsKnownStands() {
        Set<String> online = running(2);
        until(online, null, 2);
        pass(Duration.ofMinutes(1));
        world.aws.faults().add(Fault.of(FaultKind.THROTTLE, "ListCommandInvocations"));
        int before = reads();
        for (int i = 0; i < 100; i++) {
            pass(LOOK);
            List.of("a", "b", "c").forEach(service -> look(online, null, service));
        }
        assertThat(reads() - before).isLessThan(12);
        assertThat(revisions(look(online, null, "a")).values()).containsOnly("1");
        pass(Duration.ofMinutes(2));
        assertThat(look(online, null, "a"))
                .as("what was told so long ago is no knowledge")
                .isEmpty();

        world.aws.faults().clear();
        pass(Duration.ofMinutes(6));
        until(online, null, 2);
    }

    /** Without the repetitions of the SDK itself. */
    private int reads() {
        return (int) calls("ListCommandInvocations").stream()
                .map(AuditEntry::invocationId)
                .distinct()
                .count();
    }

    @Test
    void aDenialIsToldUntilItIsGone() {
        Set<String> online = running(1);
        world.aws.faults().add(Fault.of(FaultKind.DENIED, "SendCommand"));
        assertThat(look(online, null, "a")).isEmpty();
        assertThat(inspections.denied(session, AwsWorld.REGION)).isPresent();
        pass(LOOK);
        look(online, null, "b");
        assertThat(inspections.denied(session, AwsWorld.REGION)).isPresent();

        world.aws.faults().clear();
        pass(Duration.ofMinutes(6));
        until(online, null, 1);
        assertThat(inspections.denied(session, AwsWorld.REGION)).isEmpty();
    }

    @Test
    void anAnswerThatComesLateDoesNotUndoANewerOne() {
        Set<String> online = running(1);
        String host = online.iterator().next();
        CountDownLatch late = hosts.holdsNext(host);
        look(online, null, "a");
        passWithoutAnswers(LOOK);
        await().atMost(LONG).until(() -> !hosts.isHeld(host));
        hosts.answers(host, answer("2"));
        Instant changed = world.clock.instant();
        await().atMost(LONG).until(() -> {
            passWithoutAnswers(LOOK);
            await().atMost(LONG).until(() -> unanswered() == 1);
            return look(online, changed, "a").size() == 1;
        });
        assertThat(revisions(look(online, changed, "a"))).containsEntry(host, "2");

        late.countDown();
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            pass(LOOK);
            seen.addAll(revisions(look(online, changed, "a")).values());
        }
        assertThat(seen).containsOnly("2");
    }

    @Test
    void whatWasReadBeforeAChangeIsAskedForAnew() {
        Set<String> online = running(1);
        until(online, null, 1);
        hosts.answers(online.iterator().next(), answer("2"));
        Instant changed = world.clock.instant();
        pass(LOOK);
        until(online, changed, 1);
        await().atMost(LONG).until(() -> {
            pass(LOOK);
            return revisions(look(online, changed, "a")).containsValue("2");
        });
        assertThat(calls("SendCommand")).hasSize(2);
    }
}
