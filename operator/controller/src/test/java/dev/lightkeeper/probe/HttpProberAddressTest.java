package dev.lightkeeper.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.verify.Prober.Answer.NoResponse;
import dev.lightkeeper.verify.Prober.Answer.Response;
import dev.lightkeeper.verify.Prober.Fault;
import dev.lightkeeper.verify.Prober.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names and addresses: which of them are connected to, and what is told of the others. */
@Timeout(60)
class HttpProberAddressTest {
    private static final Duration PATIENT = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(700);

    private final CountDownLatch over = new CountDownLatch(1);
    private final HttpProber prober =
            prober(AddressPolicy.allowing(AddressPolicy.Range.LOOPBACK), HttpProberAddressTest::resolve);

    @AfterEach
    void close() {
        over.countDown();
        prober.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://service.test/",
                "file:///etc/passwd",
                "/health",
                "http://user@service.test/",
                "http:///health",
                "http://service.test:0/",
                "http://service.test:70000/",
                "mailto:a@b.c"
            })
    void onlyPlainHttpAddressesAreProbed(String uri) {
        assertThat(prober.ask(new Request("GET", URI.create(uri), Map.of(), PATIENT)))
                .isEqualTo(new NoResponse(
                        Fault.REFUSED_ADDRESS, "only http and https addresses with a plain host name are probed"));
    }

    @Test
    void refusedConnectionIsToldSo() throws IOException {
        int port;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            port = gone.getLocalPort();
        }
        assertThat(prober.ask(new Request("GET", uri(port), Map.of(), PATIENT)))
                .isEqualTo(new NoResponse(Fault.CONNECT, "the connection was refused"));
    }

    @Test
    void nextAddressIsTriedWhereOneRefuses() throws IOException {
        try (HostileServer server = HostileServer.saying("HTTP/1.1 200 OK\r\n\r\n");
                HttpProber two = prober(
                        AddressPolicy.allowing(AddressPolicy.Range.LOOPBACK),
                        host -> List.of(InetAddress.ofLiteral("127.0.0.2"), InetAddress.ofLiteral("127.0.0.1")))) {
            assertThat(two.ask(new Request("GET", uri(server.port()), Map.of(), PATIENT)))
                    .isInstanceOf(Response.class);
        }
    }

    @Test
    void nameThatResolvesToAPrivateAddressIsNotConnected() throws IOException {
        try (HostileServer server = HostileServer.saying("HTTP/1.1 200 OK\r\n\r\n");
                HttpProber careful = prober(AddressPolicy.publicOnly(), HttpProberAddressTest::resolve)) {
            assertThat(careful.ask(new Request("GET", uri(server.port()), Map.of(), PATIENT)))
                    .isEqualTo(new NoResponse(
                            Fault.REFUSED_ADDRESS, "service.test is not probed: it resolves to a loopback address"));
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void onePrivateAddressAmongPublicOnesSpoilsTheName() {
        try (HttpProber careful = prober(
                AddressPolicy.publicOnly(),
                host -> List.of(InetAddress.ofLiteral("1.1.1.1"), InetAddress.ofLiteral("169.254.169.254")))) {
            assertThat(careful.ask(new Request("GET", uri(80), Map.of(), PATIENT)))
                    .isEqualTo(new NoResponse(
                            Fault.REFUSED_ADDRESS,
                            "service.test is not probed: it resolves to a link-local or metadata address"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1/", "http://127.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/"})
    void literalsAreHeldAgainstThePolicyToo(String uri) {
        try (HttpProber careful = prober(AddressPolicy.publicOnly(), Resolver.system())) {
            NoResponse answer = (NoResponse) careful.ask(new Request("GET", URI.create(uri), Map.of(), PATIENT));
            assertThat(answer.fault()).isIn(Fault.REFUSED_ADDRESS, Fault.DNS);
        }
    }

    @Test
    void nameIsResolvedOnceSoThatItCannotChangeBetweenCheckAndConnection() throws IOException {
        AtomicInteger lookUps = new AtomicInteger();
        try (HostileServer server = HostileServer.saying("HTTP/1.1 200 OK\r\n\r\n");
                HttpProber counting = prober(AddressPolicy.allowing(AddressPolicy.Range.LOOPBACK), host -> {
                    lookUps.incrementAndGet();
                    return resolve(host);
                })) {
            counting.ask(new Request("GET", uri(server.port()), Map.of(), PATIENT));
            assertThat(lookUps).hasValue(1);
        }
    }

    @Test
    void unknownNameIsADnsFault() {
        try (HttpProber unknown = prober(AddressPolicy.publicOnly(), host -> {
                    throw new UnknownHostException(host);
                });
                HttpProber empty = prober(AddressPolicy.publicOnly(), host -> List.of())) {
            assertThat(unknown.ask(new Request("GET", uri(80), Map.of(), PATIENT)))
                    .isEqualTo(new NoResponse(Fault.DNS, "the name service.test cannot be resolved"));
            assertThat(empty.ask(new Request("GET", uri(80), Map.of(), PATIENT)))
                    .isEqualTo(new NoResponse(Fault.DNS, "the name service.test has no address"));
        }
    }

    @Test
    void hangingLookUpEndsAtTheTimeoutAndConnectsNothingAfterIt() throws IOException {
        CountDownLatch resolved = new CountDownLatch(1);
        try (HostileServer server = HostileServer.saying("HTTP/1.1 200 OK\r\n\r\n");
                HttpProber hanging = prober(AddressPolicy.allowing(AddressPolicy.Range.LOOPBACK), host -> {
                    awaitUninterruptibly(over);
                    resolved.countDown();
                    return resolve(host);
                })) {
            assertThat(hanging.ask(new Request("GET", uri(server.port()), Map.of(), SHORT)))
                    .isEqualTo(new NoResponse(Fault.DNS, "the name service.test was not resolved within 700 ms"));
            over.countDown();
            awaitUninterruptibly(resolved);
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void resolverThatHangsCannotPileUpThreads() {
        try (HttpProber hanging = prober(AddressPolicy.publicOnly(), host -> {
            awaitUninterruptibly(over);
            return List.of();
        })) {
            Request request = new Request("GET", uri(80), Map.of(), Duration.ofNanos(1));
            for (int i = 0; i < 256; i++) {
                assertThat(((NoResponse) hanging.ask(request)).fault()).isEqualTo(Fault.DNS);
            }
            assertThat(hanging.ask(request))
                    .isEqualTo(new NoResponse(Fault.DNS, "too many probes wait for a name to be resolved"));
        }
    }

    @Test
    void brokenResolverIsAnAnswerToo() {
        try (HttpProber broken = prober(AddressPolicy.publicOnly(), host -> {
            throw new SecurityException("no");
        })) {
            assertThat(broken.ask(new Request("GET", uri(80), Map.of(), PATIENT)))
                    .isEqualTo(new NoResponse(Fault.MALFORMED, "the answer could not be read"));
        }
    }

    private static HttpProber prober(AddressPolicy policy, Resolver resolver) {
        return new HttpProber(policy, resolver, HttpProber.systemTrust(), "1.2.3", () -> "id", System::nanoTime);
    }

    private static URI uri(int port) {
        return URI.create("http://service.test:" + port + "/health?a=b%20c");
    }

    private static List<InetAddress> resolve(String host) throws UnknownHostException {
        return List.of(InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1}));
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
