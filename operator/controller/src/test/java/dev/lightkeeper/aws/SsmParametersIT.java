package dev.lightkeeper.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import dev.lightkeeper.api.v1alpha1.TargetStatus;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.Parameter;
import dev.lightkeeper.desired.ParameterKey;
import dev.lightkeeper.desired.ParameterQuery;
import dev.lightkeeper.desired.Parameters;
import dev.lightkeeper.desired.SecretText;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.simulators.aws.AwsSimulator;
import dev.lightkeeper.simulators.aws.faults.Fault;
import dev.lightkeeper.simulators.aws.faults.FaultKind;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Parameter Store over the wire: what is read, how often, and what comes of each refusal. */
class SsmParametersIT {
    private static final String DSN = "/production/api/DATABASE_URL";
    private static final String SECRET = "postgres://u:hunter2@db";

    private final AwsWorld world = new AwsWorld();
    private final SsmParameters store = world.parameterStore();

    @BeforeEach
    void allow() {
        allow("/{namespace}/*");
        world.parameters().put(DSN, "SecureString", SECRET);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private void allow(String patterns) {
        world.declare(
                "default",
                AwsSimulator.DEFAULT_ACCOUNT,
                AwsWorld.AMBIENT,
                "{namespaces: {}, serviceNamePatterns: [\"*\"], parameterPaths: [\"%s\"]}".formatted(patterns));
    }

    private static ParameterKey newest(String name) {
        return new ParameterKey(name, null);
    }

    private Parameters read(String occasion, Set<ParameterKey> keys, String... paths) {
        return read("api", occasion, null, keys, paths);
    }

    private Parameters read(
            String service, String occasion, @Nullable TargetStatus pinned, Set<ParameterKey> keys, String... paths) {
        DesiredState desired = world.desired(service);
        return store.read(
                new ParameterQuery(desired.resource(), desired.spec(), pinned, occasion, keys, Set.of(paths)));
    }

    private @Nullable Parameter<SecretText> read(ParameterKey key) {
        return read("1", Set.of(key)).values().get(key);
    }

    private @Nullable Parameter<SecretText> dsn() {
        return read(newest(DSN));
    }

    private List<String> calls() {
        return world.calls().stream()
                .filter(call -> !call.equals("GetCallerIdentity"))
                .toList();
    }

    private void assertRefused(@Nullable Parameter<?> answer, Reason reason, String... words) {
        assertThat(answer).isInstanceOfSatisfying(Parameter.Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(reason);
            assertThat(refused.message()).contains(words).doesNotContain("hunter2");
        });
    }

    @Test
    void aSecureStringIsDecryptedAndSelectorsAreHeeded() {
        world.parameters().put(DSN, "SecureString", "postgres://two");
        world.parameters().put(DSN, "SecureString", "postgres://three");
        world.parameters().label(DSN, 2, "live");
        ParameterKey first = new ParameterKey(DSN, "1");
        ParameterKey live = new ParameterKey(DSN, "live");
        ParameterKey none = new ParameterKey(DSN, "9");
        Parameters found = read("1", Set.of(newest(DSN), first, live, none));
        assertThat(found.values())
                .containsOnly(
                        Map.entry(newest(DSN), new Parameter.Found<>(SecretText.of("postgres://three"))),
                        Map.entry(first, new Parameter.Found<>(SecretText.of(SECRET))),
                        Map.entry(live, new Parameter.Found<>(SecretText.of("postgres://two"))),
                        Map.entry(none, new Parameter.Missing<>()));
        assertThat(calls()).containsExactly("GetParameters");
        assertThat(found.toString()).doesNotContain("postgres");
    }

    @Test
    void nothingOfAnAccountThatIsGoneIsKept() {
        var _ = dsn();
        store.forgetAccount("another");
        var _ = dsn();
        assertThat(calls()).containsExactly("GetParameters");

        store.forgetAccount("default");
        assertThat(dsn()).isEqualTo(new Parameter.Found<>(SecretText.of(SECRET)));
        assertThat(calls()).containsExactly("GetParameters", "GetParameters");
    }

    @Test
    void parametersAreReadInBatchesOfTen() {
        Set<ParameterKey> keys = IntStream.range(0, 25)
                .mapToObj(i -> newest("/production/P" + i))
                .collect(Collectors.toSet());
        keys.forEach(key -> world.parameters().put(key.name(), "String", "value of " + key.name()));
        Parameters found = read("1", keys);
        assertThat(found.values()).hasSize(25);
        keys.forEach(key -> assertThat(found.values().get(key))
                .isEqualTo(new Parameter.Found<>(SecretText.of("value of " + key.name()))));
        assertThat(calls()).containsExactly("GetParameters", "GetParameters", "GetParameters");
    }

    @ParameterizedTest
    @CsvSource({"/production/many/,false", "/production/many,true"})
    void aPathGivesWhatIsDirectlyBelowItFromAllPagesAlsoAfterAnEmptyOne(String path, boolean emptyFirst) {
        for (int i = 10; i < 33; i++) {
            world.parameters().put("/production/many/P" + i, "String", "v" + i);
        }
        world.parameters().put("/production/many/deep/X", "String", "v");
        world.parameters().put("/production/manyfold", "String", "v");
        world.parameters().emptyFirstPage(emptyFirst);
        assertThat(read("1", Set.of(), path).paths().get(path)).isInstanceOfSatisfying(Parameter.Found.class, found -> {
            Map<?, ?> values = (Map<?, ?>) found.value();
            assertThat(values).hasSize(23);
            assertThat(values.get("P10")).isEqualTo(SecretText.of("v10"));
        });
        assertThat(calls()).hasSize(emptyFirst ? 4 : 3).containsOnly("GetParametersByPath");
    }

    @Test
    void onHostsVersionsAreReadAndNothingIsDecrypted() {
        world.parameters().put(DSN, "SecureString", "postgres://rotated");
        world.parameters().put("/production/api/TOKEN", "SecureString", "a token");
        world.parameters().denyDecryption("alias/aws/ssm", true);
        DesiredState desired = world.desired("api");
        ServiceDeploymentSpec onHosts = Serialization.unmarshal(
                "accountRef: {name: default}\nec2: {hosts: {select: {tags: {Service: api}}}, runtime: Docker, runAs: ubuntu}",
                ServiceDeploymentSpec.class);
        world.declare(
                "default",
                AwsSimulator.DEFAULT_ACCOUNT,
                AwsWorld.AMBIENT,
                "{namespaces: {}, parameterPaths: [\"/{namespace}/*\"], ec2: {instanceTags: {a: b}, runAsUsers: [ubuntu]}}");

        Parameters found = store.read(new ParameterQuery(
                desired.resource(), onHosts, null, "1", Set.of(newest(DSN)), Set.of("/production/api/", "/billing/")));

        assertThat(found.values())
                .containsOnly(Map.entry(newest(DSN), new Parameter.Found<>(SecretText.of(DSN + ":2"))));
        assertThat(found.paths().get("/production/api/"))
                .isEqualTo(new Parameter.Found<>(Map.of(
                        "DATABASE_URL", SecretText.of(DSN + ":2"), "TOKEN", SecretText.of("/production/api/TOKEN:1"))));
        assertRefused(found.paths().get("/billing/"), Reason.AccessNotAllowed, "/billing/");
        assertThat(world.aws.audit().entries())
                .filteredOn(entry -> entry.service().equals("ssm"))
                .hasSize(2);
    }

    @Test
    void aPathWithoutParametersIsMissing() {
        assertThat(read("1", Set.of(), "/production/none/").paths())
                .containsExactly(Map.entry("/production/none/", new Parameter.Missing<>()));
    }

    @Test
    void steadyStateMakesFewCallsAndAChangeIsNoticedWithinFiveMinutes() {
        ParameterKey fixed = new ParameterKey(DSN, "1");
        for (int i = 0; i < 10; i++) {
            read("1", Set.of(newest(DSN), fixed));
            read("web", "1", null, Set.of(newest(DSN), fixed));
            world.clock.advance(Duration.ofSeconds(25));
        }
        assertThat(calls()).containsExactly("GetParameters");
        world.parameters().put(DSN, "SecureString", "postgres://rotated");
        world.clock.advance(Duration.ofSeconds(30));
        assertThat(dsn()).isEqualTo(new Parameter.Found<>(SecretText.of("postgres://rotated")));
        assertThat(read(fixed)).isEqualTo(new Parameter.Found<>(SecretText.of(SECRET)));
        assertThat(calls()).containsExactly("GetParameters", "GetParameters");
    }

    @Test
    void aFixedVersionIsReadAgainAfterAnHour() {
        ParameterKey fixed = new ParameterKey(DSN, "1");
        read(fixed);
        world.clock.advance(Duration.ofMinutes(59));
        read(fixed);
        assertThat(calls()).hasSize(1);
        world.clock.advance(Duration.ofMinutes(1));
        read(fixed);
        assertThat(calls()).hasSize(2);
    }

    @Test
    void aNewOccasionReadsWhatIsThereNow() {
        read("generation 1", Set.of(newest(DSN)));
        world.parameters().put(DSN, "SecureString", "postgres://rotated");
        world.clock.advance(Duration.ofSeconds(1));
        assertThat(read("generation 1", Set.of(newest(DSN))).values())
                .containsValue(new Parameter.Found<>(SecretText.of(SECRET)));
        assertThat(read("generation 2", Set.of(newest(DSN))).values())
                .containsValue(new Parameter.Found<>(SecretText.of("postgres://rotated")));
        assertThat(read("generation 2", Set.of(newest(DSN))).values())
                .containsValue(new Parameter.Found<>(SecretText.of("postgres://rotated")));
        assertThat(calls()).hasSize(2);
    }

    @Test
    void aMissingParameterIsLookedForAgainAfterAMinute() {
        ParameterKey late = newest("/production/api/LATE");
        assertThat(read(late)).isEqualTo(new Parameter.Missing<>());
        world.parameters().put(late.name(), "String", "here");
        world.clock.advance(Duration.ofSeconds(59));
        assertThat(read(late)).isEqualTo(new Parameter.Missing<>());
        world.clock.advance(Duration.ofSeconds(1));
        assertThat(read(late)).isEqualTo(new Parameter.Found<>(SecretText.of("here")));
        assertThat(calls()).hasSize(2);
    }

    @Test
    void whatIsOutsideOfTheAllowedPathsIsNeverAskedFor() {
        world.parameters().put("/billing/TOKEN", "String", "not yours");
        world.parameters().put("RELATIVE", "String", "not yours");
        ParameterKey other = newest("/billing/TOKEN");
        ParameterKey relative = newest("RELATIVE");
        Parameters found =
                read("1", Set.of(other, relative, newest(DSN)), "/billing/", "/", "/production", "/productio");
        assertRefused(
                found.values().get(other),
                Reason.AccessNotAllowed,
                "access.parameterPaths of AwsAccount \"default\"",
                "parameter \"/billing/TOKEN\"",
                "namespace \"production\"");
        assertRefused(found.values().get(relative), Reason.AccessNotAllowed, "\"RELATIVE\"");
        for (String path : List.of("/billing/", "/", "/productio")) {
            assertRefused(found.paths().get(path), Reason.AccessNotAllowed, "below \"" + path + "\"");
        }
        assertThat(found.paths().get("/production")).isEqualTo(new Parameter.Missing<>());
        assertThat(found.values().get(newest(DSN))).isEqualTo(new Parameter.Found<>(SecretText.of(SECRET)));
        assertThat(world.aws.audit().entries().stream().map(entry -> entry.target()))
                .containsExactly(null, DSN, "/production");
    }

    @Test
    void aRuleThatIsNarrowedLaterHoldsForWhatWasReadBefore() {
        assertThat(dsn()).isInstanceOf(Parameter.Found.class);
        allow("/{namespace}/web/*");
        assertRefused(dsn(), Reason.AccessNotAllowed, DSN);
    }

    @Test
    void withoutTheAccountNoParameterIsReadAndNothingIsCalledMissing() {
        world.accounts.clear();
        assertThat(dsn())
                .isInstanceOfSatisfying(
                        Parameter.Unreadable.class,
                        unreadable -> assertThat(unreadable.failure().message()).contains("there is no AwsAccount"));
        world.declare("default", AwsWorld.OTHER_ACCOUNT, AwsWorld.AMBIENT);
        assertThat(dsn()).isInstanceOf(Parameter.Unreadable.class);
        assertThat(calls()).isEmpty();
    }

    @Test
    void inAnotherAccountOrRegionThanTheServicesNothingIsRead() {
        Set<ParameterKey> keys = Set.of(newest(DSN));
        for (TargetStatus pinned : List.of(
                new TargetStatus(AwsWorld.OTHER_ACCOUNT, AwsWorld.REGION, null, null),
                new TargetStatus(AwsSimulator.DEFAULT_ACCOUNT, "us-east-1", null, null))) {
            assertThat(read("api", "1", pinned, keys).values().get(newest(DSN)))
                    .isInstanceOf(Parameter.Unreadable.class);
        }
        assertThat(calls()).isEmpty();
        TargetStatus home = new TargetStatus(AwsSimulator.DEFAULT_ACCOUNT, AwsWorld.REGION, null, null);
        assertThat(read("api", "1", home, keys).values().get(newest(DSN))).isInstanceOf(Parameter.Found.class);
    }

    @Test
    void aDeniedCallNamesTheActionTheParameterAndNobodyElse() {
        ParameterKey plain = newest("/production/api/PLAIN");
        world.parameters().put(plain.name(), "String", "plain");
        world.parameters().denyDecryption("alias/aws/ssm", true);
        Parameters found = read("1", Set.of(plain, newest(DSN)));
        assertRefused(
                found.values().get(newest(DSN)),
                Reason.AccessDenied,
                DSN,
                "ssm:GetParameters is denied to the account's credentials",
                "kms:Decrypt");
        assertThat(found.values().get(plain)).isEqualTo(new Parameter.Found<>(SecretText.of("plain")));
        assertThat(calls()).hasSize(3);
        read("1", Set.of(plain, newest(DSN)));
        assertThat(calls()).hasSize(3);
        assertThat(world.experience.denied("default")).isEmpty();
        assertThat(world.experience.exercised("default")).isFalse();

        world.parameters().denyDecryption("alias/aws/ssm", false);
        world.clock.advance(Duration.ofMinutes(1));
        assertThat(dsn()).isEqualTo(new Parameter.Found<>(SecretText.of(SECRET)));
    }

    @Test
    void aDeniedPathNamesItsOwnAction() {
        world.aws.faults().add(Fault.of(FaultKind.DENIED, "GetParametersByPath"));
        assertRefused(
                read("1", Set.of(), "/production/api/").paths().get("/production/api/"),
                Reason.AccessDenied,
                "ssm:GetParametersByPath",
                "\"/production/api/\"");
    }

    @Test
    void aKeyThatIsDisabledIsToldAtOnce() {
        world.aws
                .faults()
                .add(Fault.of(FaultKind.ERROR, "GetParameters").error(400, "InvalidKeyId", "The key is disabled"));
        assertRefused(dsn(), Reason.ReferenceNotFound, DSN, "The key is disabled");
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultKind.class,
            names = {"THROTTLE", "SERVER_ERROR", "UNAVAILABLE_HTML", "LOST_BEFORE", "TRUNCATED", "EXPIRED_TOKEN"})
    void whenAwsDoesNotAnswerNothingIsKnown(FaultKind kind) {
        world.aws.faults().add(Fault.of(kind).onService("ssm"));
        assertThat(dsn()).isInstanceOf(Parameter.Unreadable.class);
        assertThat(read("1", Set.of(), "/production/api/").paths().get("/production/api/"))
                .isInstanceOf(Parameter.Unreadable.class);
        world.aws.faults().clear();
        world.clock.advance(Duration.ofSeconds(31));
        assertThat(dsn()).isEqualTo(new Parameter.Found<>(SecretText.of(SECRET)));
    }

    @Test
    void aFailureIsNotRepeatedByEveryLook() {
        world.aws.faults().add(Fault.of(FaultKind.SERVER_ERROR).onService("ssm"));
        dsn();
        int failed = calls().size();
        for (int i = 0; i < 20; i++) {
            dsn();
        }
        assertThat(calls()).hasSize(failed);
    }

    @Test
    void aBlipIsNotNoticedAndAnOutageIsUnknownAfterTenMinutes() {
        dsn();
        world.aws.faults().add(Fault.of(FaultKind.SERVER_ERROR).onService("ssm"));
        world.clock.advance(Duration.ofSeconds(590));
        assertThat(dsn()).isEqualTo(new Parameter.Found<>(SecretText.of(SECRET)));
        assertThat(read("web", "1", null, Set.of(newest(DSN))).values().get(newest(DSN)))
                .as("a resource that was not there yet")
                .isInstanceOf(Parameter.Unreadable.class);
        world.clock.advance(Duration.ofSeconds(31));
        assertThat(dsn())
                .isInstanceOfSatisfying(
                        Parameter.Unreadable.class,
                        unreadable -> assertThat(unreadable.failure()).isInstanceOf(Failure.Transient.class));
    }

    @Test
    void whatWasMissingOrDeniedIsNotUnknownInABlip() {
        ParameterKey none = newest("/production/none");
        world.parameters().denyDecryption("alias/aws/ssm", true);
        read("1", Set.of(none, newest(DSN)));
        world.aws.faults().add(Fault.of(FaultKind.SERVER_ERROR).onService("ssm"));
        world.clock.advance(Duration.ofMinutes(9));
        assertThat(read(none)).isEqualTo(new Parameter.Missing<>());
        assertRefused(dsn(), Reason.AccessDenied, DSN);
        world.clock.advance(Duration.ofMinutes(1));
        assertThat(read(none)).isInstanceOf(Parameter.Unreadable.class);
    }

    @Test
    void whileTheIdentityCannotBeAskedForNoParameterIsRead() {
        world.aws.faults().add(Fault.of(FaultKind.SERVER_ERROR).onService("sts"));
        assertThat(dsn())
                .isInstanceOfSatisfying(
                        Parameter.Unreadable.class,
                        unreadable -> assertThat(unreadable.failure().message()).contains("sts:GetCallerIdentity"));
        assertThat(calls()).isEmpty();
    }

    @Test
    void manyWhoAskAtOnceCauseOneCall() throws InterruptedException, ExecutionException {
        world.gate.check("default", null, "production", "api");
        List<Future<Parameter<SecretText>>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                answers.add(threads.submit(this::dsn));
            }
        }
        for (Future<Parameter<SecretText>> answer : answers) {
            assertThat(answer.get()).isEqualTo(new Parameter.Found<>(SecretText.of(SECRET)));
        }
        assertThat(calls()).containsExactly("GetParameters");
    }

    @Test
    void whileAwsHangsOneWaitsAndTheOthersGoOn() throws InterruptedException, ExecutionException {
        dsn();
        world.clock.advance(Duration.ofMinutes(20));
        world.aws.faults().add(Fault.of(FaultKind.SERVER_ERROR).onService("ssm"));
        dsn();
        world.aws.faults().clear();
        world.clock.advance(Duration.ofSeconds(31));
        var hanging = world.aws.faults().add(Fault.of(FaultKind.HANG_BEFORE).onService("ssm"));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Parameter<SecretText>> first = threads.submit(this::dsn);
            await().atMost(Duration.ofSeconds(60)).until(() -> hanging.hits() >= 1);
            assertThat(dsn()).isInstanceOf(Parameter.Unreadable.class);
            assertThat(first.isDone()).isFalse();
            hanging.remove();
            assertThat(first.get()).isEqualTo(new Parameter.Found<>(SecretText.of(SECRET)));
        }
    }

    @Test
    void otherCredentialsReadAnew() {
        dsn();
        world.aws.ssm().in(AwsWorld.OTHER_ACCOUNT, AwsWorld.REGION).put(DSN, "String", "of the other account");
        world.secrets.put(
                "production/aws",
                Map.of(
                        "aws_access_key_id", SecretText.of(AwsWorld.OTHER_KEY),
                        "aws_secret_access_key", SecretText.of("any")));
        world.declare(
                "default",
                AwsWorld.OTHER_ACCOUNT,
                "secretRef: {namespace: production, name: aws}",
                "{namespaces: {}, serviceNamePatterns: [\"*\"], parameterPaths: [\"/{namespace}/*\"]}");
        assertThat(dsn()).isEqualTo(new Parameter.Found<>(SecretText.of("of the other account")));
    }
}
