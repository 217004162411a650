package dev.lightkeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lightkeeper.api.v1alpha1.AwsAccount;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.api.v1alpha1.Summary;
import dev.lightkeeper.api.v1alpha1.TargetStatus;
import dev.lightkeeper.simulators.aws.AwsSimulator;
import dev.lightkeeper.simulators.aws.audit.AuditEntry;
import dev.lightkeeper.simulators.aws.faults.Fault;
import dev.lightkeeper.simulators.aws.faults.FaultKind;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What is wrong with an account is told by it, once, and by every resource that it stops; and it heals by itself. */
@Order(2)
@Execution(ExecutionMode.CONCURRENT)
class AccountsIT {
    private static final String IMAGE = "ghcr.io/acme/api:1.4.162";
    private static final String OTHER_ACCOUNT = "999999999999";
    private static final String OTHER_KEY = "AKIASIMULATOR0000009";
    private static final String ALL = "{namespaces: {}, serviceNamePatterns: [\"*\"], allowDeletion: true}";
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private World world;
    private String namespace;

    @BeforeEach
    void start() {
        world = new World(EmbeddedKubernetes.alone());
        namespace = world.namespace();
        world.aws().credentials().addKey(OTHER_ACCOUNT, OTHER_KEY);
    }

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    void oneCauseIsOneEventHoweverManyResourcesItStops() {
        keys(OTHER_KEY);
        // The operator may have known the right keys before; it looks at Secrets from time to time.
        untilAccount("Ready=False/WrongAccount");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            names.add(world.deploy("api-" + i, IMAGE).getMetadata().getName());
        }

        for (String name : names) {
            ServiceDeployment refused = world.until(name, "Stalled", ConditionStatus.True, "WrongAccount");
            assertThat(words(refused)).contains("Ready=False/AccountNotVerified", "AccountVerified=False/WrongAccount");
        }
        untilAccount("Ready=False/WrongAccount");
        assertThat(world.aws().audit().mutations()).isEmpty();

        keys(AwsSimulator.DEFAULT_ACCESS_KEY);
        names.forEach(world::untilReady);
        keys(OTHER_KEY);
        names.forEach(name -> world.until(name, "Stalled", ConditionStatus.True, "WrongAccount"));
        untilAccount("Ready=False/WrongAccount");
        keys(AwsSimulator.DEFAULT_ACCESS_KEY);
        names.forEach(world::untilReady);
        untilAccount("Ready=True/Verified");

        assertThat(accountEvents())
                .filteredOn(event -> event.startsWith("WrongAccount"))
                .as("one for each time")
                .hasSizeBetween(1, 2);
        for (String name : names) {
            assertThat(world.events(name))
                    .as("events of %s", name)
                    .noneMatch(event -> event.startsWith("WrongAccount") || event.startsWith("AccountNotVerified"))
                    .filteredOn(event -> event.startsWith("Verified"))
                    .as("the end of the account's fault is no event of the resource")
                    .hasSize(1);
        }
        assertThat(world.aws().audit().of("CreateContainerServiceDeployment")).hasSize(20);
    }

    @Test
    void everyCauseHasItsReasonTouchesNothingAndHealsByItself() {
        suspended("api", namespace);
        world.until("api", "AccountVerified", ConditionStatus.True, "Verified");

        // Credentials
        cause(
                "CredentialsInvalid",
                "does not exist",
                () -> world.client()
                        .secrets()
                        .inNamespace(namespace)
                        .withName("aws")
                        .delete());
        untilAccount("IdentityVerified=False/CredentialsInvalid");
        heal(() -> keys(AwsSimulator.DEFAULT_ACCESS_KEY));
        cause("CredentialsInvalid", "aws_secret_access_key", () -> secret(Map.of("aws_access_key_id", "AKIA")));
        heal(() -> keys(AwsSimulator.DEFAULT_ACCESS_KEY));
        cause("CredentialsInvalid", "InvalidClientTokenId", () -> keys("AKIAUNKNOWN000000000"));
        heal(() -> keys(AwsSimulator.DEFAULT_ACCESS_KEY));
        cause(
                "CredentialsInvalid",
                "ExpiredToken",
                () -> world.aws().faults().add(Fault.of(FaultKind.EXPIRED_TOKEN, "GetCallerIdentity")));
        heal(() -> world.aws().faults().clear());
        cause(
                "CredentialsInvalid",
                "the operator itself has no AWS credentials",
                () -> account(namespace, AwsSimulator.DEFAULT_ACCOUNT, "us-east-2", "ambient: {}", ALL));
        heal(() -> account(ALL));
        cause("WrongAccount", OTHER_ACCOUNT, () -> keys(OTHER_KEY));
        untilAccount("IdentityVerified=False/WrongAccount");
        heal(() -> keys(AwsSimulator.DEFAULT_ACCESS_KEY));
        untilAccount("Ready=True/Verified");

        // Rules
        cause("AccessNotAllowed", "does not select namespace", () -> account("{serviceNamePatterns: [\"*\"]}"));
        untilAccount("InUse=True/AccessNotAllowed");
        heal(() -> account(ALL));
        untilAccount("InUse=True/InUse");
        cause(
                "AccessNotAllowed",
                "do not allow service name \"api\"",
                () -> account("{namespaces: {}, serviceNamePatterns: [\"other-*\"]}"));
        heal(() -> account(ALL));
        cause(
                "RegionNotAllowed",
                "does not allow region us-east-2",
                () -> account(namespace, AwsSimulator.DEFAULT_ACCOUNT, "eu-west-1", secretRef(), ALL));
        untilAccount("InUse=True/RegionNotAllowed");
        heal(() -> account(ALL));

        // Permissions
        cause(
                "AccessDenied",
                "lightsail:GetContainerServices",
                () -> world.aws().faults().add(Fault.of(FaultKind.DENIED, "GetContainerServices")));
        untilAccount("PermissionsVerified=False/Denied");
        assertThat(accountMessage("PermissionsVerified")).contains("lightsail:GetContainerServices");
        heal(() -> world.aws().faults().clear());
        untilAccount("PermissionsVerified=Unknown/NotExercised");

        // Silence
        world.aws().faults().add(Fault.of(FaultKind.LOST_BEFORE, "GetContainerServices"));
        untilAccount("Reachable=False/Unreachable");
        assertThat(words(world.get("api"))).contains("AccountVerified=True/Verified");
        world.aws().faults().clear();
        untilAccount("Reachable=True/Reachable");

        assertThat(world.aws().audit().mutations()).isEmpty();
        assertThat(world.events("api"))
                .noneMatch(event -> event.matches("(Credentials|Wrong|Access|Region|Account).*"));
        // An event follows its status.
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(accountEvents())
                        .extracting(event -> event.substring(0, event.indexOf(':')))
                        .contains(
                                "CredentialsInvalid",
                                "WrongAccount",
                                "AccessNotAllowed",
                                "RegionNotAllowed",
                                "Denied",
                                "Unreachable",
                                "Reachable"));
        running("api", namespace, "false");
        world.untilReady("api");
    }

    @Test
    void anAccountThatIsMissingIsToldAndItsCreationWakesItsUsers() {
        suspended("api", namespace + "-later");
        world.until("api", "Stalled", ConditionStatus.True, "AccountNotFound");

        account(namespace + "-later", AwsSimulator.DEFAULT_ACCOUNT, "us-east-2", secretRef(), ALL);

        world.until("api", "AccountVerified", ConditionStatus.True, "Verified");
    }

    @Test
    void aDeniedChangeNamesItsActionUntilItWorksAgain() {
        world.aws().faults().add(Fault.of(FaultKind.DENIED, "CreateContainerServiceDeployment"));
        world.deploy("api", IMAGE);

        ServiceDeployment denied = world.until("api", "Stalled", ConditionStatus.True, "AccessDenied");
        assertThat(words(denied)).contains("Ready=False/AccountNotVerified", "AccountVerified=False/AccessDenied");
        untilAccount("PermissionsVerified=False/Denied");
        assertThat(accountMessage("PermissionsVerified")).contains("lightsail:CreateContainerServiceDeployment");
        assertThat(accountWords()).contains("Ready=True/Verified");

        world.aws().faults().clear();
        world.untilReady("api");
        untilAccount("PermissionsVerified=True/Verified");
        assertThat(accountEvents())
                .filteredOn(event -> event.startsWith("Denied"))
                .hasSize(1);
        assertThat(world.events("api")).noneMatch(event -> event.startsWith("AccessDenied"));
    }

    @Test
    void twoAccountsInTwoRegionsKeepToThemselves() {
        String other = namespace + "-other";
        world.client()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName("other")
                        .endMetadata()
                        .addToStringData("aws_access_key_id", OTHER_KEY)
                        .addToStringData("aws_secret_access_key", "simulated-secret-key")
                        .build())
                .create();
        account(other, OTHER_ACCOUNT, "eu-west-1", "secretRef: {namespace: %s, name: other}".formatted(namespace), ALL);
        world.deploy("here", IMAGE);
        running("there", other, "false");
        world.untilReady("here");
        world.untilReady("there");

        assertThat(mutations("here")).containsOnly(AwsSimulator.DEFAULT_ACCOUNT + " us-east-2");
        assertThat(mutations("there")).containsOnly(OTHER_ACCOUNT + " eu-west-1");
        assertThat(world.get("there").getStatus().target())
                .extracting(TargetStatus::accountId)
                .isEqualTo(OTHER_ACCOUNT);

        world.aws().credentials().removeKey(OTHER_KEY);
        world.until("there", "Stalled", ConditionStatus.True, "CredentialsInvalid");
        world.deploy("here", "ghcr.io/acme/api:1.4.100");
        ServiceDeployment here = world.untilReady("here");
        assertThat(here.getStatus().summary()).extracting(Summary::image).isEqualTo("ghcr.io/acme/api:1.4.100");
        assertThat(accountWords()).contains("Ready=True/Verified");
        world.aws().credentials().addKey(OTHER_ACCOUNT, OTHER_KEY);
        world.untilReady("there");
    }

    @Test
    void increasesBeyondTheLimitWaitUntilItIsRaised() {
        account(ALL + "\n  spending: {maxMonthlyUsd: 20}");
        world.deploy("one", IMAGE);
        world.deploy("two", IMAGE);

        await().atMost(PATIENCE).until(() -> stalled("one") || stalled("two"));
        String refused = stalled("one") ? "one" : "two";
        String made = refused.equals("one") ? "two" : "one";
        world.untilReady(made);
        ServiceDeployment waiting = world.until(refused, "Ready", ConditionStatus.False, "SpendingLimitExceeded");
        assertThat(World.condition(waiting, "Stalled").orElseThrow().message())
                .contains("to 28.00 USD", "maxMonthlyUsd is 20", "now 14.00 USD");
        assertThat(world.aws().audit().of("CreateContainerService"))
                .filteredOn(AuditEntry::isMutation)
                .hasSize(1);
        assertThat(world.get(made).getStatus().estimatedMonthlyCostUsd()).isEqualTo("14.00");

        account(ALL + "\n  spending: {maxMonthlyUsd: 28}");
        world.untilReady(refused);
        await().atMost(PATIENCE)
                .until(() -> "28.00".equals(account().getStatus().estimatedMonthlyCostUsd()));
    }

    private boolean stalled(String name) {
        ServiceDeployment found = world.get(name);
        return found.getStatus() != null && words(found).contains("Stalled=True/SpendingLimitExceeded");
    }

    private List<String> mutations(String service) {
        return world.aws().audit().forService(service).stream()
                .filter(AuditEntry::isMutation)
                .map(entry -> entry.account() + " " + entry.region())
                .toList();
    }

    private void cause(String reason, String message, Runnable begin) {
        begin.run();
        ServiceDeployment stopped = world.until("api", "Stalled", ConditionStatus.True, reason);
        assertThat(World.condition(stopped, "AccountVerified").orElseThrow().message())
                .contains(message);
        assertThat(words(stopped)).contains("Ready=False/AccountNotVerified", "AccountVerified=False/" + reason);
    }

    private void heal(Runnable fix) {
        fix.run();
        world.until("api", "AccountVerified", ConditionStatus.True, "Verified");
        assertThat(World.condition(world.get("api"), "Stalled")).isEmpty();
    }

    private void suspended(String name, String account) {
        running(name, account, "true");
    }

    private void running(String name, String account, String suspend) {
        ServiceDeployment _ = world.apply(ServiceDeployment.class, """
                apiVersion: lightkeeper.dev/v1alpha1
                kind: ServiceDeployment
                metadata: {name: %1$s, namespace: %2$s}
                spec:
                  accountRef: {name: %3$s}
                  region: %5$s
                  suspend: %4$s
                  lightsail: {serviceName: %1$s, power: nano}
                  deletionPolicy: Delete
                  containers:
                    - name: api
                      image: "%6$s"
                      ports: [{containerPort: 3697}]
                  publicEndpoint: {healthCheck: {path: /health/live}}
                  readiness: {path: /health/ready, periodSeconds: 1, timeoutSeconds: 1}
                  verification: {deadlineSeconds: 65, backoff: {initialSeconds: 1, factor: 1, maxSeconds: 1}}
                  rollout: {minReadySeconds: 1, bakeSeconds: 2}
                """.formatted(
                name, namespace, account, suspend, account.endsWith("-other") ? "eu-west-1" : "us-east-2", IMAGE));
    }

    private void account(String access) {
        account(namespace, AwsSimulator.DEFAULT_ACCOUNT, "us-east-2", secretRef(), access);
    }

    private void account(String name, String accountId, String region, String credentials, String access) {
        AwsAccount _ =
                world.apply(AwsAccount.class, """
                apiVersion: lightkeeper.dev/v1alpha1
                kind: AwsAccount
                metadata: {name: %s}
                spec:
                  accountId: "%s"
                  defaultRegion: %s
                  allowedRegions: [%s]
                  credentials: {%s}
                  access: %s
                """.formatted(name, accountId, region, region, credentials, access));
    }

    private String secretRef() {
        return "secretRef: {namespace: %s, name: aws}".formatted(namespace);
    }

    private void keys(String keyId) {
        secret(Map.of("aws_access_key_id", keyId, "aws_secret_access_key", "simulated-secret-key"));
    }

    /** In place: a moment without it would be another cause. */
    private void secret(Map<String, String> entries) {
        Secret _ = world.client()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName("aws")
                        .endMetadata()
                        .withStringData(entries)
                        .build())
                .createOr(NonDeletingOperation::update);
    }

    private AwsAccount account() {
        return world.client().resources(AwsAccount.class).withName(namespace).require();
    }

    private List<String> accountWords() {
        AwsAccount account = account();
        return account.getStatus() == null
                ? List.of()
                : account.getStatus().conditions().stream()
                        .map(condition -> condition.type() + "=" + condition.status() + "/" + condition.reason())
                        .toList();
    }

    private String accountMessage(String type) {
        return account().getStatus().conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst()
                .orElseThrow()
                .message();
    }

    private void untilAccount(String word) {
        Predicate<List<String>> told = words -> words.contains(word);
        await().alias(word).atMost(PATIENCE).until(this::accountWords, told);
    }

    private List<String> accountEvents() {
        return world.client().v1().events().inNamespace("default").list().getItems().stream()
                .filter(event -> namespace.equals(event.getInvolvedObject().getName()))
                .map((Event event) -> event.getReason() + ": " + event.getMessage())
                .toList();
    }

    private static List<String> words(ServiceDeployment resource) {
        return resource.getStatus().conditions().stream()
                .map(condition -> condition.type() + "=" + condition.status() + "/" + condition.reason())
                .toList();
    }
}
