package dev.lightkeeper.simulators.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.lightkeeper.simulators.aws.audit.AuditEntry;
import dev.lightkeeper.simulators.aws.audit.Effect;
import dev.lightkeeper.simulators.aws.faults.Fault;
import dev.lightkeeper.simulators.aws.faults.FaultKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.Command;
import software.amazon.awssdk.services.ssm.model.CommandFilter;
import software.amazon.awssdk.services.ssm.model.CommandFilterKey;
import software.amazon.awssdk.services.ssm.model.CommandInvocation;
import software.amazon.awssdk.services.ssm.model.CommandInvocationStatus;
import software.amazon.awssdk.services.ssm.model.CommandStatus;
import software.amazon.awssdk.services.ssm.model.GetCommandInvocationResponse;
import software.amazon.awssdk.services.ssm.model.InvocationDoesNotExistException;
import software.amazon.awssdk.services.ssm.model.SendCommandRequest;
import software.amazon.awssdk.services.ssm.model.Target;

class RunCommandTest extends ManualWorld {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final SsmClient ssm = Sdk.ssm(aws);

    @AfterEach
    void closeSsm() {
        ssm.close();
    }

    private String host() {
        return aws.ec2(Sdk.REGION).running(Map.of("Service", "web"));
    }

    private Command send(Consumer<SendCommandRequest.Builder> more, String... lines) {
        return ssm.sendCommand(r -> more.accept(
                        r.documentName("AWS-RunShellScript").parameters(Map.of("commands", List.of(lines)))))
                .command();
    }

    private String send(String host, String... lines) {
        return send(r -> r.instanceIds(host), lines).commandId();
    }

    /** Time passes, what is delivered in it runs to its end. */
    private void deliver() {
        deliver(Duration.ofSeconds(3));
    }

    private void deliver(Duration time) {
        pass(time);
        assertThat(aws.ssm().awaitScripts(LONG)).isTrue();
    }

    private GetCommandInvocationResponse result(String command, String host) {
        return ssm.getCommandInvocation(r -> r.commandId(command).instanceId(host));
    }

    private Command command(String id) {
        return ssm.listCommands(r -> r.commandId(id)).commands().getFirst();
    }

    private String status(String command, String host) {
        return result(command, host).statusDetails();
    }

    private static CommandFilter filter(CommandFilterKey key, String value) {
        return CommandFilter.builder().key(key).value(value).build();
    }

    private static Target target(String key, String... values) {
        return Target.builder().key(key).values(values).build();
    }

    private static void refusedWith(String code, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(AwsServiceException.class, e -> {
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
            assertThat(e.statusCode()).isEqualTo(400);
        });
    }

    @Test
    void scriptsAreExecutedAndTheirResultIsRead() {
        String host = host();
        Command sent = send(r -> r.instanceIds(host).comment("operation 1"), "echo out; echo error >&2", "exit 3");
        assertThat(sent.commandId()).hasSize(36);
        assertThat(sent.status()).isEqualTo(CommandStatus.PENDING);
        assertThat(sent.expiresAfter()).isEqualTo(START.plusSeconds(7_200));
        deliver();

        GetCommandInvocationResponse result = result(sent.commandId(), host);
        assertThat(result.status()).isEqualTo(CommandInvocationStatus.FAILED);
        assertThat(result.statusDetails()).isEqualTo("Failed");
        assertThat(result.responseCode()).isEqualTo(3);
        assertThat(result.standardOutputContent()).isEqualTo("out\n");
        assertThat(result.standardErrorContent()).isEqualTo("error\n");
        assertThat(result.comment()).isEqualTo("operation 1");
        assertThat(result.executionStartDateTime()).isEqualTo("2026-11-22T00:00:02Z");
        CommandInvocation listed = ssm.listCommandInvocations(
                        r -> r.commandId(sent.commandId()).details(true))
                .commandInvocations()
                .getFirst();
        assertThat(listed.statusDetails()).isEqualTo("Failed");
        assertThat(listed.commandPlugins().getFirst().responseCode()).isEqualTo(3);
        assertThat(listed.commandPlugins().getFirst().output())
                .contains("out\n")
                .contains("error\n");
        Command command = command(sent.commandId());
        assertThat(command.statusDetails()).isEqualTo("Failed");
        assertThat(command.errorCount()).isEqualTo(1);
        assertThat(command.completedCount()).isEqualTo(1);
    }

    @Test
    void theLastCommandDecidesAndTheWorkingDirectoryIsUsed() {
        String host = host();
        String lenient = send(host, "false", "true");
        Command moved = ssm.sendCommand(r -> r.documentName("arn:aws:ssm:eu-central-1::document/AWS-RunShellScript")
                        .instanceIds(host)
                        .parameters(Map.of(
                                "commands", List.of("pwd"),
                                "workingDirectory", List.of("/usr"),
                                "executionTimeout", List.of("30"))))
                .command();
        deliver();
        assertThat(status(lenient, host)).isEqualTo("Success");
        assertThat(result(moved.commandId(), host).standardOutputContent()).isEqualTo("/usr\n");
        assertThat(moved.expiresAfter()).isEqualTo(START.plusSeconds(3_630));
    }

    @Test
    void theSameCallTwiceRunsTwice() {
        String host = host();
        String first = send(host, "echo x >> runs");
        String second = send(host, "echo x >> runs");
        assertThat(first).isNotEqualTo(second);
        deliver();
        String count = send(host, "wc -l < runs");
        deliver();
        assertThat(result(count, host).standardOutputContent().trim()).isEqualTo("2");
    }

    @Test
    void aNewCommandIsNotFoundAtFirst() {
        String host = host();
        String id = send(host, "true");
        assertThatThrownBy(() -> result(id, host)).isInstanceOf(InvocationDoesNotExistException.class);
        assertThat(ssm.listCommandInvocations(r -> r.commandId(id)).commandInvocations())
                .isEmpty();
        assertThat(ssm.listCommands(r -> r.commandId(id)).commands()).isEmpty();
        pass(Duration.ofSeconds(1));
        GetCommandInvocationResponse pending = result(id, host);
        assertThat(pending.statusDetails()).isEqualTo("Pending");
        assertThat(pending.responseCode()).isEqualTo(-1);
        assertThat(pending.standardOutputContent()).isEmpty();
        assertThat(pending.executionStartDateTime()).isEmpty();
    }

    @Test
    void aLostAnswerIsFoundByItsComment() {
        String host = host();
        aws.faults().add(Fault.of(FaultKind.LOST_AFTER, "SendCommand").times(1));
        assertThatThrownBy(() -> send(r -> r.instanceIds(host).comment("operation 7"), "true"))
                .isInstanceOf(SdkClientException.class);
        deliver();
        assertThat(ssm.listCommands(r -> r.filters(
                                filter(CommandFilterKey.INVOKED_AFTER, "2026-11-21T23:59:00Z"),
                                filter(CommandFilterKey.DOCUMENT_NAME, "AWS-RunShellScript")))
                        .commands())
                .extracting(Command::comment, Command::statusDetails)
                .containsExactly(tuple("operation 7", "Success"));
    }

    @Test
    void theAuditKeepsTargetAndCommentButNoScript() {
        String host = host();
        send(r -> r.instanceIds(host).comment("operation 1"), "echo hunter2");
        AuditEntry entry = aws.audit().mutations().getLast();
        assertThat(entry.operation()).isEqualTo("SendCommand");
        assertThat(entry.target()).isEqualTo(host);
        assertThat(entry.comment()).isEqualTo("operation 1");
        assertThat(entry.effect()).isEqualTo(Effect.CREATED);
        assertThat(entry.requestBytes()).isGreaterThan("echo hunter2".length());
        assertThat(entry.toString()).doesNotContain("hunter2");
    }

    @Test
    void outputsAreCut() {
        String host = host();
        String id = send(host, "i=0; while [ $i -lt 3000 ]; do echo 0123456789; echo abcdefghij >&2; i=$((i+1)); done");
        deliver();
        GetCommandInvocationResponse result = result(id, host);
        assertThat(result.standardOutputContent()).hasSize(24_000).startsWith("0123456789");
        assertThat(result.standardErrorContent()).hasSize(8_000).endsWith("--output truncated--");
        assertThat(ssm.listCommandInvocations(r -> r.commandId(id).details(true))
                        .commandInvocations()
                        .getFirst()
                        .commandPlugins()
                        .getFirst()
                        .output())
                .hasSize(2_500);
    }

    @Test
    void aScriptThatTakesTooLongIsEnded() {
        String host = host();
        String id = ssm.sendCommand(r -> r.documentName("AWS-RunShellScript")
                        .instanceIds(host)
                        .parameters(Map.of(
                                "commands", List.of("echo begun; exec sleep 600"), "executionTimeout", List.of("1"))))
                .command()
                .commandId();
        deliver();
        assertThat(result(id, host).status()).isEqualTo(CommandInvocationStatus.TIMED_OUT);
        assertThat(status(id, host)).isEqualTo("ExecutionTimedOut");
        assertThat(command(id).statusDetails()).isEqualTo("ExecutionTimedOut");
    }

    @Test
    void anOfflineAgentGetsItLaterOrNever() {
        String late = host();
        String never = host();
        aws.ec2(Sdk.REGION).agentOffline(late);
        aws.ec2(Sdk.REGION).agentOffline(never);
        String id =
                send(r -> r.instanceIds(late, never).timeoutSeconds(60), "true").commandId();
        deliver();
        assertThat(status(id, late)).isEqualTo("Delayed");
        assertThat(command(id).status()).isEqualTo(CommandStatus.PENDING);
        assertThat(command(id).statusDetails()).isEqualTo("Delayed");
        aws.ec2(Sdk.REGION).agentOnline(late);
        deliver(Duration.ofSeconds(10));
        assertThat(status(id, late)).isEqualTo("Success");
        deliver(Duration.ofSeconds(60));
        assertThat(status(id, never)).isEqualTo("DeliveryTimedOut");
        assertThat(result(id, never).status()).isEqualTo(CommandInvocationStatus.TIMED_OUT);
        assertThat(command(id).statusDetails()).isEqualTo("Incomplete");
        assertThat(command(id).deliveryTimedOutCount()).isEqualTo(1);
        assertThat(command(id).errorCount()).isZero();
    }

    @Test
    void aTerminatedInstanceGetsNothing() {
        String host = host();
        String id = send(host, "true");
        aws.ec2(Sdk.REGION).terminate(host);
        deliver();
        assertThat(status(id, host)).isEqualTo("Undeliverable");
        assertThat(command(id).statusDetails()).isEqualTo("Failed");
    }

    @Test
    void aRestartInTheMiddleLosesTheResult() {
        String host = host();
        String id = ssm.sendCommand(r -> r.documentName("AWS-RunShellScript")
                        .instanceIds(host)
                        .parameters(Map.of("commands", List.of("exec sleep 600"), "executionTimeout", List.of("900"))))
                .command()
                .commandId();
        pass(Duration.ofSeconds(3));
        assertThat(status(id, host)).isEqualTo("InProgress");
        aws.ec2(Sdk.REGION).stop(host);
        pass(Duration.ofMinutes(2));
        aws.ec2(Sdk.REGION).start(host);
        deliver(Duration.ofMinutes(2));
        assertThat(status(id, host)).isEqualTo("InProgress");
        deliver(Duration.ofMinutes(15));
        assertThat(status(id, host)).isEqualTo("ExecutionTimedOut");
    }

    @Test
    void anAgentThatIsCutOffTellsItsResultLater(@TempDir Path folder) throws IOException {
        String host = host();
        Path go = folder.resolve("go");
        String id = send(host, "while [ ! -e '" + go + "' ]; do sleep 0.05; done; echo done");
        pass(Duration.ofSeconds(3));
        aws.ec2(Sdk.REGION).agentOffline(host);
        Files.createFile(go);
        deliver();
        assertThat(status(id, host)).isEqualTo("InProgress");
        aws.ec2(Sdk.REGION).agentOnline(host);
        deliver(Duration.ofSeconds(5));
        assertThat(result(id, host).standardOutputContent()).isEqualTo("done\n");
        assertThat(status(id, host)).isEqualTo("Success");
    }

    @Test
    void oneBadInstanceRefusesTheWholeCall() {
        String good = host();
        String fresh = aws.ec2(Sdk.REGION).launch(Map.of());
        pass(Duration.ofSeconds(30));
        assertThatThrownBy(() -> send(r -> r.instanceIds(good, fresh), "true"))
                .hasMessageContaining(
                        "Instances [[" + fresh + "]] not in a valid state for account " + AwsSimulator.DEFAULT_ACCOUNT);
        refusedWith("InvalidInstanceId", () -> send("i-0123456789abcdef0", "true"));
        pass(Duration.ofMinutes(1));
        String id = send(r -> r.instanceIds(good, fresh), "true").commandId();
        deliver();
        assertThat(command(id).statusDetails()).isEqualTo("Success");

        aws.ec2(Sdk.REGION).stop(fresh);
        pass(Duration.ofMinutes(2));
        refusedWith("InvalidInstanceId", () -> send(fresh, "true"));
        aws.ssm().commands(Sdk.REGION).acceptStopped(true);
        String waiting = send(fresh, "true");
        deliver();
        assertThat(status(waiting, fresh)).isEqualTo("Delayed");
    }

    @Test
    void requestsOutsideOfTheLimitsAreRefused() {
        String host = host();
        refusedWith("ValidationException", () -> send(r -> r.instanceIds(host).comment("x".repeat(101)), "true"));
        send(r -> r.instanceIds(host).comment("x".repeat(100)), "true");
        refusedWith("ValidationException", () -> send(r -> r.instanceIds(host).timeoutSeconds(29), "true"));
        refusedWith("ValidationException", () -> send(r -> r.instanceIds(host).maxErrors("200%"), "true"));
        refusedWith("ValidationException", () -> send(r -> r.instanceIds("web"), "true"));
        refusedWith("ValidationException", () -> send(r -> {}, "true"));
        refusedWith("DuplicateInstanceId", () -> send(r -> r.instanceIds(host, host), "true"));
        List<String> ids = IntStream.range(0, 51)
                .mapToObj("i-0123456789abcde%02d"::formatted)
                .toList();
        refusedWith("ValidationException", () -> send(r -> r.instanceIds(ids), "true"));
        refusedWith("MaxDocumentSizeExceeded", () -> send(host, "#".repeat(97 * 1024 + 1)));
        send(host, "#".repeat(97 * 1024));
        refusedWith("InvalidParameters", () -> send(host));
        refusedWith(
                "InvalidParameters",
                () -> send(r -> r.instanceIds(host).parameters(Map.of("script", List.of("true"))), "true"));
        refusedWith(
                "InvalidParameters",
                () -> send(
                        r -> r.instanceIds(host)
                                .parameters(Map.of("commands", List.of("true"), "executionTimeout", List.of("0"))),
                        "true"));
        refusedWith(
                "InvalidDocument",
                () -> send(r -> r.instanceIds(host).documentName("AWS-RunPowerShellScript"), "true"));
        refusedWith(
                "InvalidDocumentVersion", () -> send(r -> r.instanceIds(host).documentVersion("7"), "true"));
        aws.ssm().commands(Sdk.REGION).deny(host, true);
        refusedWith("AccessDeniedException", () -> send(host, "true"));
    }

    @Test
    void tagsSelectAtTheTimeOfDelivery() {
        String web = host();
        String other = aws.ec2(Sdk.REGION).running(Map.of("Service", "batch"));
        Command sent = send(r -> r.targets(target("tag:Service", "web", "shop"), target("tag-key", "Service")), "true");
        assertThat(sent.targetCount()).isZero();
        String none =
                send(r -> r.targets(target("tag:Service", "none")), "true").commandId();
        aws.ssm().commands(Sdk.REGION).deny(other, true);
        String denied =
                send(r -> r.targets(target("tag:Service", "batch")), "true").commandId();
        deliver();
        assertThat(command(sent.commandId()).targetCount()).isEqualTo(1);
        assertThat(status(sent.commandId(), web)).isEqualTo("Success");
        assertThat(command(none).status()).isEqualTo(CommandStatus.SUCCESS);
        assertThat(command(none).statusDetails()).isEqualTo("NoInstancesInTag");
        assertThat(status(denied, other)).isEqualTo("AccessDenied");
    }

    @Test
    void tooManyErrorsEndTheCommand() {
        List<String> hosts = List.of(host(), host(), host());
        String first = hosts.stream().sorted().toList().getFirst();
        String id = send(r -> r.instanceIds(hosts).maxConcurrency("1").maxErrors("0"), "exit 1")
                .commandId();
        deliver();
        assertThat(status(id, first)).isEqualTo("Failed");
        assertThat(hosts.stream().filter(host -> status(id, host).equals("Terminated")))
                .hasSize(2);
        assertThat(command(id).statusDetails()).isEqualTo("Failed");
        String tolerant = send(r -> r.instanceIds(hosts).maxConcurrency("50%").maxErrors("2"), "exit 1")
                .commandId();
        deliver();
        assertThat(command(tolerant).errorCount()).isEqualTo(3);
    }

    @Test
    void cancellingIsARequest() {
        String host = host();
        String early = send(host, "true");
        ssm.cancelCommand(r -> r.commandId(early));
        assertThat(aws.audit().entries().getLast().effect()).isEqualTo(Effect.CHANGED);
        deliver();
        assertThat(status(early, host)).isEqualTo("Cancelled");
        assertThat(command(early).status()).isEqualTo(CommandStatus.CANCELLED);

        String running = send(host, "sleep 1; echo done");
        pass(Duration.ofSeconds(3));
        ssm.cancelCommand(r -> r.commandId(running).instanceIds(host));
        assertThat(command(running).status()).isEqualTo(CommandStatus.CANCELLING);
        assertThat(aws.ssm().awaitScripts(LONG)).isTrue();
        assertThat(result(running, host).standardOutputContent()).isEqualTo("done\n");
        ssm.cancelCommand(r -> r.commandId(running));
        assertThat(aws.audit().entries().getLast().effect()).isEqualTo(Effect.NONE);
        refusedWith("InvalidCommandId", () -> ssm.cancelCommand(r -> r.commandId("0".repeat(36))));
        refusedWith(
                "InvalidInstanceId",
                () -> ssm.cancelCommand(r -> r.commandId(running).instanceIds("i-0123456789abcdef0")));
        refusedWith(
                "DuplicateInstanceId",
                () -> ssm.cancelCommand(r -> r.commandId(running).instanceIds(host, host)));
    }

    @Test
    void listsComeInPagesNewestFirst() {
        String host = host();
        List<String> sent =
                IntStream.range(0, 5).mapToObj(i -> send(host, "true")).toList();
        deliver();
        assertThat(ssm.listCommandsPaginator(r -> r.maxResults(2)).commands().stream())
                .extracting(Command::commandId)
                .containsExactlyElementsOf(sent.reversed());
        assertThat(ssm.listCommandInvocationsPaginator(r -> r.maxResults(2).instanceId(host))
                        .commandInvocations())
                .hasSize(5);
        assertThat(ssm.listCommands(r -> r.filters(filter(CommandFilterKey.EXECUTION_STAGE, "Executing")))
                        .commands())
                .isEmpty();
        refusedWith("ValidationException", () -> ssm.listCommands(r -> r.maxResults(51)));
        refusedWith("InvalidNextToken", () -> ssm.listCommands(r -> r.nextToken("x")));
        refusedWith(
                "InvalidFilterKey",
                () -> ssm.listCommandInvocations(r -> r.filters(filter(CommandFilterKey.DOCUMENT_NAME, "x"))));
        refusedWith(
                "InvalidPluginName",
                () -> ssm.getCommandInvocation(
                        r -> r.commandId(sent.getFirst()).instanceId(host).pluginName("other")));
    }

    @Test
    void commandsAreForgottenAfterThirtyDays() {
        String host = host();
        String id = send(host, "true");
        deliver();
        pass(Duration.ofDays(30));
        assertThatThrownBy(() -> result(id, host)).isInstanceOf(InvocationDoesNotExistException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "THROTTLE,ThrottlingException",
        "SERVER_ERROR,InternalServerError",
        "DENIED,AccessDeniedException",
        "EXPIRED_TOKEN,ExpiredTokenException"
    })
    void faultsMeetCommands(FaultKind kind, String code) {
        String host = host();
        aws.faults().add(Fault.of(kind, "SendCommand").onTarget(host).times(1));
        assertThatThrownBy(() -> send(host, "true"))
                .isInstanceOfSatisfying(
                        AwsServiceException.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code));
        assertThat(aws.ssm().commands(Sdk.REGION).commands()).isEmpty();
    }

    @Test
    void staleAndFutureAnswers() {
        String host = host();
        String id = send(host, "true");
        deliver();
        pass(Duration.ofMinutes(1));
        Fault stale =
                Fault.of(FaultKind.STALE_READ).delayed(Duration.ofSeconds(62)).times(1);
        aws.faults().add(stale);
        assertThat(status(id, host)).isEqualTo("Pending");
        aws.faults().clear();
        aws.faults().add(Fault.of(FaultKind.UNKNOWN_VALUE));
        assertThat(result(id, host).status()).isEqualTo(CommandInvocationStatus.UNKNOWN_TO_SDK_VERSION);
    }
}
