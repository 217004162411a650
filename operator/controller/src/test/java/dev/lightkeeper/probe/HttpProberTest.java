package dev.lightkeeper.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.desired.SecretText;
import dev.lightkeeper.verify.Prober.Answer;
import dev.lightkeeper.verify.Prober.Answer.NoResponse;
import dev.lightkeeper.verify.Prober.Answer.Response;
import dev.lightkeeper.verify.Prober.Fault;
import dev.lightkeeper.verify.Prober.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that lie, stall, flood and cut, and the words in which each is told. */
@Timeout(60)
class HttpProberTest {
    private static final Duration PATIENT = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofSeconds(3);
    // How much longer than its time-out a probe may take on a machine that is busy with other things.
    private static final Duration SLACK = Duration.ofSeconds(20);

    private final AtomicInteger ids = new AtomicInteger();
    private final HttpProber prober = new HttpProber(
            AddressPolicy.allowing(AddressPolicy.Range.LOOPBACK),
            host -> List.of(InetAddress.ofLiteral("127.0.0.1")),
            HttpProber.systemTrust(),
            "1.2.3",
            () -> "id-" + ids.incrementAndGet(),
            System::nanoTime);

    @AfterEach
    void close() {
        prober.close();
    }

    @Test
    void completeAnswerComesBackWithLowerCaseHeaders() throws IOException {
        try (HostileServer server = HostileServer.saying(
                "HTTP/1.1 200 OK\r\nX-A: one\r\nx-a: two\r\nContent-Length: 5\r\n\r\nhelloand more")) {
            Response response = (Response) ask(server, PATIENT);
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.headers()).containsEntry("x-a", List.of("one", "two"));
            assertThat(response.body()).isEqualTo("hello");
            assertThat(response.bodyCut()).isFalse();
            assertThat(response.latency()).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\n\r\nhello",
                "HTTP/1.0 200 OK\r\n\r\nhello",
                "HTTP/1.1 200\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhello",
            })
    void everyWayToEndABodyIsUnderstood(String answer) throws IOException {
        try (HostileServer server = HostileServer.saying(answer)) {
            assertThat(((Response) ask(server, PATIENT)).body()).isEqualTo("hello");
        }
    }

    @Test
    void answersThatHaveNoBodyAreNotWaitedFor() throws IOException {
        try (HostileServer server = new HostileServer(null, connection -> {
            connection.send("HTTP/1.1 204 No Content\r\nContent-Length: 7\r\n\r\n");
            connection.hang();
        })) {
            assertThat(((Response) ask(server, PATIENT)).status()).isEqualTo(204);
        }
    }

    @Test
    void eachRequestIsAnotherConnectionAndSaysWhoAsks() throws IOException {
        try (HostileServer server =
                HostileServer.saying("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n")) {
            ask(server, PATIENT);
            ask(server, PATIENT);
            assertThat(server.connections()).isEqualTo(2);
            assertThat(server.requests().getFirst())
                    .startsWith("GET /health?a=b%20c HTTP/1.1\r\nHost: service.test:" + server.port() + "\r\n")
                    .contains("User-Agent: lightkeeper/1.2.3\r\n")
                    .contains("X-Request-Id: id-1\r\n")
                    .contains("Accept-Encoding: identity\r\n")
                    .contains("Connection: close\r\n");
            assertThat(server.requests().getLast()).contains("X-Request-Id: id-2\r\n");
        }
    }

    @Test
    void headersOfTheRequestReplaceOursExceptFraming() throws IOException {
        try (HostileServer server = HostileServer.saying("HTTP/1.1 200 OK\r\n\r\n")) {
            Map<String, SecretText> headers = Map.of(
                    "authorization", SecretText.of("Bearer t\n"),
                    "user-agent", SecretText.of("me"),
                    "host", SecretText.of("elsewhere"),
                    "Transfer-Encoding", SecretText.of("chunked"));
            prober.ask(new Request("POST", uri(server.port()), headers, PATIENT));
            assertThat(server.requests().getFirst())
                    .contains("authorization: Bearer t\r\n")
                    .containsIgnoringCase("user-agent: me\r\n")
                    .contains("Content-Length: 0\r\n")
                    .doesNotContain("elsewhere", "chunked", "lightkeeper/");
        }
    }

    @Test
    void headerThatWouldSplitTheRequestIsNotSentNorPrinted() throws IOException {
        try (HostileServer server = HostileServer.saying("HTTP/1.1 200 OK\r\n\r\n")) {
            Map<String, SecretText> value = Map.of("X-Token", SecretText.of("secret\r\nX-Evil: 1"));
            assertThat(prober.ask(new Request("GET", uri(server.port()), value, PATIENT)))
                    .isEqualTo(new NoResponse(Fault.REFUSED_ADDRESS, "the header X-Token cannot be sent"));
            Map<String, SecretText> name = Map.of("X Evil", SecretText.of(""));
            assertThat(prober.ask(new Request("GET", uri(server.port()), name, PATIENT)))
                    .isEqualTo(new NoResponse(
                            Fault.REFUSED_ADDRESS, "the header with a name that is no token cannot be sent"));
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void redirectIsAnAnswerAndNotFollowed() throws IOException {
        try (HostileServer server =
                HostileServer.saying("HTTP/1.1 302 Found\r\nLocation: /health?a=b%20c\r\nContent-Length: 0\r\n\r\n")) {
            assertThat(((Response) ask(server, PATIENT)).status()).isEqualTo(302);
            assertThat(server.connections()).isOne();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\n",
            })
    void endlessBodyIsReadToTheBoundOnly(String head) throws IOException {
        try (HostileServer server = new HostileServer(null, connection -> {
            connection.send(head);
            connection.writeForever("x");
        })) {
            Response response = (Response) ask(server, PATIENT);
            assertThat(response.body()).hasSize(64 * 1024);
            assertThat(response.bodyCut()).isTrue();
            assertThat(server.written()).isLessThan(50_000_000);
        }
    }

    @Test
    void gzipBombStaysSmall() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bomb)) {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 80; i++) {
                zip.write(zeros);
            }
        }
        try (HostileServer server = new HostileServer(null, connection -> {
            connection.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + bomb.size() + "\r\n\r\n");
            connection.write(bomb.toByteArray());
        })) {
            Response response = (Response) ask(server, PATIENT);
            assertThat(response.body()).hasSizeLessThanOrEqualTo(64 * 1024);
            assertThat(response.bodyCut()).isTrue();
        }
    }

    @Test
    void invalidUtf8IsReplaced() throws IOException {
        try (HostileServer server =
                HostileServer.saying("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\na\u00ff\u00c3z")) {
            assertThat(((Response) ask(server, PATIENT)).body()).isEqualTo("a\ufffd\ufffdz");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\nX: a\r\n", "HTTP/1.1 100 Continue\r\nX: a\r\n"})
    void endlessHeadersAreMalformed(String start) throws IOException {
        try (HostileServer server = new HostileServer(null, connection -> {
            connection.send(start);
            connection.writeForever(start.endsWith("\n") ? "X: " + "a".repeat(1000) + "\r\n" : "x");
        })) {
            assertThat(ask(server, PATIENT))
                    .isEqualTo(new NoResponse(Fault.MALFORMED, "the headers of the answer are too large"));
            assertThat(server.written()).isLessThan(50_000_000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"5;", "5\r\nhello\r\n0\r\nX: "})
    void endlessChunkLinesAndTrailersEndAtABound(String start) throws IOException {
        try (HostileServer server = new HostileServer(null, connection -> {
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + start);
            connection.writeForever("x");
        })) {
            assertThat(ask(server, PATIENT))
                    .isInstanceOfSatisfying(
                            NoResponse.class, none -> assertThat(none.fault()).isEqualTo(Fault.MALFORMED));
            assertThat(server.written()).isLessThan(50_000_000);
        }
    }

    @Test
    void endlessInterimAnswersAreMalformed() throws IOException {
        try (HostileServer server = new HostileServer(null, connection -> {
            connection.readRequest();
            connection.writeForever("HTTP/1.1 100 Continue\r\n\r\n");
        })) {
            assertThat(ask(server, PATIENT)).isEqualTo(new NoResponse(Fault.MALFORMED, "only interim answers came"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html><body>HTTP/0.9</body></html>",
                "<html>\r\n<body>\r\n</body>\r\n</html>\r\n",
                "220 mail.example.com ESMTP\r\n",
                "\u0000\u0001\u0002\u0003\r\n\r\n",
                "HTTP/1.1 abc\r\n\r\n",
                "HTTP/9.9 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
            })
    void whatIsNotHttpIsMalformed(String answer) throws IOException {
        try (HostileServer server = HostileServer.saying(answer)) {
            assertThat(ask(server, PATIENT))
                    .isEqualTo(new NoResponse(Fault.MALFORMED, "what came is not an HTTP answer"));
        }
    }

    @Test
    void unreadableChunkIsMalformed() throws IOException {
        try (HostileServer server = HostileServer.saying(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nhello\r\n0\r\n\r\n")) {
            assertThat(ask(server, PATIENT))
                    .isEqualTo(new NoResponse(Fault.MALFORMED, "the body of the answer is not readable HTTP"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
                "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n",
                "HTTP/1.1 200 OK\r\nContent-Ty",
                "HTTP/1.1 200 OK",
                "HTTP/1.1 100 Continue\r\n\r\n",
            })
    void cutAnswerIsTruncated(String answer) throws IOException {
        try (HostileServer server = HostileServer.saying(answer)) {
            assertThat(ask(server, PATIENT)).isEqualTo(new NoResponse(Fault.TRUNCATED, "the answer was cut off"));
        }
    }

    @Test
    void connectionClosedWithoutAWordIsTruncated() throws IOException {
        try (HostileServer server = HostileServer.saying("")) {
            assertThat(ask(server, PATIENT))
                    .isEqualTo(new NoResponse(Fault.TRUNCATED, "the connection was closed before an answer came"));
        }
        try (HostileServer server = new HostileServer(null, connection -> {
            connection.readRequest();
            connection.socket().setSoLinger(true, 0);
        })) {
            assertThat(ask(server, PATIENT))
                    .isEqualTo(new NoResponse(Fault.TRUNCATED, "the connection was closed before an answer came"));
        }
    }

    @Test
    void slowAnswersEndAtTheTimeout() throws InterruptedException {
        List<HostileServer.Behaviour> slow = List.of(
                connection -> connection.hang(),
                connection -> {
                    connection.send("HTTP/1.1 200 OK\r\n");
                    connection.dripForever("X: y\r\n");
                },
                connection -> {
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n");
                    connection.dripForever("x");
                },
                connection -> {
                    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                    connection.dripForever("1\r\nx\r\n");
                });
        try (ExecutorService atOnce = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(atOnce.invokeAll(slow.stream()
                            .map(behaviour -> (Callable<Answer>) () -> timed(behaviour))
                            .toList()))
                    .extracting(answer -> answer.get())
                    .containsOnly(new NoResponse(Fault.TIMEOUT, "no complete answer within 3 s"));
        }
    }

    @Test
    void interruptedCallerStaysInterruptedAndGetsAnAnswer() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (HostileServer server = new HostileServer(null, connection -> {
            connection.readRequest();
            asked.countDown();
            connection.hang();
        })) {
            CompletableFuture<Answer> answer = new CompletableFuture<>();
            CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
            Thread caller = Thread.ofPlatform().start(() -> {
                answer.complete(ask(server, PATIENT));
                interrupted.complete(Thread.currentThread().isInterrupted());
            });
            asked.await();
            caller.interrupt();
            assertThat(answer.get(10, TimeUnit.SECONDS))
                    .isEqualTo(new NoResponse(Fault.TIMEOUT, "the probe was interrupted"));
            assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private Answer timed(HostileServer.Behaviour behaviour) throws IOException {
        try (HostileServer server = new HostileServer(null, behaviour)) {
            long start = System.nanoTime();
            Answer answer = ask(server, SHORT);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.plus(SLACK));
            return answer;
        }
    }

    private Answer ask(HostileServer server, Duration timeout) {
        return prober.ask(new Request("GET", uri(server.port()), Map.of(), timeout));
    }

    private static URI uri(int port) {
        return URI.create("http://service.test:" + port + "/health?a=b%20c");
    }
}
