package dev.lightkeeper.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.lightsail.LightsailClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.sts.StsClient;

/** Whoever types at 3 a.m. what the documentation says must not find out that it never worked. */
class CommandsInDocsTest {
    private static final Map<String, Class<?>> CLIENTS = Map.of(
            "lightsail",
            LightsailClient.class,
            "ssm",
            SsmClient.class,
            "sts",
            StsClient.class,
            "ec2",
            Ec2Client.class,
            "logs",
            CloudWatchLogsClient.class);
    /** Of services that the operator does not call, and what only the CLI can do. */
    private static final Set<String> OTHERS = Set.of(
            "cloudtrail lookup-events",
            "iam create-role",
            "iam put-role-policy",
            "iam simulate-principal-policy",
            "service-quotas list-service-quotas",
            "lightsail push-container-image");

    private static final Pattern OURS = Pattern.compile("(?<![.\\w])lightkeeper\\.dev/([a-z][a-z-]*[a-z])(?![a-z0-9])");
    private static final Path SOURCES = Documents.ROOT.resolve("operator/controller/src/main/java");

    @Test
    void everyPathOfAKubectlCommandIsAFieldOfTheApi() {
        List<String> commands = Commands.of("kubectl");
        assertThat(commands)
                .hasSizeGreaterThan(50)
                .allSatisfy(command ->
                        assertThat(Commands.unknownPaths(command)).as(command).isEmpty());
    }

    @Test
    void aPathThatIsNoFieldIsFound() {
        assertThat(
                        Commands.unknownPaths(
                                "kubectl get sdep a -o jsonpath='{.status.revision}{range .status.history[*]}{.reason}{end}{.status.url}'"))
                .containsExactly(".status.revision", ".reason");
    }

    @Test
    void everyCommandOfTheAwsCliExists() {
        assertThat(Commands.of("aws")).hasSizeGreaterThan(30).allSatisfy(command -> {
            String[] words = command.split("\\s+", -1);
            assertThat(OTHERS.contains(words[1] + " " + words[2]) || isOperation(words[1], words[2]))
                    .as(command)
                    .isTrue();
        });
        assertThat(isOperation("lightsail", "get-container-service")).isFalse();
    }

    private static boolean isOperation(String service, String command) {
        String method = Pattern.compile("-(.)")
                .matcher(command)
                .replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT));
        return CLIENTS.containsKey(service)
                && Arrays.stream(CLIENTS.get(service).getMethods())
                        .map(Method::getName)
                        .anyMatch(method::equals);
    }

    @Test
    void everyAnnotationAndTagThatIsNamedIsOneThatTheCodeKnows() throws IOException {
        Set<String> known;
        try (Stream<Path> files = Files.walk(SOURCES)) {
            known = files.filter(file -> file.toString().endsWith(".java"))
                    .flatMap(file -> ours(Documents.read(file)))
                    .collect(Collectors.toSet());
        }
        Set<String> named = Documents.all().stream()
                .flatMap(file -> ours(Documents.read(file)))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(named).contains("retry-requested-at", "rollback-to").allMatch(known::contains);
    }

    private static Stream<String> ours(String text) {
        return OURS.matcher(text).results().map(found -> found.group(1));
    }
}
