package dev.lightkeeper.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The IAM policies allow what the code calls, nothing more, and no change of a service that is not the operator's. */
class IamPoliciesTest {
    private static final Map<String, String> CLIENTS = Map.of(
            "software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient", "logs",
            "software.amazon.awssdk.services.ec2.Ec2Client", "ec2",
            "software.amazon.awssdk.services.lightsail.LightsailClient", "lightsail",
            "software.amazon.awssdk.services.ssm.SsmClient", "ssm");
    private static final Set<String> OF_CLIENTS = Set.of("builder", "close", "create", "serviceName");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$[A-Z_]+");

    private static final String PARAMETERS = "ssm:GetParameter";

    /** SecureStrings are decrypted in the caller's name. */
    private static final String DECRYPT = "kms:Decrypt";

    private static final Map<String, String> OURS = Map.of("lightkeeper.dev/cluster", "$CLUSTER_ID");
    private static final Map<String, String> THEIRS = Map.of("lightkeeper.dev/cluster", "another");

    private static final Set<String> CALLED = called();

    private static Set<String> called() {
        return new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("dev.lightkeeper.aws", "dev.lightkeeper.ec2", "dev.lightkeeper.lightsail")
                        .stream()
                        .flatMap(type -> Stream.concat(
                                type.getMethodCallsFromSelf().stream(), type.getMethodReferencesFromSelf().stream()))
                        .filter(call ->
                                CLIENTS.containsKey(call.getTargetOwner().getName()))
                        .filter(call -> !OF_CLIENTS.contains(call.getName()))
                        .map(IamPoliciesTest::action)
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String action(JavaAccess<?> call) {
        String method = call.getName();
        return CLIENTS.get(call.getTargetOwner().getName())
                + ":"
                + method.substring(0, 1).toUpperCase(Locale.ROOT)
                + method.substring(1);
    }

    private static Set<String> called(String prefix) {
        return CALLED.stream().filter(action -> action.startsWith(prefix)).collect(Collectors.toSet());
    }

    static JsonNode policy(String name) {
        return Repository.yaml(Repository.MANIFESTS.resolve("iam/" + name + ".json"));
    }

    static Set<String> actions(JsonNode policy) {
        return stream(policy.path("Statement"))
                .flatMap(statement -> stream(statement.path("Action")))
                .map(JsonNode::asText)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    @Test
    void theCodeCallsWhatIsExpectedOfIt() {
        assertThat(CALLED).hasSizeGreaterThan(10).contains("lightsail:GetContainerServices", "ssm:GetParameters");
    }

    @Test
    void fullAllowsAllThatTheCodeCalls() {
        Set<String> expected = new TreeSet<>(CALLED);
        expected.add(DECRYPT);

        assertThat(actions(policy("full"))).isEqualTo(expected);
    }

    @Test
    void observeAllowsWhatOnlyReads() {
        assertThat(actions(policy("observe"))).isEqualTo(called("lightsail:Get"));
    }

    @Test
    void lightsailAllowsAllOfTheTargetButDeletion() {
        Set<String> expected = called("lightsail:");
        assertThat(expected.remove("lightsail:DeleteContainerService")).isTrue();

        assertThat(actions(policy("lightsail"))).isEqualTo(expected);
    }

    @Test
    void parametersAllowsWhatReadsThem() {
        Set<String> expected = called(PARAMETERS);
        expected.add(DECRYPT);

        assertThat(actions(policy("parameters"))).isEqualTo(expected);
    }

    @Test
    void ec2AllowsAllOfTheTarget() {
        Set<String> expected = called("ec2:");
        expected.addAll(called("ssm:"));
        expected.addAll(called("logs:"));
        expected.removeAll(called(PARAMETERS));

        assertThat(actions(policy("ec2"))).isEqualTo(expected);
    }

    /** An instance is one resource of SendCommand, the document is the other. */
    @ParameterizedTest
    @ValueSource(strings = {"ec2", "full"})
    void commandsRunOneDocumentAndOnlyOnInstancesThatCarryTheTag(String name) {
        assertThat(policy(name).path("Statement"))
                .filteredOn(statement -> statement.path("Action").toString().contains("ssm:SendCommand"))
                .hasSize(2)
                .allSatisfy(statement -> assertThat(
                                statement.path("Resource").asText().endsWith(":document/AWS-RunShellScript")
                                        || statement
                                                .at("/Condition/StringEquals")
                                                .has("ssm:resourceTag/$HOST_TAG_KEY"))
                        .as(statement.toString())
                        .isTrue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ec2", "full"})
    void logsAreOnlyReadAndOnlyOfGroupsWithTheNamedBeginning(String name) {
        assertThat(policy(name).path("Statement"))
                .filteredOn(statement -> statement.path("Action").toString().contains("logs:"))
                .singleElement()
                .satisfies(statement -> {
                    assertThat(statement.path("Action")).hasSize(1);
                    assertThat(statement.path("Resource").asText()).endsWith(":log-group:$LOG_GROUPS*");
                });
    }

    @Test
    void theRoleOfInstancesReadsParametersAndShipsLogsAndNothingElse() {
        assertThat(actions(policy("instance-role")))
                .containsExactly(DECRYPT, "logs:CreateLogStream", "logs:PutLogEvents", "ssm:GetParameters");
        assertThat(policy("instance-role").path("Statement"))
                .filteredOn(statement -> statement.path("Action").toString().contains("logs:"))
                .singleElement()
                .satisfies(statement ->
                        assertThat(statement.path("Resource").asText()).endsWith(":log-group:$LOG_GROUPS*"));
    }

    @Test
    void assumeRoleAllowsNothingElse() {
        assertThat(actions(policy("assume-role"))).containsExactly("sts:AssumeRole");
    }

    @Test
    void onlyServicesThatCarryTheTagOfTheClusterAreEverChanged() {
        for (String name : Set.of("lightsail", "full")) {
            assertThat(policy(name).path("Statement"))
                    .filteredOn(statement -> statement.path("Action").toString().contains("lightsail:")
                            && !statement.path("Action").toString().contains(":Get"))
                    .hasSizeGreaterThan(3)
                    .allSatisfy(statement -> assertThat(
                                    statement.at("/Condition/StringEquals").toString())
                            .as(statement.path("Sid").asText())
                            .containsPattern("aws:(Request|Resource)Tag/lightkeeper.dev/cluster\":\"\\$CLUSTER_ID\""));
        }
    }

    /** AWS asks for the right to tag, too, when a resource is made with tags; it has none yet then. */
    @ParameterizedTest
    @ValueSource(strings = {"lightsail", "full"})
    void aServiceMayBeMadeWithItsTagsAndOnlyWithThem(String name) {
        for (String action : Set.of("lightsail:CreateContainerService", "lightsail:TagResource")) {
            assertThat(new IamRequest(action, OURS, Map.of()).allowedBy(policy(name)))
                    .as(action)
                    .isTrue();
            for (Map<String, String> tags : List.of(Map.<String, String>of(), THEIRS)) {
                assertThat(new IamRequest(action, tags, Map.of()).allowedBy(policy(name)))
                        .as("%s %s", action, tags)
                        .isFalse();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lightsail", "full"})
    void aServiceOfAnotherClusterIsNeverTouched(String name) {
        assertThat(called("lightsail:"))
                .filteredOn(
                        action -> !action.startsWith("lightsail:Get") && !action.endsWith(":CreateContainerService"))
                .isNotEmpty()
                .allSatisfy(action -> {
                    assertThat(new IamRequest(action, OURS, THEIRS).allowedBy(policy(name)))
                            .isFalse();
                    assertThat(new IamRequest(action, Map.of(), THEIRS).allowedBy(policy(name)))
                            .isFalse();
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"lightsail", "full"})
    void theTagOfTheClusterCanNeitherBeTakenAwayNorGivenAway(String name) {
        Map<String, String> other = Map.of("team", "core");
        assertThat(new IamRequest("lightsail:UntagResource", other, OURS).allowedBy(policy(name)))
                .isTrue();
        assertThat(new IamRequest("lightsail:UntagResource", OURS, OURS).allowedBy(policy(name)))
                .isFalse();
        assertThat(new IamRequest("lightsail:TagResource", other, OURS).allowedBy(policy(name)))
                .isTrue();
        assertThat(new IamRequest("lightsail:TagResource", THEIRS, OURS).allowedBy(policy(name)))
                .isFalse();
    }

    @Test
    void everyPlaceholderIsExplained() {
        String explained = Repository.read(Repository.DOCS.resolve("permissions.md"));
        for (Path file : Repository.files(Repository.MANIFESTS.resolve("iam"), ".json")) {
            assertThat(explained).contains("manifests/iam/" + file.getFileName());
            Matcher placeholder = PLACEHOLDER.matcher(Repository.read(file));
            while (placeholder.find()) {
                assertThat(explained).as(file.toString()).contains("`" + placeholder.group() + "`");
            }
        }
    }

    @Test
    void theDocumentNamesEveryAction() {
        String explained = Repository.read(Repository.DOCS.resolve("permissions.md"));

        assertThat(actions(policy("full")))
                .allSatisfy(action ->
                        assertThat(explained).contains("`" + action.substring(action.indexOf(':') + 1) + "`"));
    }
}
