package dev.lightkeeper.simulators.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lightkeeper.simulators.aws.ec2.Ec2Api;
import dev.lightkeeper.simulators.aws.lightsail.LightsailApi;
import dev.lightkeeper.simulators.aws.logs.LogsApi;
import dev.lightkeeper.simulators.aws.ssm.RunCommand;
import dev.lightkeeper.simulators.aws.ssm.SsmApi;
import dev.lightkeeper.simulators.aws.sts.Credentials.Role;
import dev.lightkeeper.simulators.aws.sts.StsApi;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Drives every operation with the real AWS command line. */
@Execution(ExecutionMode.CONCURRENT)
class AwsCliIT extends ManualWorld {
    private final Set<String> covered = new TreeSet<>();

    @TempDir
    Path folder = Path.of(".");

    @BeforeEach
    void findCli() {
        boolean present = List.of(System.getenv("PATH").split(File.pathSeparator, -1)).stream()
                .anyMatch(d -> Files.isExecutable(Path.of(d, "aws")));
        assumeTrue(present, "Skipped: there is no aws command on the PATH.");
    }

    private record Result(int exit, String out, String error) {}

    private Result run(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("aws", "--output", "json"));
        command.addAll(arguments);
        try {
            Path out = Files.createTempFile(folder, "out", "");
            Path error = Files.createTempFile(folder, "error", "");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(error.toFile());
            Map<String, String> environment = builder.environment();
            environment.keySet().removeIf(name -> name.startsWith("AWS_"));
            environment.put("AWS_ENDPOINT_URL", aws.endpoint().toString());
            environment.put("AWS_ACCESS_KEY_ID", AwsSimulator.DEFAULT_ACCESS_KEY);
            environment.put("AWS_SECRET_ACCESS_KEY", AwsSimulator.DEFAULT_SECRET_KEY);
            environment.put("AWS_REGION", Sdk.REGION);
            environment.put("AWS_DEFAULT_REGION", Sdk.REGION);
            environment.put("AWS_MAX_ATTEMPTS", "1");
            environment.put("AWS_EC2_METADATA_DISABLED", "true");
            environment.put("AWS_CONFIG_FILE", folder.resolve("config").toString());
            environment.put("AWS_PAGER", "");
            environment.put("NO_PROXY", "127.0.0.1");
            Process process = builder.start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command + " did not end");
            }
            return new Result(
                    process.exitValue(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(error, StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private JsonNode ok(String... arguments) throws IOException {
        Result result = run(List.of(arguments));
        assertThat(result.exit())
                .as(String.join(" ", arguments) + ": " + result.error())
                .isZero();
        covered.add(aws.audit().entries().getLast().operation());
        return new JsonMapper().readTree(result.out().isBlank() ? "{}" : result.out());
    }

    private JsonNode lightsail(String operation, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("lightsail", operation));
        all.addAll(List.of(arguments));
        return ok(all.toArray(String[]::new));
    }

    private String refused(String... arguments) {
        Result result = run(List.of(arguments));
        assertThat(result.exit()).isNotZero();
        return result.error();
    }

    @Test
    void everyOperationOfLightsail() throws IOException {
        assertThat(lightsail("get-container-service-powers").path("powers")).hasSize(6);
        lightsail("get-container-api-metadata");
        assertThat(lightsail(
                                "create-container-service",
                                "--service-name",
                                "web",
                                "--power",
                                "nano",
                                "--scale",
                                "1",
                                "--tags",
                                "key=owner,value=cli")
                        .at("/containerService/state")
                        .asText())
                .isEqualTo("PENDING");
        pass(Duration.ofMinutes(3));
        lightsail("create-container-service-registry-login");
        String digest = "sha256:" + "0a".repeat(32);
        for (int i = 0; i < 2; i++) {
            lightsail("register-container-image", "--service-name", "web", "--label", "api", "--digest", digest);
        }
        lightsail("delete-container-image", "--service-name", "web", "--image", ":web.api.2");
        assertThat(lightsail("get-container-images", "--service-name", "web")
                        .at("/containerImages/0/image")
                        .asText())
                .isEqualTo(":web.api.1");
        String containers = "{\"app\":{\"image\":\":web.api.1\",\"ports\":{\"8080\":\"HTTP\"}}}";
        assertThat(lightsail("create-container-service-deployment", "--service-name", "web", "--containers", containers)
                        .at("/containerService/nextDeployment/version")
                        .asInt())
                .isEqualTo(1);
        assertThat(refused(
                        "lightsail",
                        "create-container-service-deployment",
                        "--service-name",
                        "web",
                        "--containers",
                        containers))
                .contains("InvalidInputException")
                .contains("is in progress");
        settle();
        assertThat(lightsail("get-container-service-deployments", "--service-name", "web")
                        .at("/deployments/0/state")
                        .asText())
                .isEqualTo("ACTIVE");
        assertThat(lightsail(
                                "get-container-log",
                                "--service-name",
                                "web",
                                "--container-name",
                                "app",
                                "--start-time",
                                "2026-11-22T00:00:00Z")
                        .path("logEvents"))
                .isNotEmpty();
        assertThat(lightsail(
                                "get-container-service-metric-data",
                                "--service-name",
                                "web",
                                "--metric-name",
                                "CPUUtilization",
                                "--start-time",
                                "2026-11-22T00:00:00Z",
                                "--end-time",
                                "2026-11-23T00:00:00Z",
                                "--period",
                                "300",
                                "--statistics",
                                "Average")
                        .path("metricData"))
                .isNotEmpty();
        lightsail("update-container-service", "--service-name", "web", "--scale", "2");
        settle();
        lightsail("tag-resource", "--resource-name", "web", "--tags", "key=a,value=b");
        lightsail("untag-resource", "--resource-name", "web", "--tag-keys", "owner");
        JsonNode service = lightsail("get-container-services").at("/containerServices/0");
        assertThat(service.path("state").asText()).isEqualTo("RUNNING");
        assertThat(service.path("scale").asInt()).isEqualTo(2);
        assertThat(service.at("/tags/0/key").asText()).isEqualTo("a");
        lightsail("delete-container-service", "--service-name", "web");
        settle();
        assertThat(refused("lightsail", "get-container-services", "--service-name", "web"))
                .contains("NotFoundException");

        assertThat(covered).containsExactlyInAnyOrderElementsOf(LightsailApi.OPERATIONS);
    }

    @Test
    void everyOperationOfParameterStore() throws IOException {
        for (String value : List.of("first", "second")) {
            ok(
                    "ssm",
                    "put-parameter",
                    "--name",
                    "/shop/api/A",
                    "--type",
                    "SecureString",
                    "--value",
                    value,
                    "--overwrite");
        }
        assertThat(refused("ssm", "put-parameter", "--name", "/shop/api/A", "--type", "SecureString", "--value", "x"))
                .contains("ParameterAlreadyExists");
        ok("ssm", "label-parameter-version", "--name", "/shop/api/A", "--parameter-version", "1", "--labels", "live");
        assertThat(ok("ssm", "get-parameter", "--name", "/shop/api/A:live", "--with-decryption")
                        .at("/Parameter/Value")
                        .asText())
                .isEqualTo("first");
        assertThat(ok("ssm", "get-parameters", "--names", "/shop/api/A", "/none")
                        .at("/InvalidParameters/0")
                        .asText())
                .isEqualTo("/none");
        assertThat(ok("ssm", "get-parameters-by-path", "--path", "/shop/api/", "--with-decryption")
                        .at("/Parameters/0/Value")
                        .asText())
                .isEqualTo("second");
        assertThat(ok("ssm", "describe-parameters", "--parameter-filters", "Key=Path,Option=Recursive,Values=/shop")
                        .path("Parameters"))
                .hasSize(1);
        assertThat(ok("ssm", "get-parameter-history", "--name", "/shop/api/A").path("Parameters"))
                .hasSize(2);
        ok("ssm", "delete-parameter", "--name", "/shop/api/A");
        ok("ssm", "delete-parameters", "--names", "/shop/api/A");
        assertThat(refused("ssm", "get-parameter", "--name", "/shop/api/A")).contains("ParameterNotFound");

        assertThat(covered).containsExactlyInAnyOrderElementsOf(SsmApi.OPERATIONS);
    }

    @Test
    void everyOperationOfEc2() throws IOException {
        JsonNode launched = ok(
                "ec2",
                "run-instances",
                "--image-id",
                "ami-12345678",
                "--count",
                "1",
                "--client-token",
                "slot-1",
                "--tag-specifications",
                "ResourceType=instance,Tags=[{Key=Service,Value=web}]");
        String id = launched.at("/Instances/0/InstanceId").asText();
        assertThat(launched.at("/Instances/0/State/Name").asText()).isEqualTo("pending");
        pass(Duration.ofMinutes(1));
        assertThat(ok("ec2", "describe-instances", "--filters", "Name=tag:Service,Values=we*")
                        .at("/Reservations/0/Instances/0/InstanceId")
                        .asText())
                .isEqualTo(id);
        assertThat(ok("ec2", "describe-instance-status", "--instance-ids", id)
                        .at("/InstanceStatuses/0/InstanceState/Name")
                        .asText())
                .isEqualTo("running");
        assertThat(refused("ec2", "describe-instances", "--instance-ids", "i-0123456789abcdef0"))
                .contains("InvalidInstanceID.NotFound");
        assertThat(refused("ec2", "stop-instances", "--dry-run", "--instance-ids", id))
                .contains("DryRunOperation");
        ok("ec2", "create-tags", "--resources", id, "--tags", "Key=a,Value=b");
        ok("ec2", "delete-tags", "--resources", id, "--tags", "Key=Service");
        pass(Duration.ofMinutes(1));
        assertThat(ok("ec2", "describe-tags", "--filters", "Name=resource-id,Values=" + id)
                        .at("/Tags/0/Key")
                        .asText())
                .isEqualTo("a");
        ok("ec2", "stop-instances", "--instance-ids", id);
        pass(Duration.ofMinutes(2));
        assertThat(ok("ec2", "start-instances", "--instance-ids", id)
                        .at("/StartingInstances/0/PreviousState/Name")
                        .asText())
                .isEqualTo("stopped");
        assertThat(ok("ec2", "terminate-instances", "--instance-ids", id)
                        .at("/TerminatingInstances/0/CurrentState/Name")
                        .asText())
                .isEqualTo("shutting-down");
        assertThat(ok("ec2", "describe-regions", "--region-names", Sdk.REGION).path("Regions"))
                .hasSize(1);

        assertThat(covered).containsExactlyInAnyOrderElementsOf(Ec2Api.OPERATIONS);
    }

    @Test
    void everyOperationOfRunCommand() throws IOException {
        String host = aws.ec2(Sdk.REGION).running(Map.of());
        assertThat(ok("ssm", "describe-instance-information")
                        .at("/InstanceInformationList/0/PingStatus")
                        .asText())
                .isEqualTo("Online");
        String id = ok(
                        "ssm",
                        "send-command",
                        "--document-name",
                        "AWS-RunShellScript",
                        "--instance-ids",
                        host,
                        "--comment",
                        "operation 1",
                        "--parameters",
                        "commands=echo hello")
                .at("/Command/CommandId")
                .asText();
        assertThat(refused("ssm", "get-command-invocation", "--command-id", id, "--instance-id", host))
                .contains("InvocationDoesNotExist");
        pass(Duration.ofSeconds(3));
        assertThat(aws.ssm().awaitScripts(Duration.ofSeconds(60))).isTrue();
        assertThat(ok("ssm", "get-command-invocation", "--command-id", id, "--instance-id", host)
                        .path("StandardOutputContent")
                        .asText())
                .isEqualTo("hello\n");
        assertThat(ok("ssm", "list-commands").at("/Commands/0/Comment").asText())
                .isEqualTo("operation 1");
        assertThat(ok("ssm", "list-command-invocations", "--command-id", id, "--details")
                        .at("/CommandInvocations/0/CommandPlugins/0/Output")
                        .asText())
                .isEqualTo("hello\n");
        ok("ssm", "cancel-command", "--command-id", id);

        assertThat(covered).containsExactlyInAnyOrderElementsOf(RunCommand.OPERATIONS);
    }

    @Test
    void everyOperationOfLogs() throws IOException {
        aws.logs().in(Sdk.REGION).put("/shop/production", "web/1", "ERROR one");
        pass(Duration.ofSeconds(10));
        assertThat(ok("logs", "filter-log-events", "--log-group-name", "/shop/production", "--filter-pattern", "ERROR")
                        .at("/events/0/message")
                        .asText())
                .isEqualTo("ERROR one");
        assertThat(ok("logs", "get-log-events", "--log-group-name", "/shop/production", "--log-stream-name", "web/1")
                        .path("events"))
                .hasSize(1);
        assertThat(ok("logs", "describe-log-groups").path("logGroups")).hasSize(1);
        assertThat(ok("logs", "describe-log-streams", "--log-group-name", "/shop/production")
                        .path("logStreams"))
                .hasSize(1);
        assertThat(refused("logs", "filter-log-events", "--log-group-name", "/none"))
                .contains("ResourceNotFoundException");

        assertThat(covered).containsExactlyInAnyOrderElementsOf(LogsApi.OPERATIONS);
    }

    @Test
    void everyOperationOfSts() throws IOException {
        String role = "arn:aws:iam::210987654321:role/operator";
        aws.credentials().addRole(new Role(role, null, null));

        assertThat(ok("sts", "get-caller-identity").path("Account").asText()).isEqualTo(AwsSimulator.DEFAULT_ACCOUNT);
        assertThat(ok("sts", "assume-role", "--role-arn", role, "--role-session-name", "cli")
                        .at("/Credentials/SessionToken")
                        .asText())
                .isNotEmpty();
        ok(
                "sts",
                "assume-role-with-web-identity",
                "--role-arn",
                role,
                "--role-session-name",
                "cli",
                "--web-identity-token",
                "a.jwt.token");
        assertThat(refused("sts", "assume-role", "--role-arn", role + "x", "--role-session-name", "cli"))
                .contains("AccessDenied");

        assertThat(covered).containsExactlyInAnyOrderElementsOf(StsApi.OPERATIONS);
    }
}
