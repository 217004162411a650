package dev.lightkeeper.simulators.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.lightkeeper.simulators.aws.audit.AuditEntry;
import dev.lightkeeper.simulators.aws.audit.Effect;
import dev.lightkeeper.simulators.aws.faults.Fault;
import dev.lightkeeper.simulators.aws.faults.FaultKind;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.GetParametersByPathRequest;
import software.amazon.awssdk.services.ssm.model.GetParametersResponse;
import software.amazon.awssdk.services.ssm.model.HierarchyTypeMismatchException;
import software.amazon.awssdk.services.ssm.model.InvalidNextTokenException;
import software.amazon.awssdk.services.ssm.model.Parameter;
import software.amazon.awssdk.services.ssm.model.ParameterAlreadyExistsException;
import software.amazon.awssdk.services.ssm.model.ParameterHistory;
import software.amazon.awssdk.services.ssm.model.ParameterMaxVersionLimitExceededException;
import software.amazon.awssdk.services.ssm.model.ParameterNotFoundException;
import software.amazon.awssdk.services.ssm.model.ParameterStringFilter;
import software.amazon.awssdk.services.ssm.model.ParameterType;
import software.amazon.awssdk.services.ssm.model.ParameterVersionNotFoundException;
import software.amazon.awssdk.services.ssm.paginators.GetParametersByPathIterable;

class ParameterStoreTest extends ManualWorld {
    private static final String DSN = "/shop/api/DATABASE_URL";
    private static final String SECRET = "postgres://u:hunter2@db";

    private final SsmClient ssm = Sdk.ssm(aws);

    @AfterEach
    void closeSsm() {
        ssm.close();
    }

    private long put(String name, ParameterType type, String value) {
        return ssm.putParameter(r -> r.name(name).type(type).value(value).overwrite(true))
                .version();
    }

    private Parameter get(String name) {
        return ssm.getParameter(r -> r.name(name).withDecryption(true)).parameter();
    }

    private GetParametersByPathIterable pages(GetParametersByPathRequest request) {
        return ssm.getParametersByPathPaginator(request);
    }

    private static void refusedWith(String code, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(AwsServiceException.class, e -> {
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
            assertThat(e.statusCode()).isEqualTo(code.equals("InternalServerError") ? 500 : 400);
        });
    }

    @Test
    void everyWriteMakesAVersionAndTheNewestIsRead() {
        assertThat(put(DSN, ParameterType.STRING, "one")).isEqualTo(1);
        pass(Duration.ofMinutes(1));
        assertThat(put(DSN, ParameterType.STRING, "two")).isEqualTo(2);
        Parameter parameter = get(DSN);
        assertThat(parameter.value()).isEqualTo("two");
        assertThat(parameter.version()).isEqualTo(2);
        assertThat(parameter.lastModifiedDate()).isEqualTo(START.plusSeconds(60));
        assertThat(parameter.arn()).isEqualTo("arn:aws:ssm:eu-central-1:123456789012:parameter/shop/api/DATABASE_URL");
        assertThat(get(parameter.arn()).value()).isEqualTo("two");
        assertThatThrownBy(
                        () -> ssm.putParameter(r -> r.name(DSN).type("String").value("three")))
                .isInstanceOf(ParameterAlreadyExistsException.class);
        assertThatThrownBy(() -> put(DSN, ParameterType.SECURE_STRING, "three"))
                .isInstanceOf(HierarchyTypeMismatchException.class);
        assertThat(get(DSN).version()).isEqualTo(2);
    }

    @Test
    void versionsAndLabelsSelect() {
        put(DSN, ParameterType.STRING, "one");
        put(DSN, ParameterType.STRING, "two");
        assertThat(ssm.labelParameterVersion(
                                r -> r.name(DSN).parameterVersion(1L).labels("live", "1st", "aws-no", "SSM", "a b"))
                        .invalidLabels())
                .containsExactly("1st", "aws-no", "SSM", "a b");
        assertThat(get(DSN + ":live").value()).isEqualTo("one");
        assertThat(get(DSN + ":live").selector()).isEqualTo(":live");
        assertThat(get(DSN + ":2").value()).isEqualTo("two");
        ssm.labelParameterVersion(r -> r.name(DSN).labels("live"));
        assertThat(get(DSN + ":live").value()).isEqualTo("two");
        assertThatThrownBy(() -> get(DSN + ":3")).isInstanceOf(ParameterVersionNotFoundException.class);
        assertThatThrownBy(() -> get(DSN + ":dead")).isInstanceOf(ParameterVersionNotFoundException.class);
        assertThatThrownBy(() -> get("/shop/none:1")).isInstanceOf(ParameterNotFoundException.class);
        assertThat(ssm.getParameterHistory(r -> r.name(DSN)).parameters())
                .extracting(ParameterHistory::version, ParameterHistory::value, ParameterHistory::labels)
                .containsExactly(tuple(1L, "one", List.of()), tuple(2L, "two", List.of("live")));
    }

    @Test
    void aHundredVersionsAreKeptAndALabelledOneIsNeverDropped() {
        for (int i = 1; i <= 101; i++) {
            put(DSN, ParameterType.STRING, "value " + i);
        }
        assertThatThrownBy(() -> get(DSN + ":1")).isInstanceOf(ParameterVersionNotFoundException.class);
        ssm.labelParameterVersion(r -> r.name(DSN).parameterVersion(2L).labels("live"));
        assertThatThrownBy(() -> put(DSN, ParameterType.STRING, "another"))
                .isInstanceOf(ParameterMaxVersionLimitExceededException.class);
        assertThat(get(DSN).version()).isEqualTo(101);
    }

    @Test
    void withoutDecryptionASecureStringIsCiphertextEverywhere() {
        put(DSN, ParameterType.SECURE_STRING, SECRET);
        put("/shop/api/LIST", ParameterType.STRING_LIST, "a,b");
        List<String> shown = List.of(
                ssm.getParameter(r -> r.name(DSN)).parameter().value(),
                ssm.getParameters(r -> r.names(DSN)).parameters().getFirst().value(),
                ssm.getParametersByPath(r -> r.path("/shop/api"))
                        .parameters()
                        .getFirst()
                        .value(),
                ssm.getParameterHistory(r -> r.name(DSN))
                        .parameters()
                        .getFirst()
                        .value());
        assertThat(shown)
                .allSatisfy(value -> assertThat(value).startsWith("AQICAH").doesNotContain("hunter2"));
        assertThat(shown.stream().distinct()).hasSize(1);
        assertThat(get(DSN).value()).isEqualTo(SECRET);
        assertThat(get("/shop/api/LIST").type()).isEqualTo(ParameterType.STRING_LIST);
        assertThat(ssm.getParameter(r -> r.name("/shop/api/LIST")).parameter().value())
                .isEqualTo("a,b");
    }

    @Test
    void aKeyThatMayNotBeUsedDeniesDecryptionAndNothingElse() {
        put(DSN, ParameterType.SECURE_STRING, SECRET);
        put("/shop/api/PLAIN", ParameterType.STRING, "plain");
        aws.ssm().in(Sdk.REGION).denyDecryption("alias/aws/ssm", true);
        refusedWith("AccessDeniedException", () -> get(DSN));
        refusedWith(
                "AccessDeniedException",
                () -> ssm.getParameters(r -> r.names(DSN, "/shop/api/PLAIN").withDecryption(true)));
        assertThat(ssm.getParameter(r -> r.name(DSN)).parameter().value()).startsWith("AQICAH");
        assertThat(get("/shop/api/PLAIN").value()).isEqualTo("plain");
        aws.ssm().in(Sdk.REGION).denyDecryption("alias/aws/ssm", false);
        assertThat(get(DSN).value()).isEqualTo(SECRET);
    }

    @Test
    void severalAreReadAtOnceAndMissingOnesAreNoError() {
        put("/b", ParameterType.STRING, "b");
        put("/a", ParameterType.STRING, "a");
        GetParametersResponse answer = ssm.getParameters(r -> r.names("/b", "/none", "/a:7", "/a", "/a:1"));
        assertThat(answer.parameters())
                .extracting(Parameter::name, Parameter::selector)
                .containsExactly(tuple("/a", null), tuple("/a", ":1"), tuple("/b", null));
        assertThat(answer.invalidParameters()).containsExactly("/a:7", "/none");
        List<String> eleven =
                IntStream.rangeClosed(1, 11).mapToObj(i -> "/p" + i).toList();
        refusedWith("ValidationException", () -> ssm.getParameters(r -> r.names(eleven)));
        refusedWith("ValidationException", () -> ssm.getParameters(r -> r.names("/a", "/a")));
    }

    @Test
    void aPathGivesItsDirectChildrenOrAllBelowInPagesOfTen() {
        for (int i = 10; i < 35; i++) {
            put("/shop/api/P" + i, ParameterType.STRING, "v");
        }
        put("/shop/api/deep/X", ParameterType.STRING, "v");
        put("/shop/apiary", ParameterType.STRING, "v");
        GetParametersByPathRequest direct =
                GetParametersByPathRequest.builder().path("/shop/api/").build();
        assertThat(ssm.getParametersByPath(direct).parameters()).hasSize(10);
        assertThat(pages(direct).stream().flatMap(page -> page.parameters().stream()))
                .hasSize(25);
        assertThat(ssm
                        .getParametersByPathPaginator(
                                direct.toBuilder().recursive(true).maxResults(7).build())
                        .stream()
                        .map(page -> page.parameters().size()))
                .containsExactly(7, 7, 7, 5);
        assertThat(ssm.getParametersByPath(r -> r.path("/shop/none")).parameters())
                .isEmpty();
        refusedWith("ValidationException", () -> ssm.getParametersByPath(r -> r.path("shop")));
        refusedWith(
                "ValidationException",
                () -> ssm.getParametersByPath(r -> r.path("/shop").maxResults(11)));
        assertThatThrownBy(() -> ssm.getParametersByPath(r -> r.path("/shop").nextToken("made up")))
                .isInstanceOf(InvalidNextTokenException.class);
        aws.ssm().in(Sdk.REGION).emptyFirstPage(true);
        assertThat(ssm.getParametersByPath(direct).parameters()).isEmpty();
        assertThat(ssm.getParametersByPath(direct).nextToken()).isNotEmpty();
        assertThat(pages(direct).stream().flatMap(page -> page.parameters().stream()))
                .hasSize(25);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Name     | BeginsWith | /shop/a    | /shop/a/X /shop/a/b/Y",
                "Name     | Contains   | b          | /shop/a/b/Y",
                "Name     | Equals     | /other     | /other",
                "Path     | OneLevel   | /shop/a    | /shop/a/X",
                "Path     | Recursive  | /shop      | /shop/a/X /shop/a/b/Y",
                "Type     | Equals     | String     | /shop/a/X /other",
                "KeyId    | Equals     | alias/aws/ssm | /shop/a/b/Y",
                "Tier     | Equals     | Standard   | /shop/a/X /shop/a/b/Y /other",
            })
    void parametersAreFoundByWhatTheyAre(String key, String option, String value, String names) {
        put("/shop/a/X", ParameterType.STRING, "v");
        put("/shop/a/b/Y", ParameterType.SECURE_STRING, SECRET);
        put("/other", ParameterType.STRING, "v");
        ParameterStringFilter filter = ParameterStringFilter.builder()
                .key(key)
                .option(option)
                .values(value)
                .build();
        assertThat(ssm.describeParameters(r -> r.parameterFilters(filter)).parameters().stream()
                        .map(metadata -> metadata.name())
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(names.split(" "));
    }

    @Test
    void whatIsDeletedIsGoneWithItsVersions() {
        put("/a", ParameterType.STRING, "a");
        put("/b", ParameterType.STRING, "b");
        ssm.deleteParameter(r -> r.name("/a"));
        assertThatThrownBy(() -> ssm.deleteParameter(r -> r.name("/a"))).isInstanceOf(ParameterNotFoundException.class);
        var answer = ssm.deleteParameters(r -> r.names("/a", "/b"));
        assertThat(answer.deletedParameters()).containsExactly("/b");
        assertThat(answer.invalidParameters()).containsExactly("/a");
        assertThat(put("/a", ParameterType.STRING, "again")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "ssm-x", "/SSM/x", "/a//b", "/a/", "relative/name", "/a:1"})
    void namesThatAwsRefusesAreRefused(String name) {
        refusedWith("ValidationException", () -> put(name, ParameterType.STRING, "v"));
    }

    @Test
    void refusalsHaveAwsCodesAndChangeNothing() {
        refusedWith("AccessDeniedException", () -> put("/aws/x", ParameterType.STRING, "v"));
        refusedWith("HierarchyLevelLimitExceededException", () -> put("/x".repeat(16), ParameterType.STRING, "v"));
        refusedWith("ValidationException", () -> put("/a", ParameterType.STRING, ""));
        refusedWith("ValidationException", () -> put("/a", ParameterType.STRING, "x".repeat(4097)));
        refusedWith("ValidationException", () -> put("/a", ParameterType.fromValue("Number"), "1"));
        refusedWith(
                "ValidationException", () -> ssm.putParameter(r -> r.name("/a").value("v")));
        refusedWith(
                "ValidationException",
                () -> ssm.putParameter(r ->
                        r.name("/a").type(ParameterType.STRING).keyId("alias/x").value("v")));
        refusedWith(
                "ParameterPatternMismatchException",
                () -> ssm.putParameter(r -> r.name("/a")
                        .type(ParameterType.STRING)
                        .allowedPattern("[0-9]+")
                        .value("v")));
        assertThat(aws.ssm().in(Sdk.REGION).parameters()).isEmpty();
        ssm.putParameter(
                r -> r.name("/a").type(ParameterType.STRING).tier("Advanced").value("x".repeat(8192)));
        assertThat(get("/a").value()).hasSize(8192);
    }

    @Test
    void theKeyPicksTheAccountAndTheSignatureTheRegion() {
        aws.credentials().addKey("210987654321", "AKIAOTHER00000000001");
        put(DSN, ParameterType.STRING, "here");
        try (SsmClient elsewhere = Sdk.ssm(aws, "us-east-1", Sdk.defaultCredentials());
                SsmClient others =
                        Sdk.ssm(aws, Sdk.REGION, AwsBasicCredentials.create("AKIAOTHER00000000001", "secret"));
                SsmClient unknown = Sdk.ssm(aws, Sdk.REGION, AwsBasicCredentials.create("AKIANOBODY", "secret"))) {
            assertThatThrownBy(() -> elsewhere.getParameter(r -> r.name(DSN)))
                    .isInstanceOf(ParameterNotFoundException.class);
            assertThatThrownBy(() -> others.getParameter(r -> r.name(DSN)))
                    .isInstanceOf(ParameterNotFoundException.class);
            refusedWith("UnrecognizedClientException", () -> unknown.getParameter(r -> r.name(DSN)));
        }
        assertThat(aws.ssm().in("210987654321", Sdk.REGION).parameters()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "THROTTLE,ThrottlingException",
        "SERVER_ERROR,InternalServerError",
        "DENIED,AccessDeniedException",
        "EXPIRED_TOKEN,ExpiredTokenException"
    })
    void faultsHitParameterStoreToo(FaultKind kind, String code) {
        put(DSN, ParameterType.STRING, "v");
        aws.faults().add(Fault.of(kind, "GetParameters").onService("ssm").times(1));
        refusedWith(code, () -> ssm.getParameters(r -> r.names(DSN)));
        assertThat(ssm.getParameters(r -> r.names(DSN)).parameters()).hasSize(1);
    }

    @Test
    void aStaleReadGivesTheValueOfThatTime() {
        put(DSN, ParameterType.STRING, "old");
        pass(Duration.ofMinutes(10));
        put(DSN, ParameterType.STRING, "new");
        var stale = aws.faults().add(Fault.of(FaultKind.STALE_READ).delayed(Duration.ofMinutes(5)));
        assertThat(get(DSN).value()).isEqualTo("old");
        stale.remove();
        assertThat(get(DSN).value()).isEqualTo("new");
    }

    @Test
    void theAuditLogNamesParametersAndHoldsNoValue() {
        put(DSN, ParameterType.SECURE_STRING, SECRET);
        put(DSN, ParameterType.SECURE_STRING, SECRET);
        var _ = ssm.getParameters(r -> r.names("/x", DSN));
        var _ = ssm.getParametersByPath(r -> r.path("/shop/api"));
        ssm.deleteParameter(r -> r.name(DSN));
        assertThat(aws.audit().entries())
                .extracting(AuditEntry::operation, AuditEntry::target, AuditEntry::effect)
                .containsExactly(
                        tuple("PutParameter", DSN, Effect.CREATED),
                        tuple("PutParameter", DSN, Effect.CHANGED),
                        tuple("GetParameters", "/x," + DSN, Effect.NONE),
                        tuple("GetParametersByPath", "/shop/api", Effect.NONE),
                        tuple("DeleteParameter", DSN, Effect.DELETED));
        assertThat(aws.audit().entries().toString()).doesNotContain("hunter2");
    }
}
