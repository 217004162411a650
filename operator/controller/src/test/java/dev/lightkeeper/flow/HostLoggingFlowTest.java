package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.False;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Reason;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The log driver and its options are a part of the release that hosts run. */
class HostLoggingFlowTest {
    private static final String AWSLOGS = "awslogs {awslogs-group=/api/production, awslogs-stream=api/production}";

    private final Flow flow = Flow.onHosts();

    @AfterEach
    void nothingWasDoneTwice() {
        assertThat(flow.fleet.offences()).isEmpty();
    }

    private List<String> logging() {
        return List.of(flow.fleet.host("i-1").logging(), flow.fleet.host("i-2").logging());
    }

    private Flow shipping() {
        flow.manifest
                .initially("/ec2/logGroup", "{name: /api/production, stream: api/production}")
                .initially("/ec2/logging", "{driver: awslogs}")
                .initially(
                        "/verification/logMilestones",
                        "[{name: listening, pattern: 'Listening on port', withinSeconds: 120, enforcement: Required}]");
        return flow;
    }

    @Test
    void declaredOptionsReachEveryHostWithTheBoundThatIsLeftOut() {
        flow.manifest.initially("/ec2/logging", "{driver: json-file, options: {max-file: '5', compress: 'true'}}");
        flow.untilSteady();
        assertThat(logging()).containsOnly("json-file {compress=true, max-file=5, max-size=10m}");
        assertThat(flow.store.revision("1").template().ec2().logging().options())
                .containsEntry("max-size", "10m");
        flow.assertQuiet();
    }

    @Test
    void withoutADeclarationTheHostsDefaultHolds() {
        flow.untilSteady();
        assertThat(logging()).containsOnly("");
        flow.assertQuiet();
    }

    @Test
    void changeIsARevisionThatIsRolledByACanary() {
        flow.untilSteady();
        int before = flow.fleet.audit().size();
        flow.set("/ec2/logging", "{driver: local, options: {max-size: 20m}}").untilSteady();
        assertThat(flow.fleet.audit().subList(before, flow.fleet.audit().size()))
                .containsExactly("inspect i-1 i-2", "prepare i-1 i-2", "activate i-1", "activate i-2");
        assertThat(logging()).containsOnly("local {max-size=20m}");
        assertThat(flow.store.status().currentRevision()).isEqualTo("2");

        flow.set("/ec2/logging", "{driver: local, options: {max-size: 30m}}").untilSteady();
        assertThat(logging()).containsOnly("local {max-size=30m}");
        flow.set("/ec2/logging", null).untilSteady();
        assertThat(logging()).containsOnly("");
    }

    @Test
    void canaryThatFailsWithANewDriverIsTakenBack() {
        flow.untilSteady();
        flow.fleet.cannotStart(Manifest.IMAGE);
        flow.set("/ec2/logging", "{driver: journald}").until("Stalled", True, Reason.DeploymentFailed);
        assertThat(logging()).containsOnly("");
        assertThat(flow.fleet.audit()).doesNotContain("activate i-1 i-2");
    }

    @Test
    void containerWithOtherOptionsIsBroughtBack() {
        flow.manifest.initially("/ec2/logging", "{driver: local}");
        flow.untilSteady();
        flow.fleet.host("i-2").loggingDiffers = true;
        flow.until("Ready", False, Reason.ContentMismatch);
        assertThat(flow.message("Ready")).contains("host i-2: the log driver or a log option of \"api\"");
        flow.untilSteady();
        assertThat(flow.fleet.host("i-2").loggingDiffers).isFalse();
    }

    @Test
    void whatIsShippedIntoTheGroupIsReadFromIt() {
        shipping().until(() -> flow.is("Reconciling", True, Reason.Verifying));
        flow.cloud.log().write("Listening on port 3697");
        flow.untilReady();
        assertThat(logging()).containsOnly(AWSLOGS);
        assertThat(flow.told("LogsPassed")).containsExactly("LogsPassed=True/Passing");
        assertThat(flow.fleet.log().commands()).isEmpty();
    }

    @Test
    void groupOfAShippingServiceIsAPartOfItsRelease() {
        shipping().until(() -> flow.is("Reconciling", True, Reason.Verifying));
        flow.cloud.log().write("Listening on port 3697");
        flow.untilSteady();
        flow.set("/ec2/logGroup", "{name: /api/production, stream: other}")
                .until(() -> flow.is("Reconciling", True, Reason.Verifying));
        flow.cloud.log().write("Listening on port 3697");
        flow.untilSteady();
        assertThat(logging()).containsOnly("awslogs {awslogs-group=/api/production, awslogs-stream=other}");
        assertThat(flow.store.status().currentRevision()).isEqualTo("2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Docker | {driver: k8s-file} | write json-file",
                "Docker | {driver: syslog} | write json-file, local, journald, awslogs or none",
                "Podman | {driver: json-file} | Podman has no log driver json-file: write k8s-file",
                "Podman | {driver: awslogs} | write journald, and let an agent of the hosts ship it",
                "Podman | {driver: passthrough} | write journald",
                "Docker | {driver: json-file, options: {labels-regex: x}} | allowed are compress, max-buffer-size, max-file, max-size, mode, tag",
                "Docker | {driver: none, options: {max-size: 1m}} | it has no options",
                "Podman | {driver: k8s-file, options: {path: /etc/passwd}} | options.path is not allowed",
                "Docker | {driver: awslogs, options: {awslogs-group: /a, awslogs-credentials-endpoint: /b}} | awslogs-credentials-endpoint is not allowed",
                "Docker | {driver: json-file, options: {max-size: 10MB}} | options.max-size has a value that is not allowed",
                "Docker | {driver: json-file, options: {tag: '{{.ContainerEnv}}'}} | options.tag has a value that is not allowed",
                "Podman | {driver: journald, options: {tag: '{{.Config.Env}}'}} | options.tag has a value that is not allowed",
                "Docker | {driver: local, options: {max-file: '1'}} | compress to \"false\"",
                "Docker | {driver: journald, options: {max-buffer-size: 1m}} | needs mode: non-blocking",
                "Docker | {driver: awslogs} | driver awslogs needs a group",
                "Docker | {driver: awslogs, options: {awslogs-group: /a, awslogs-region: mars-1}} | has to be spec.region",
                "Docker | {driver: awslogs, options: {awslogs-group: /a, awslogs-multiline-pattern: '('}} | not a regular expression of RE2",
                "Docker | {driver: awslogs, options: {awslogs-group: /a, awslogs-multiline-pattern: a, awslogs-datetime-format: b}} | Docker takes either",
            })
    void whatCannotWorkIsRefusedWithWhatToWrite(String runtime, String logging, String words) {
        flow.manifest.initially("/ec2/runtime", runtime).initially("/ec2/logging", logging);
        flow.run();
        assertThat(flow.told("Ready", "Stalled"))
                .containsExactly("Ready=False/InvalidSpec", "Stalled=True/InvalidSpec");
        assertThat(flow.message("Stalled")).contains(words);
        assertThat(flow.fleet.audit()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{awslogs-group: /api/other} | awslogs-group is \"/api/other\", but ec2.logGroup \"/api/production\"",
                "{awslogs-stream: other} | awslogs-stream is \"other\", but ec2.logGroup.stream \"api/production\"",
                "{tag: '{{.Name}}'} | tag names a stream for each container",
            })
    void optionsThatDisagreeWithTheLogGroupAreRefused(String options, String words) {
        shipping();
        flow.manifest.initially("/ec2/logging", "{driver: awslogs, options: %s}".formatted(options));
        flow.run();
        assertThat(flow.told("Stalled")).containsExactly("Stalled=True/InvalidSpec");
        assertThat(flow.message("Stalled")).contains(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{driver: none}", "{driver: awslogs, options: {awslogs-group: /a, cache-disabled: 'true'}}"})
    void checksOfALogThatNobodyKeepsAreRefused(String logging) {
        shipping();
        flow.manifest.initially("/ec2/logGroup", null).initially("/ec2/logging", logging);
        flow.run();
        assertThat(flow.told("Stalled")).containsExactly("Stalled=True/InvalidSpec");
        assertThat(flow.message("Stalled")).contains("have no log to look into");
    }
}
