package dev.lightkeeper.ec2;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.HostCommandStatus;
import dev.lightkeeper.api.v1alpha1.RollKind;
import dev.lightkeeper.api.v1alpha1.RollPhase;
import dev.lightkeeper.api.v1alpha1.RollStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.DesiredStep;
import dev.lightkeeper.desired.Digester;
import dev.lightkeeper.desired.Parameter;
import dev.lightkeeper.desired.ParameterQuery;
import dev.lightkeeper.desired.ParameterStore;
import dev.lightkeeper.desired.Parameters;
import dev.lightkeeper.desired.References;
import dev.lightkeeper.desired.SecretText;
import dev.lightkeeper.kube.KubernetesClients;
import dev.lightkeeper.plan.Action;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullUnmarked
class HostReleaseTest {
    private static final String REST = """
            accountRef: {name: default}
            scale: 1
            minimumScale: 1
            readiness: {path: /healthz, port: 8081, periodSeconds: 30, timeoutSeconds: 5, failureThreshold: 3, successThreshold: 1}
            verification: {deadlineSeconds: 360, retries: 5, backoff: {initialSeconds: 2, factor: 2, maxSeconds: 30}, randomPathControl: Disabled}
            rollout: {progressDeadlineSeconds: 1800, minReadySeconds: 30, bakeSeconds: 600, maxAttempts: 1, onFailure: Rollback}
            driftPolicy: Correct
            managementPolicy: Enforce
            adoptionPolicy: CreateOnly
            deletionPolicy: Retain
            """;

    private static final ParameterStore STORE = new ParameterStore() {
        @Override
        public Parameters read(ParameterQuery query) {
            assertThat(query.versionsOnly()).isTrue();
            return new Parameters(
                    query.parameters().stream()
                            .collect(Collectors.toMap(
                                    key -> key, key -> new Parameter.Found<>(SecretText.of(key.name() + ":4")))),
                    query.paths().stream()
                            .collect(Collectors.toMap(
                                    path -> path,
                                    path -> new Parameter.Found<>(Map.of("KEY", SecretText.of(path + "KEY:7"))))));
        }

        @Override
        public void forget(String uid) {}
    };

    private static DesiredState desired(String ec2) {
        ServiceDeploymentSpec spec = KubernetesClients.lenient().unmarshal(REST + ec2, ServiceDeploymentSpec.class);
        References none = (References) Proxy.newProxyInstance(
                References.class.getClassLoader(), new Class<?>[] {References.class}, (proxy, method, arguments) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
        DesiredState desired = new DesiredStep(none, STORE, new Digester("0123456789abcdef".getBytes(UTF_8)))
                .resolve(new DesiredState.ResourceIdentity("team", "api", "uid", 1), spec, null, Map.of(), false);
        assertThat(desired.problems()).isEmpty();
        return desired;
    }

    private static List<String> request(DesiredState desired, String verb, RollPhase phase) {
        return ScriptRequestTest.decoded(new HostRelease("cluster").request(desired, command(verb, phase, desired)));
    }

    private static Action.CommandHosts command(String verb, RollPhase phase, DesiredState source) {
        RollStatus roll = new RollStatus(5L, "3", RollKind.Deploy, phase, null, null, 4L, "2", 1, null, null, null);
        return new Action.CommandHosts(
                "team/api",
                new HostCommandStatus(verb, "uid.5.2", null, List.of("i-1"), null),
                roll,
                List.of(),
                "print",
                source);
    }

    @ParameterizedTest
    @CsvSource({"activate, 50", "rollback, 50", "remove, 50", "inspect, 10", "prepare, 30"})
    void whatStopsProcessesMayTakeTheGraceOfEachTwice(String verb, int minutes) {
        String spec = """
                ec2: {hosts: {select: {tags: {Service: api}}}, runtime: Docker, runAs: ubuntu, terminationGracePeriodSeconds: %d}
                containers:
                  - {name: api, image: "example.com/api:1", ports: [{containerPort: 3697, hostPort: 8081, protocol: HTTP}]}
                  - {name: job, image: "example.com/job:1"}
                """;
        DesiredState patient = desired(spec.formatted(600));
        DesiredState quick = desired(spec.formatted(5));

        assertThat(HostRelease.mayRun(patient, command(verb, RollPhase.Rolling, patient)))
                .hasMinutes(minutes);
        assertThat(HostRelease.mayRun(quick, command(verb, RollPhase.TakingBack, patient)))
                .hasMinutes(minutes);
        assertThat(HostRelease.mayRun(patient, command(verb, RollPhase.TakingBack, quick)))
                .hasMinutes(minutes);
        assertThat(HostRelease.mayRun(patient, command(verb, RollPhase.Rolling, null)))
                .hasMinutes(minutes);
    }

    @Test
    void instancesOfAProcessAreStoppedToo() {
        String spec = """
                ec2:
                  hosts: {select: {tags: {Service: api}}}
                  runtime: Pm2
                  runAs: ubuntu
                  terminationGracePeriodSeconds: 600
                  source: {repository: "https://git.example.com/a.git", revision: v1.8.2}
                  processes: [{name: api, script: api.js, port: 8081, instances: %d}, {name: job, script: job.js}]
                """;
        DesiredState few = desired(spec.formatted(3));
        assertThat(HostRelease.mayRun(few, command("activate", RollPhase.Rolling, few)))
                .hasMinutes(10 + 2 * 10 * 4);
        DesiredState many = desired(spec.formatted(500));
        assertThat(HostRelease.mayRun(many, command("activate", RollPhase.Rolling, many)))
                .as("what SSM takes at most")
                .hasSeconds(172_800);
    }

    @Test
    void containersTravelWithLiteralsAndWithReferencesInThePlaceOfSecrets() {
        DesiredState desired = desired("""
                ec2: {hosts: {select: {tags: {Service: api}}}, runtime: Docker, runAs: ubuntu, terminationGracePeriodSeconds: 30, registryCredentials: {username: robot$api, passwordParameter: /team/registry}}
                containers:
                  - name: api
                    image: example.com/api:1
                    command: [node, main.js]
                    ports: [{containerPort: 3697, hostPort: 8081, protocol: HTTP}]
                    env:
                      - {name: MODE, value: live}
                      - {name: TOKEN, valueFrom: {ssmParameterRef: {name: /team/TOKEN}}}
                    envFrom: [{ssmPath: {path: /team/api/}}, {ssmPath: {path: /team/api/}, prefix: MODE_}]
                    requiredEnv: [{name: TOKEN, pattern: "^never seen here$"}, {name: KEY, pattern: "^nor here$"}]
                """);

        assertThat(request(desired, "prepare", RollPhase.Preparing))
                .containsExactly(
                        "version 1",
                        "verb prepare",
                        "service team.api",
                        "operation uid.5.2",
                        "owner cluster",
                        "revision 3",
                        "fingerprint print",
                        "runtime Docker",
                        "runAs ubuntu",
                        "gracePeriod 30",
                        "registryUser robot$api",
                        "registryParameter /team/registry",
                        "container api",
                        "image example.com/api:1",
                        "argument node",
                        "argument main.js",
                        "port 8081:3697",
                        "parameter KEY",
                        "from /team/api/KEY:7",
                        "env MODE",
                        "value live",
                        "parameter MODE_KEY",
                        "from /team/api/KEY:7",
                        "parameter TOKEN",
                        "from /team/TOKEN:4");
        assertThat(request(desired, "activate", RollPhase.Rolling))
                .doesNotContain("container api")
                .contains("runAs ubuntu");
        assertThat(request(desired, "rollback", RollPhase.TakingBack))
                .containsExactly(
                        "version 1",
                        "verb rollback",
                        "service team.api",
                        "operation uid.5.2",
                        "owner cluster",
                        "revision 2");
    }

    @Test
    void logOptionsTravelWithWhatFollowsFromTheLogGroup() {
        String spec = """
                ec2:
                  hosts: {select: {instanceIds: [i-0123456789abcdef0]}}
                  runtime: Docker
                  runAs: ubuntu
                  %s
                containers: [{name: api, image: "example.com/api:1", ports: [{containerPort: 3697, hostPort: 8081, protocol: HTTP}]}]
                """;
        assertThat(request(
                        desired(spec.formatted("logging: {driver: json-file, options: {max-size: 5m}}")),
                        "prepare",
                        RollPhase.Preparing))
                .containsSubsequence(
                        "runAs ubuntu",
                        "logDriver json-file",
                        "logOption max-file=3",
                        "logOption max-size=5m",
                        "container api");
        assertThat(request(
                        desired(spec.formatted("logging: {driver: awslogs}\n  logGroup: {name: /a, stream: b/c}")),
                        "prepare",
                        RollPhase.Preparing))
                .containsSubsequence("logDriver awslogs", "logOption awslogs-group=/a", "logOption awslogs-stream=b/c");
        assertThat(request(desired(spec.formatted("maxUnavailable: 1")), "prepare", RollPhase.Preparing))
                .noneMatch(line -> line.startsWith("log"));
    }

    @Test
    void processesTravelWithTheirSourceAndBuild() {
        DesiredState desired = desired("""
                ec2:
                  hosts: {select: {instanceIds: [i-0123456789abcdef0]}}
                  runtime: Pm2
                  runAs: ubuntu
                  terminationGracePeriodSeconds: 30
                  source: {repository: "https://git.example.com/a.git", revision: v1.8.2, credentialsParameter: /team/git}
                  build: [[npm, ci], [npm, run, build]]
                  processes: [{name: brain-api, script: dist/brain.js, port: 8081, instances: 2, env: [{name: MODE, value: live}]}]
                  executables: ["scripts/*.sh"]
                """);

        assertThat(request(desired, "prepare", RollPhase.Preparing))
                .endsWith(
                        "repository https://git.example.com/a.git",
                        "commit v1.8.2",
                        "credentialsParameter /team/git",
                        "build ",
                        "argument npm",
                        "argument ci",
                        "build ",
                        "argument npm",
                        "argument run",
                        "argument build",
                        "executable scripts/*.sh",
                        "process brain-api",
                        "script dist/brain.js",
                        "instances 2",
                        "port 8081",
                        "env MODE",
                        "value live");
    }
}
