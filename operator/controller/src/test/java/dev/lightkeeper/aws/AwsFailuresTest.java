package dev.lightkeeper.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.lightkeeper.desired.SecretText;
import dev.lightkeeper.failure.Failure;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.lightsail.model.InvalidInputException;
import software.amazon.awssdk.services.lightsail.model.LightsailException;

class AwsFailuresTest {
    private static final String DEPLOY = "lightsail:CreateContainerServiceDeployment";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ThrottlingException",
                "Throttling",
                "RequestLimitExceeded",
                "TooManyRequestsException",
                "SlowDown"
            })
    void throttlingIsToldByItsCodeThoughItsStatusIs400(String code) {
        assertThat(change(answer(code, "Rate exceeded", 400))).isInstanceOf(Failure.Throttled.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 500})
    void aDenialIsToldByItsCodeWhateverItsStatus(int status) {
        Failure failure = change(answer(
                "AccessDeniedException", "User: arn:aws:sts::1:assumed-role/x/i-0abc is not authorized", status));

        assertThat(failure)
                .isEqualTo(new Failure.Denied(
                        "AccessDeniedException",
                        DEPLOY,
                        DEPLOY + " is denied to the account's credentials (AccessDeniedException)"));
        assertThat(AwsFailures.blamesCredentials(failure)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UnrecognizedClientException",
                "ExpiredTokenException",
                "ExpiredToken",
                "InvalidSignatureException",
                "IncompleteSignature",
                "InvalidClientTokenId",
                "MissingAuthenticationTokenException",
                "SignatureDoesNotMatch"
            })
    void wrongCredentialsAreADenialThatBlamesThem(String code) {
        Failure failure = change(answer(code, "20261122T000000Z is too old", 403));

        assertThat(failure).isInstanceOfSatisfying(Failure.Denied.class, denied -> {
            assertThat(denied.code()).isEqualTo(code);
            assertThat(denied.action()).isEqualTo(DEPLOY);
            assertThat(denied.message()).doesNotContain("20261122");
        });
        assertThat(AwsFailures.blamesCredentials(failure)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Deployment 12 is in progress for service api. Please wait for it to complete before trying again. | InProgress
                    The service is being updated. Please try again in a few minutes. | InProgress
                    PLEASE WAIT FOR IT TO COMPLETE | InProgress
                    The service api is disabled and cannot be deployed to. | Disabled
                    """)
    void aRefusalForTheStateOfTheServiceIsAConflict(String text, String code) {
        assertThat(change(invalidInput(text, null))).isInstanceOfSatisfying(Failure.Conflict.class, conflict -> {
            assertThat(conflict.code()).isEqualTo(code);
            assertThat(conflict.message()).doesNotContain("12");
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Some names are already in use: api | NameExists
                    You have reached or will exceed the maximum limit of Lightsail Container Services. | QuotaExceeded
                    The certificates "api" do not exist. | CertificateNotFound
                    Invalid port specified. The port 1 is not among the ports. | InvalidInputException
                    """)
    void otherWrongInputIsTerminalWithACodeThatTellsWhich(String text, String code) {
        assertThat(change(invalidInput(text, null)))
                .isInstanceOfSatisfying(
                        Failure.Terminal.class,
                        terminal -> assertThat(terminal.code()).isEqualTo(code));
    }

    @Test
    void aTakenNameIsAlsoToldByTheFinerCode() {
        assertThat(change(invalidInput("whatever", "NameExists")))
                .isInstanceOfSatisfying(
                        Failure.Terminal.class,
                        terminal -> assertThat(terminal.code()).isEqualTo("NameExists"));
    }

    @Test
    void onlyNotFoundExceptionIsNotFound() {
        assertThat(AwsFailures.isNotFound(read(answer("NotFoundException", "gone", 400))))
                .isTrue();
        assertThat(AwsFailures.isNotFound(read(invalidInput("does not exist", null))))
                .isFalse();
        assertThat(AwsFailures.isNotFound(read(answer("AccessDeniedException", "no", 404))))
                .isFalse();
        assertThat(AwsFailures.isNotFound(read(answer(null, null, 404)))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ServiceException", "InternalFailure", "ServiceUnavailable", "NeverHeardOf"})
    void aFaultOfAwsLeavesTheEffectOfAChangeUnknownButAReadHasNone(String code) {
        assertThat(change(answer(code, "oops", 500)))
                .isInstanceOfSatisfying(
                        Failure.Transient.class,
                        failure -> assertThat(failure.effectUnknown()).isTrue());
        assertThat(read(answer(code, "oops", 500)))
                .isInstanceOfSatisfying(
                        Failure.Transient.class,
                        failure -> assertThat(failure.effectUnknown()).isFalse());
    }

    @Test
    void anAnswerWithoutACodeLeavesTheEffectOfAChangeUnknown() {
        Failure html = change(answer(null, "<html>503</html>", 503));
        Failure bare = change(LightsailException.builder().statusCode(503).build());

        assertThat(List.of(html, bare))
                .allSatisfy(failure -> assertThat(failure).isInstanceOfSatisfying(Failure.Transient.class, it -> {
                    assertThat(it.effectUnknown()).isTrue();
                    assertThat(it.message()).doesNotContain("html");
                }));
    }

    @Test
    void aRegionThatIsBeingSetUpIsWaitedForAndNothingWasChanged() {
        assertThat(change(answer("RegionSetupInProgressException", "later", 400)))
                .isInstanceOfSatisfying(
                        Failure.Transient.class,
                        failure -> assertThat(failure.effectUnknown()).isFalse());
    }

    static Stream<Arguments> connections() {
        return Stream.of(
                arguments(ApiCallTimeoutException.create(1), "Timeout", true),
                arguments(ApiCallAttemptTimeoutException.create(1), "Timeout", true),
                arguments(client(new SocketTimeoutException("read")), "Timeout", true),
                arguments(client(new SocketException("reset")), "ConnectionLost", true),
                arguments(client(null), "ConnectionLost", true),
                arguments(new IllegalStateException("anything"), "ConnectionLost", true),
                arguments(client(new ConnectException("refused")), "Unreachable", false),
                arguments(client(new UnknownHostException("host")), "Unreachable", false),
                arguments(client(new SSLHandshakeException("not you")), "Unreachable", false));
    }

    @ParameterizedTest
    @MethodSource("connections")
    void aCutConnectionLeavesTheEffectUnknownAndARefusedOneHadNone(
            RuntimeException error, String code, boolean effectUnknown) {
        assertThat(change(error)).isInstanceOfSatisfying(Failure.Transient.class, failure -> {
            assertThat(failure.code()).isEqualTo(code);
            assertThat(failure.effectUnknown()).isEqualTo(effectUnknown);
        });
    }

    @Test
    void anInterruptedCallKeepsTheThreadInterrupted() {
        Failure failure = change(AbortedException.create("stopping"));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(failure)
                .isInstanceOfSatisfying(
                        Failure.Transient.class,
                        it -> assertThat(it.effectUnknown()).isTrue());
    }

    @Test
    void noMessageHoldsAValueOfTheRequestOrARequestId() {
        String text = "Value 's3cr3t-password' for DATABASE_URL of \"api\" is\n not valid "
                + "(Request ID: 11111111-2222-3333-4444-555555555555). Docs: https://example.com";

        Failure failure = AwsFailures.ofMutation(
                DEPLOY, invalidInput(text, null), List.of(SecretText.of("s3cr3t-password"), SecretText.of("7")));

        assertThat(failure.message())
                .isEqualTo(DEPLOY + ": AWS refused the input: Value *** for DATABASE_URL of api is not valid");
    }

    private static Failure change(RuntimeException error) {
        return AwsFailures.ofMutation(DEPLOY, error, List.of());
    }

    private static Failure read(RuntimeException error) {
        return AwsFailures.ofRead("lightsail:GetContainerServices", error);
    }

    private static RuntimeException client(@Nullable Exception cause) {
        return SdkClientException.create("Unable to execute HTTP request", cause);
    }

    private static RuntimeException answer(@Nullable String code, @Nullable String message, int status) {
        return LightsailException.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage(message)
                        .build())
                .build();
    }

    private static RuntimeException invalidInput(String message, @Nullable String finerCode) {
        return InvalidInputException.builder()
                .code(finerCode)
                .statusCode(400)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode("InvalidInputException")
                        .errorMessage(message)
                        .build())
                .build();
    }
}
