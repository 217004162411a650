package dev.lightkeeper.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** What is left of sessions that were renewed: keys are rotated, and denied calls open new ones, for as long as we run. */
@NullUnmarked
class SessionThreadsTest {
    private static final String OF_THE_SDK = "sdk-ScheduledExecutor";
    private static final List<CredentialSource.Keys> KEYS =
            List.of(new CredentialSource.Keys.Ambient(), new CredentialSource.Keys.Assumed(AwsWorld.ROLE, null));

    private HttpServer aws;

    @BeforeEach
    void begin() throws IOException {
        aws = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        aws.createContext("/", exchange -> {
            exchange.sendResponseHeaders(403, -1);
            exchange.close();
        });
        aws.start();
    }

    @AfterEach
    void end() {
        aws.stop(0);
    }

    @Test
    void renewedSessionsLeaveNoThreads() {
        try (Clients clients = new Clients(
                URI.create("http://127.0.0.1:" + aws.getAddress().getPort()),
                "test",
                CallLimits.standard(),
                StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIASIMULATOR0000001", "secret")))) {
            long before = threads(OF_THE_SDK);
            for (int i = 0; i < 3; i++) {
                KEYS.forEach(keys -> use(clients, keys));
            }
            assertThat(threads(OF_THE_SDK)).isEqualTo(before);
            assertThat(threads(Clients.TIMERS)).isPositive();
        }
    }

    private static void use(Clients clients, CredentialSource.Keys keys) {
        CredentialSource source = new CredentialSource(new NoReferences(), clients);
        AccountSession session = new AccountSession(
                "default",
                clients,
                CallRecorder.NONE,
                new MovableClock(),
                AwsWorld.REGION,
                http -> source.provider(keys, http, AwsWorld.REGION));
        assertThat(session.callerIdentity()).isInstanceOf(AwsAnswer.Failed.class);
        assertThat(session.change(
                        AwsWorld.REGION,
                        "lightsail:Change",
                        List.of(),
                        lightsail -> lightsail.getContainerServices(request -> {})))
                .isInstanceOf(AwsAnswer.Failed.class);
        session.retire();
    }

    private static long threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(name))
                .count();
    }
}
