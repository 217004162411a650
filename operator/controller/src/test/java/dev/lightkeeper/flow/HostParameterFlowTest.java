package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.AutomaticAct;
import dev.lightkeeper.api.v1alpha1.AutomaticActKind;
import dev.lightkeeper.api.v1alpha1.Reason;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Variables of a service on hosts that come from SSM Parameter Store: the operator knows their versions, hosts their values. */
class HostParameterFlowTest {
    private static final String DSN = "/shop/api/DATABASE_URL";
    private static final String REFERENCE =
            "[{name: DATABASE_URL, valueFrom: {ssmParameterRef: {name: /shop/api/DATABASE_URL}}}]";
    private static final String PATH = "[{ssmPath: {path: /shop/api/}}]";
    private static final String LOGIN = "{username: robot, passwordParameter: /shop/registry}";
    private static final String PM2 = "{hosts: {select: {tags: {Service: api}}}, runtime: Pm2, runAs: ubuntu,"
            + " terminationGracePeriodSeconds: 30, build: [], executables: [],"
            + " source: {repository: 'https://git.example.com/a.git', revision: v1, credentialsParameter: /shop/git},"
            + " processes: [{name: api, script: main.js, instances: 1, port: 3697}]}";
    private static final String BAD = "example.com/api:bad";

    private final Flow flow = Flow.onHosts();

    @AfterEach
    void nothingForbiddenWasDone() {
        assertThat(flow.fleet.offences()).isEmpty();
    }

    private Map<String, String> environment(String host) {
        return flow.fleet.host(host).environment();
    }

    private void untilOnAllHosts(String version) {
        flow.until(() -> version.equals(environment("i-1").get("DATABASE_URL"))
                && version.equals(environment("i-2").get("DATABASE_URL")));
    }

    @Test
    void parametersBelowAPathReachHostsAsNameAndVersionInTheOrderOfAPod() {
        flow.parameters.put("/shop/api/LOG_LEVEL", "debugging");
        flow.parameters.put("/shop/api/LOG_LEVEL", "informing");
        flow.parameters.put("/shop/api/not-a-name", "left out");
        flow.parameters.put("/shop/api/deep/X", "left out too");
        flow.parameters.put(DSN, "postgres://u:hunter2@db");
        flow.manifest
                .initially(
                        "/containers/0/envFrom",
                        "[{ssmPath: {path: /shop/api/}}, {ssmPath: {path: /shop/api/}, prefix: C_}]")
                .initially("/containers/0/env", "[{name: C_LOG_LEVEL, value: literal}]")
                .initially(
                        "/containers/0/requiredEnv",
                        "[{name: DATABASE_URL, pattern: '^never seen here$'}, {name: C_LOG_LEVEL, pattern: '^literal$'}]");

        flow.untilSteady().assertQuiet();

        assertThat(environment("i-1"))
                .isEqualTo(environment("i-2"))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "C_DATABASE_URL", "/shop/api/DATABASE_URL:1",
                        "C_LOG_LEVEL", "literal",
                        "DATABASE_URL", "/shop/api/DATABASE_URL:1",
                        "LOG_LEVEL", "/shop/api/LOG_LEVEL:2"));
    }

    @Test
    void variableThatOverridesAPathIsHeldAgainstItsOwnValue() {
        flow.parameters.put(DSN, "postgres://u:hunter2@db");
        flow.manifest
                .initially("/containers/0/envFrom", PATH)
                .initially("/containers/0/env", "[{name: DATABASE_URL, value: ''}]")
                .initially("/containers/0/requiredEnv", "[{name: DATABASE_URL}]");

        flow.until("Stalled", True, Reason.EnvironmentInvalid);

        assertThat(flow.fleet.audit()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"env | " + REFERENCE, "envFrom | " + PATH})
    void rotatedParameterIsANewRevisionOnAllHosts(String field, String source) {
        flow.parameters.put(DSN, "postgres://u:hunter2@db");
        flow.manifest.initially("/containers/0/" + field, source);
        flow.untilSteady().assertQuiet();
        String before = flow.store.status().currentRevision();
        int sent = flow.fleet.audit().size();

        flow.parameters.put(DSN, "postgres://u:rotated@db");
        untilOnAllHosts("/shop/api/DATABASE_URL:2");
        flow.untilSteady().assertQuiet();

        assertThat(flow.fleet.audit().subList(sent, flow.fleet.audit().size()))
                .containsExactly("inspect i-1 i-2", "prepare i-1 i-2", "activate i-1", "activate i-2");
        assertThat(flow.store.status().currentRevision()).isNotEqualTo(before);
        assertThat(flow.is("Ready", True, Reason.Verified)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"env | " + REFERENCE, "envFrom | " + PATH})
    void rotatedParameterReachesTheRevisionThatIsKeptAndTheFailureStays(String field, String source) {
        flow.parameters.put(DSN, "postgres://u:hunter2@db");
        flow.manifest.initially("/containers/0/" + field, source);
        flow.untilSteady();
        flow.fleet.sick(BAD);
        flow.set("/containers/0/image", BAD).until("Stalled", True, Reason.DeploymentFailed);
        flow.pass(Duration.ofMinutes(5));

        flow.parameters.put(DSN, "postgres://u:rotated@db");
        untilOnAllHosts("/shop/api/DATABASE_URL:2");
        flow.until(() -> flow.store.status().rollout() == null);

        assertThat(flow.fleet.running().values()).allMatch(running -> running.endsWith("[" + Manifest.IMAGE + "]"));
        assertThat(flow.told("Ready", "Available"))
                .containsExactly("Ready=False/DeploymentFailed", "Available=True/Passing");
        assertThat(flow.store.status().automaticActs())
                .extracting(AutomaticAct::kind)
                .containsExactly(AutomaticActKind.Rotation);
    }

    @Test
    void parameterThatJoinsAPathIsANewRevisionAndOneThatIsGoneToo() {
        flow.parameters.put(DSN, "postgres://u:hunter2@db");
        flow.manifest.initially("/containers/0/envFrom", PATH);
        flow.untilSteady();
        flow.parameters.put("/shop/api/TOKEN", "one token");
        flow.until(() -> environment("i-2").containsKey("TOKEN")).untilSteady();
        flow.parameters.delete("/shop/api/TOKEN");
        flow.until(() -> !environment("i-2").containsKey("TOKEN")).untilSteady().assertQuiet();
    }

    @Test
    void emptyPathIsWaitedForAndTouchesNoHost() {
        flow.manifest.initially("/containers/0/envFrom", PATH);
        flow.until("Stalled", True, Reason.ReferenceNotFound);
        assertThat(flow.message("Stalled")).contains("/shop/api/");
        assertThat(flow.fleet.audit()).isEmpty();
        flow.parameters.put(DSN, "postgres://u:hunter2@db");
        flow.untilSteady();
    }

    @Test
    void rotatedRegistryPasswordOrAnotherLoginIsNoNewRelease() {
        flow.parameters.put("/shop/registry", "registry password");
        flow.manifest.initially("/ec2/registryCredentials", LOGIN);
        flow.untilSteady().assertQuiet();
        int sent = flow.fleet.audit().size();

        flow.parameters.put("/shop/registry", "another password");
        flow.pass(Duration.ofMinutes(20)).assertQuiet();
        flow.parameters.put("/shop/registry-2", "registry password");
        flow.set("/ec2/registryCredentials", "{username: other, passwordParameter: /shop/registry-2}")
                .untilSteady()
                .assertQuiet();

        assertThat(flow.fleet.audit()).hasSize(sent);
        assertThat(flow.store.status().currentRevision()).isEqualTo("1");
        assertThat(flow.parameters.queries()).allMatch(query -> query.versionsOnly());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/ec2/registryCredentials | " + LOGIN + " | /shop/registry",
                "/ec2                     | " + PM2 + "   | /shop/git",
            })
    void loginThatIsNotThereOrNotAllowedToTheNamespaceIsToldBeforeAnyHostIsTouched(
            String pointer, String yaml, String parameter) {
        if (pointer.equals("/ec2")) {
            flow.manifest.initially("/containers", null);
        }
        flow.manifest.initially(pointer, yaml);
        flow.until("Stalled", True, Reason.ReferenceNotFound);
        assertThat(flow.message("Stalled")).contains("parameter \"" + parameter + "\"", "does not exist");

        flow.parameters.put(parameter, "a password");
        flow.parameters.refuse(parameter, Reason.AccessNotAllowed, "access.parameterPaths do not allow " + parameter);
        flow.until("Stalled", True, Reason.AccessNotAllowed);
        assertThat(flow.message("Stalled")).contains(parameter);
        assertThat(flow.fleet.audit()).isEmpty();

        flow.parameters.allow(parameter);
        flow.untilSteady().assertQuiet();
    }

    @Test
    void registryLoginOfPm2IsRefused() {
        flow.parameters.put("/shop/git", "a token");
        flow.parameters.put("/shop/registry", "registry password");
        flow.manifest
                .initially("/containers", null)
                .initially("/ec2", PM2)
                .initially("/ec2/registryCredentials", LOGIN);
        flow.until("Stalled", True, Reason.InvalidSpec);
        assertThat(flow.message("Stalled")).contains("registryCredentials");
        assertThat(flow.fleet.audit()).isEmpty();
    }
}
