package dev.lightkeeper.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.verify.Prober.Answer;
import dev.lightkeeper.verify.Prober.Answer.NoResponse;
import dev.lightkeeper.verify.Prober.Answer.Response;
import dev.lightkeeper.verify.Prober.Fault;
import dev.lightkeeper.verify.Prober.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a certificate is told in words that say which repair is needed. */
@Timeout(60)
class HttpProberTlsTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final Duration PATIENT = Duration.ofSeconds(20);

    private static Certificates certificates;
    private static SSLContext good;
    private static HttpProber prober;

    @BeforeAll
    static void certify(@TempDir Path directory) {
        certificates = new Certificates(directory);
        good = certificates.certified("good", "api.example.com", "-1d", 30);
        prober = prober(certificates.trust());
    }

    @AfterAll
    static void close() {
        prober.close();
    }

    @Test
    void trustedNameAnswers() throws Exception {
        CompletableFuture<List<SNIServerName>> names = new CompletableFuture<>();
        try (HostileServer server = new HostileServer(good, connection -> {
            SSLSocket socket = (SSLSocket) connection.socket();
            names.complete(((ExtendedSSLSession) socket.getSession()).getRequestedServerNames());
            connection.send(OK);
        })) {
            assertThat(((Response) ask(server, "api.example.com")).body()).isEqualTo("ok");
            assertThat(names.get(10, TimeUnit.SECONDS)).containsExactly(new SNIHostName("api.example.com"));
            assertThat(ask(server, "api.example.com.")).isInstanceOf(Response.class);
        }
    }

    @Test
    void expiredCertificateIsToldSo() throws IOException {
        refused(
                certificates.certified("expired", "api.example.com", "-10d", 5),
                "the TLS certificate of api.example.com has expired");
    }

    @Test
    void certificateOfTheFutureIsToldSo() throws IOException {
        refused(
                certificates.certified("future", "api.example.com", "+10d", 5),
                "the TLS certificate of api.example.com is not valid yet");
    }

    @Test
    void certificateOfAnotherNameIsToldSo() throws IOException {
        refused(
                certificates.certified("other", "www.example.org", "-1d", 30),
                "the TLS certificate of api.example.com is for another name");
    }

    @Test
    void selfSignedCertificateIsToldSo() throws IOException {
        refused(
                certificates.selfSigned("self", "api.example.com"),
                "the TLS certificate of api.example.com is not signed by a trusted authority");
    }

    @Test
    void certificateIsLookedAtOnEveryConnection() throws IOException {
        AtomicInteger looks = new AtomicInteger();
        X509TrustManager trust = certificates.trust();
        X509TrustManager counting = new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
                trust.checkClientTrusted(chain, type);
            }

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
                looks.incrementAndGet();
                trust.checkServerTrusted(chain, type);
            }

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return trust.getAcceptedIssuers();
            }
        };
        try (HostileServer server = new HostileServer(good, connection -> connection.send(OK));
                HttpProber looking = prober(counting)) {
            Request request = new Request("GET", uri(server, "api.example.com"), Map.of(), PATIENT);
            assertThat(looking.ask(request)).isInstanceOf(Response.class);
            assertThat(looking.ask(request)).isInstanceOf(Response.class);
            assertThat(looks).hasValue(2);
        }
    }

    @Test
    void authoritiesOfTheRuntimeDoNotKnowOurs() throws IOException {
        try (HostileServer server = new HostileServer(good, connection -> connection.send(OK));
                HttpProber ordinary = prober(HttpProber.systemTrust())) {
            assertThat(ordinary.ask(new Request("GET", uri(server, "api.example.com"), Map.of(), PATIENT)))
                    .isEqualTo(new NoResponse(
                            Fault.TLS, "the TLS certificate of api.example.com is not signed by a trusted authority"));
        }
    }

    @Test
    void serverWithoutTlsIsToldSo() throws IOException {
        try (HostileServer server =
                new HostileServer(null, connection -> connection.write("HTTP/1.1 400 Bad\r\n\r\n"))) {
            assertThat(ask(server, "api.example.com"))
                    .isEqualTo(new NoResponse(Fault.TLS, "api.example.com does not answer with TLS"));
        }
    }

    @Test
    void handshakeThatIsEndedIsToldSo() throws IOException {
        try (HostileServer server = new HostileServer(
                null, connection -> connection.socket().getInputStream().readNBytes(5))) {
            NoResponse answer = (NoResponse) ask(server, "api.example.com");
            // Closing with unread bytes may also reset the connection.
            assertThat(answer)
                    .isIn(
                            new NoResponse(Fault.TLS, "api.example.com ended the TLS handshake"),
                            new NoResponse(Fault.CONNECT, "the connection was reset before the request"));
        }
    }

    @Test
    void handshakeThatHangsEndsAtTheTimeout() throws IOException {
        try (HostileServer server = new HostileServer(null, connection -> connection.hang())) {
            Duration timeout = Duration.ofSeconds(3);
            assertThat(prober.ask(new Request("GET", uri(server, "api.example.com"), Map.of(), timeout)))
                    .isEqualTo(new NoResponse(Fault.TLS, "no TLS connection within 3 s"));
        }
    }

    @Test
    void answerThatDripsInsideTlsEndsAtTheTimeout() throws IOException {
        try (HostileServer server = new HostileServer(good, connection -> {
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n");
            connection.dripForever("x");
        })) {
            Duration timeout = Duration.ofSeconds(3);
            assertThat(prober.ask(new Request("GET", uri(server, "api.example.com"), Map.of(), timeout)))
                    .isEqualTo(new NoResponse(Fault.TIMEOUT, "no complete answer within 3 s"));
        }
    }

    private static void refused(SSLContext context, String words) throws IOException {
        try (HostileServer server = new HostileServer(context, connection -> connection.send(OK))) {
            assertThat(ask(server, "api.example.com")).isEqualTo(new NoResponse(Fault.TLS, words));
            assertThat(server.requests()).isEmpty();
        }
    }

    private static HttpProber prober(X509TrustManager trust) {
        return new HttpProber(
                AddressPolicy.allowing(AddressPolicy.Range.LOOPBACK),
                host -> List.of(InetAddress.ofLiteral("127.0.0.1")),
                trust,
                "1.2.3",
                () -> "id",
                System::nanoTime);
    }

    private static Answer ask(HostileServer server, String host) {
        return prober.ask(new Request("GET", uri(server, host), Map.of(), PATIENT));
    }

    private static URI uri(HostileServer server, String host) {
        return URI.create("https://" + host + ":" + server.port() + "/health");
    }
}
