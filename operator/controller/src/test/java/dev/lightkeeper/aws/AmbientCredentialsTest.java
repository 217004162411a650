package dev.lightkeeper.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpServer;
import dev.lightkeeper.failure.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Where the operator's own identity comes from, and what is known when nothing gives it. */
class AmbientCredentialsTest {
    private static final AwsBasicCredentials KEYS = AwsBasicCredentials.create("AKIASIMULATOR0000001", "secret");
    private static final AwsCredentialsProvider NONE = () -> {
        throw SdkClientException.create("not configured");
    };
    private static final AwsCredentialsProvider SILENT = () -> {
        throw SdkClientException.create("Failed to load credentials.", new SocketTimeoutException("timed out"));
    };

    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void theFirstPlaceThatHasThemIsAskedFromThenOn() {
        AwsCredentialsProvider counting = () -> {
            asked.incrementAndGet();
            return NONE.resolveCredentials();
        };
        AmbientCredentials ambient = new AmbientCredentials(List.of(counting, () -> KEYS, SILENT));

        assertThat(ambient.resolveCredentials()).isEqualTo(KEYS);
        assertThat(ambient.resolveCredentials()).isEqualTo(KEYS);
        assertThat(asked).hasValue(1);
    }

    @Test
    void aPlaceThatGaveNoAnswerLeavesItOpenWhetherThereAreAny() {
        assertThat(failure(NONE, SILENT, NONE)).isInstanceOf(Failure.Transient.class);
        assertThat(AwsFailures.isWithoutCredentials(failure(NONE, NONE))).isTrue();
    }

    @Test
    void anInstanceWithoutARoleHasNoneAndOneThatCannotBeAskedIsNotKnown() throws IOException {
        HttpServer metadata = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        metadata.createContext("/", exchange -> {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        metadata.start();
        AwsCredentialsProvider instance = InstanceProfileCredentialsProvider.builder()
                .endpoint("http://127.0.0.1:" + metadata.getAddress().getPort())
                .build();

        assertThat(AwsFailures.isWithoutCredentials(failure(NONE, instance))).isTrue();

        metadata.stop(0);
        assertThat(failure(NONE, instance)).isInstanceOf(Failure.Transient.class);
    }

    @Test
    void aRoleThatCannotBeAssumedForWantOfThemIsToldAsThat() {
        assertThat(assumingWith(SILENT))
                .isInstanceOfSatisfying(
                        Failure.Transient.class,
                        failure -> assertThat(failure.message()).contains("own AWS credentials"));
        assertThat(AwsFailures.isWithoutCredentials(assumingWith(NONE))).isTrue();
    }

    private static Failure failure(AwsCredentialsProvider... places) {
        Throwable error = catchThrowable(new AmbientCredentials(List.of(places))::resolveCredentials);
        assertThat(error).isInstanceOf(SdkClientException.class);
        return AwsFailures.ofCredentials("sts:GetCallerIdentity", error);
    }

    private static Failure assumingWith(AwsCredentialsProvider place) {
        Clients clients = new Clients(null, "test", CallLimits.standard(), new AmbientCredentials(List.of(place)));
        CredentialSource source = new CredentialSource(new NoReferences(), clients);
        AccountSession session = new AccountSession(
                "default",
                clients,
                CallRecorder.NONE,
                new MovableClock(),
                AwsWorld.REGION,
                http -> source.provider(new CredentialSource.Keys.Assumed(AwsWorld.ROLE, null), http, AwsWorld.REGION));
        try {
            return ((AwsAnswer.Failed<AccountSession.CallerIdentity>) session.callerIdentity()).failure();
        } finally {
            session.retire();
        }
    }
}
