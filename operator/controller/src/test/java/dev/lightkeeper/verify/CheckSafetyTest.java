package dev.lightkeeper.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.lightkeeper.api.v1alpha1.CheckType;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.ProbeHeaders;
import dev.lightkeeper.desired.SecretText;
import dev.lightkeeper.probe.AddressPolicy;
import dev.lightkeeper.probe.HttpProber;
import dev.lightkeeper.probe.JacksonJsonReader;
import dev.lightkeeper.probe.Resolver;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a manifest declares, the operator's place in the network is not lent to it: each rule, for every kind of check. */
class CheckSafetyTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final List<HttpServer> servers = new ArrayList<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final AtomicInteger ids = new AtomicInteger();

    @AfterEach
    void stop() {
        servers.forEach(server -> server.stop(0));
    }

    private int serve(HttpHandler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.createContext("/", exchange -> {
            heard.add("%s %s %s %s"
                    .formatted(
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().getPath().replaceAll("lightkeeper-[0-9a-f]+", "stray"),
                            exchange.getRequestHeaders().getFirst("User-Agent"),
                            exchange.getRequestHeaders().getFirst("X-Request-Id")));
            handler.handle(exchange);
        });
        server.start();
        servers.add(server);
        return server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange, int status, byte[] body, String... headers) throws IOException {
        for (int i = 0; i < headers.length; i += 2) {
            exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
        }
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try (exchange) {
            exchange.getResponseBody().write(body);
        }
    }

    private HttpProber prober(AddressPolicy policy, Resolver resolver) {
        return new HttpProber(
                policy,
                resolver,
                HttpProber.systemTrust(),
                "9.9",
                () -> "id-" + ids.incrementAndGet(),
                System::nanoTime);
    }

    private static List<HttpCheck> everyKind(int port) {
        ServiceDeploymentSpec spec = Serialization.unmarshal("""
                readiness: {path: /ready, periodSeconds: 30, timeoutSeconds: 5, failureThreshold: 3, successThreshold: 1}
                verification:
                  endpoints:
                    - {name: tech, path: /tech, method: GET, enforcement: Required}
                    - {name: gone, path: /gone, method: GET, enforcement: Required, expect: {absent: true}}
                  cors: [{name: app, path: /tech, origin: "https://app.example.com", method: PUT, enforcement: Required}]
                  randomPathControl: Enforce
                """, ServiceDeploymentSpec.class);
        DesiredState desired = new DesiredState(
                new DesiredState.ResourceIdentity("shop", "api", "uid", 1),
                spec,
                null,
                "contract",
                ProbeHeaders.NONE,
                List.of(),
                false);
        return new HttpChecks(new Expectations(new JacksonJsonReader()), new Random(5))
                .declared(
                        desired,
                        Objects.requireNonNull(spec.readiness()),
                        URI.create("http://service.test:" + port + "/"));
    }

    private static Judgement make(Prober prober, HttpCheck check) {
        return check.probe().judge(prober.ask(check.probe().first()), prober::ask);
    }

    private static List<InetAddress> loopback(String host) {
        return List.of(InetAddress.ofLiteral("127.0.0.1"));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, loopback",
        "10.1.2.3, private",
        "100.64.0.1, private",
        "169.254.169.254, link-local or metadata",
        "fd00:ec2::254, link-local or metadata",
        "0.0.0.0, unspecified",
        "224.0.0.1, multicast",
        "240.0.0.1, reserved",
    })
    void noKindOfCheckReachesAnAddressThatIsNotPublic(String address, String words) throws IOException {
        int port = serve(exchange -> answer(exchange, 200, new byte[0]));
        try (HttpProber prober = prober(AddressPolicy.publicOnly(), host -> List.of(InetAddress.ofLiteral(address)))) {
            assertThat(everyKind(port))
                    .hasSize(5)
                    .allSatisfy(check -> assertThat(make(prober, check))
                            .isEqualTo(new Judgement.Unclear(
                                    "service.test is not probed: it resolves to a %s address".formatted(words))));
        }
        assertThat(heard).isEmpty();
    }

    @Test
    void everyRequestNamesItselfAndResolvesItsNameOnce() throws IOException {
        int port = serve(exchange -> answer(
                exchange,
                exchange.getRequestMethod().equals("OPTIONS") ? 204 : 404,
                exchange.getRequestMethod().equals("OPTIONS") ? new byte[0] : "<html>".getBytes(UTF_8),
                "Access-Control-Allow-Origin",
                "https://app.example.com",
                "Access-Control-Allow-Methods",
                "PUT"));
        AtomicInteger lookUps = new AtomicInteger();
        try (HttpProber prober = prober(AddressPolicy.allowing(AddressPolicy.Range.LOOPBACK), host -> {
            lookUps.incrementAndGet();
            return loopback(host);
        })) {
            everyKind(port).forEach(check -> make(prober, check));
        }
        assertThat(heard)
                .extracting(line -> line.substring(0, line.indexOf(" lightkeeper/")))
                .containsExactly(
                        "GET /ready",
                        "GET /tech",
                        "GET /gone",
                        "GET /",
                        "OPTIONS /tech",
                        "GET /tech",
                        "GET /stray",
                        "GET /stray",
                        "GET /");
        assertThat(heard).allMatch(line -> line.contains(" lightkeeper/9.9 id-"));
        assertThat(heard)
                .extracting(line -> line.substring(line.lastIndexOf(' ')))
                .doesNotHaveDuplicates();
        assertThat(lookUps).hasValue(heard.size());
    }

    @Test
    void noKindOfCheckFollowsARedirect() throws IOException {
        int elsewhere = serve(exchange -> answer(exchange, 200, new byte[0]));
        int port = serve(exchange ->
                answer(exchange, 302, new byte[0], "Location", "http://service.test:%d/there".formatted(elsewhere)));
        try (HttpProber prober =
                prober(AddressPolicy.allowing(AddressPolicy.Range.LOOPBACK), CheckSafetyTest::loopback)) {
            assertThat(everyKind(port))
                    .allSatisfy(check -> assertThat(make(prober, check))
                            .isEqualTo(new Judgement.Missed(
                                    "answered 302, a redirect; redirects are not followed", true)));
        }
        assertThat(heard).noneMatch(line -> line.contains("/there"));
    }

    @Test
    void ofALongAnswerOnlyTheBeginningIsKept() throws IOException {
        int port = serve(exchange -> answer(exchange, 200, "x".repeat(1 << 20).getBytes(UTF_8)));
        List<Prober.Answer> answers = new ArrayList<>();
        try (HttpProber prober =
                prober(AddressPolicy.allowing(AddressPolicy.Range.LOOPBACK), CheckSafetyTest::loopback)) {
            everyKind(port)
                    .forEach(check -> make(
                            request -> {
                                Prober.Answer answer = prober.ask(request);
                                answers.add(answer);
                                return answer;
                            },
                            check));
        }
        assertThat(answers).hasSizeGreaterThan(5).allSatisfy(answer -> {
            Prober.Answer.Response response = (Prober.Answer.Response) answer;
            assertThat(response.bodyCut()).isTrue();
            assertThat(response.body()).hasSize(64 * 1024);
        });
    }

    @Test
    void aMethodThatChangesSomethingIsNamedAndNeverUsed() {
        assertThat(everyKind(80))
                .filteredOn(check -> check.type() == CheckType.Cors)
                .singleElement()
                .satisfies(check -> assertThat(check.probe().first())
                        .isEqualTo(new Prober.Request(
                                "OPTIONS",
                                URI.create("http://service.test:80/tech"),
                                Map.of(
                                        "Origin",
                                        SecretText.of("https://app.example.com"),
                                        "Access-Control-Request-Method",
                                        SecretText.of("PUT")),
                                TIMEOUT)));
        assertThat(everyKind(80))
                .noneMatch(check -> check.probe() instanceof CorsProbe cors
                        && !List.of("GET", "HEAD").contains(cors.actual().method()));
    }

    @Test
    void soManyTriesAreMadeAtTheSameTimeAndNoMore() {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger made = new AtomicInteger();
        CyclicBarrier four = new CyclicBarrier(4);
        Runnable task = () -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            try {
                // Nobody gets on before three others are there.
                var _ = four.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                throw new IllegalStateException(e);
            }
            made.incrementAndGet();
            running.decrementAndGet();
        };
        Simultaneous.atMost(4).run(Collections.nCopies(40, task));
        assertThat(made).hasValue(40);
        assertThat(most).hasValue(4);
    }

    @Test
    void anErrorOfATryIsNotSwallowed() {
        Runnable broken = () -> {
            throw new IllegalArgumentException("broken");
        };
        assertThatThrownBy(() -> Simultaneous.atMost(4).run(List.of(broken, broken)))
                .hasRootCauseMessage("broken");
    }
}
