package dev.lightkeeper.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.lightkeeper.failure.Failure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.sts.model.StsException;

/** Credentials that cannot be had, before anything is sent. */
class AccountSessionTest {
    static Stream<Arguments> silences() {
        return Stream.of(
                arguments(fetching(new SocketTimeoutException("Read timed out"))),
                arguments(fetching(new ConnectException("Connection refused"))),
                arguments(fetching(new IOException("Unexpected end of file"))),
                arguments(fetching(answered(500))),
                arguments(fetching(answered(429))));
    }

    @ParameterizedTest
    @MethodSource("silences")
    void credentialsThatCannotBeFetchedAreNotKnownToBeWrong(SdkException error) {
        assertThat(callWith(error)).isInstanceOfSatisfying(Failure.Transient.class, failure -> {
            assertThat(failure.effectUnknown()).isFalse();
            assertThat(failure.message()).contains("own AWS credentials");
            assertThat(AwsFailures.isAnswer(failure)).isFalse();
        });
    }

    static Stream<Arguments> absences() {
        return Stream.of(
                arguments(SdkClientException.create("Unable to load credentials from any of the providers")),
                arguments(fetching(SdkClientException.create("The requested metadata is not found"))),
                arguments(fetching(answered(403))),
                arguments(fetching(new NoSuchFileException("/var/run/secrets/token"))));
    }

    @ParameterizedTest
    @MethodSource("absences")
    void credentialsThatAreNotThereAreKnownToBeWrong(SdkException error) {
        Failure failure = callWith(error);

        assertThat(failure)
                .isInstanceOfSatisfying(
                        Failure.Denied.class,
                        denied -> assertThat(denied.code()).isEqualTo(AwsFailures.NO_CREDENTIALS));
        assertThat(AwsFailures.blamesCredentials(failure)).isTrue();
    }

    @Test
    void whatAwsSaysToAWebIdentityIsToldAsItIs() {
        assertThat(callWith(sts("AccessDenied"))).isInstanceOfSatisfying(Failure.Denied.class, denied -> {
            assertThat(denied.action()).isEqualTo("sts:AssumeRoleWithWebIdentity");
            assertThat(AwsFailures.blamesCredentials(denied)).isFalse();
        });
        assertThat(AwsFailures.blamesCredentials(callWith(sts("InvalidIdentityToken"))))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Throttling", "InternalFailure"})
    void anAwsThatCannotGiveCredentialsNowSaysNothingAboutThem(String code) {
        assertThat(callWith(sts(code))).isNotInstanceOf(Failure.Denied.class);
    }

    @Test
    void callsAboutHostsTakeNothingOfTheRateOfOthers() {
        Duration brief = Duration.ofMillis(1);
        AccountSession session = session(
                new CallLimits(brief, brief, brief, 1, 8, 0.05, 1, brief),
                fetching(new ConnectException("Connection refused")));
        try {
            assertThat(IntStream.range(0, 20).mapToObj(i -> session.hosts(AwsWorld.REGION, "ssm:Read", ssm -> i)))
                    .anySatisfy(answer -> assertThat(answer)
                            .isInstanceOfSatisfying(
                                    AwsAnswer.Failed.class,
                                    failed -> assertThat(failed.failure()).isInstanceOf(Failure.Throttled.class)));
            assertThat(session.change(AwsWorld.REGION, "lightsail:Change", List.of(), lightsail -> "changed"))
                    .isInstanceOfSatisfying(
                            AwsAnswer.Failed.class,
                            failed -> assertThat(failed.failure()).isInstanceOf(Failure.Transient.class));
        } finally {
            session.retire();
        }
    }

    private static AccountSession session(CallLimits limits, SdkException error) {
        AwsCredentialsProvider provider = () -> {
            throw error;
        };
        return new AccountSession(
                "default",
                new Clients(null, "test", limits, provider),
                CallRecorder.NONE,
                new MovableClock(),
                AwsWorld.REGION,
                http -> provider);
    }

    private static Failure callWith(SdkException error) {
        AccountSession session = session(CallLimits.standard(), error);
        try {
            assertThat(session.callerIdentity()).isInstanceOf(AwsAnswer.Failed.class);
            return ((AwsAnswer.Failed<AccountSession.CallerIdentity>) session.callerIdentity()).failure();
        } finally {
            session.retire();
        }
    }

    private static SdkException fetching(Exception cause) {
        return SdkClientException.create("Failed to load credentials from IMDS.", cause);
    }

    private static SdkException answered(int status) {
        return SdkServiceException.builder().statusCode(status).message("no").build();
    }

    private static SdkException sts(String code) {
        return (SdkException) StsException.builder()
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage("no")
                        .build())
                .build();
    }
}
