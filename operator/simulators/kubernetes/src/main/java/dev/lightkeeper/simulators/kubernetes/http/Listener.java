package dev.lightkeeper.simulators.kubernetes.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lightkeeper.simulators.kubernetes.wire.ApiFailure;
import dev.lightkeeper.simulators.kubernetes.wire.Trees;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server, on loopback only, for clients that know the token. */
public final class Listener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    private static final int LONGEST_BODY = 3 << 20;
    private static final int MOST_REQUESTS_AT_ONCE = 2_000;
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    private static final Duration LONGEST_FAREWELL = Duration.ofMillis(500);

    private final HttpServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore free = new Semaphore(MOST_REQUESTS_AT_ONCE);
    private final String token;
    private final Function<Request, Answer> service;

    /**
     * Binds and starts.
     *
     * @param port 0 for any free one
     */
    public Listener(int port, String token, Function<Request, Answer> service) {
        this.token = token;
        this.service = service;
        // The JDK's server leaves Nagle's algorithm on, which costs up to 40 ms per answer on loopback, and drops kept
        // connections after 30 s, in which a client may just be sending. It reads these only once in a process.
        setUnlessSet("sun.net.httpserver.nodelay", "true");
        setUnlessSet("sun.net.httpserver.idleInterval", "300");
        setUnlessSet("sun.net.httpserver.maxIdleConnections", "1000");
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 256);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot listen on 127.0.0.1:" + port, e);
        }
        server.setExecutor(executor);
        server.createContext("/", this::serve);
        server.start();
    }

    /** The port that it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Lets answers that are on their way end, but not for long. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(LONGEST_FAREWELL.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("Some requests were cut off");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.stop(0);
        executor.shutdownNow();
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private void serve(HttpExchange exchange) {
        boolean admitted = free.tryAcquire();
        try (exchange) {
            send(exchange, admitted ? answer(exchange) : tooMany());
        } catch (IOException e) {
            LOG.debug("A client went away", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (admitted) {
                free.release();
            }
        }
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        try {
            if (!isLoopback(header(exchange, "Host"))) {
                throw ApiFailure.of(403, "Forbidden", "only requests to a loopback host are answered");
            }
            // kubectl and its library send no credentials over plain HTTP, so the token may stand in the URL instead.
            String prefix = "/" + token;
            boolean inUrl = exchange.getRequestURI().getPath().startsWith(prefix + "/");
            if (!inUrl && !isToken(header(exchange, "Authorization"))) {
                throw ApiFailure.of(401, "Unauthorized", "Unauthorized");
            }
            byte[] body = exchange.getRequestBody().readNBytes(LONGEST_BODY + 1);
            if (body.length > LONGEST_BODY) {
                throw ApiFailure.of(413, "RequestEntityTooLarge", "Request entity too large: limit is " + LONGEST_BODY);
            }
            return service.apply(Request.of(
                    exchange.getRequestMethod(),
                    inUrl ? prefix : "",
                    exchange.getRequestURI(),
                    exchange.getRequestHeaders(),
                    body));
        } catch (ApiFailure failure) {
            return Answer.Tree.of(failure.code(), failure.status());
        } catch (RuntimeException e) {
            LOG.error("A request failed", e);
            ApiFailure failure = ApiFailure.of(500, "InternalError", "Internal error occurred: " + e);
            return Answer.Tree.of(failure.code(), failure.status());
        }
    }

    private boolean isToken(String authorization) {
        return MessageDigest.isEqual(
                authorization.getBytes(StandardCharsets.UTF_8), ("Bearer " + token).getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isLoopback(String host) {
        return LOOPBACK.contains(host.replaceFirst(":\\d+$", ""));
    }

    private static Answer tooMany() {
        ApiFailure failure = ApiFailure.of(429, "TooManyRequests", "Too many requests, please try again later.");
        return Answer.Tree.of(failure.code(), failure.status());
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException, InterruptedException {
        switch (answer) {
            case Answer.Tree(int status, var tree, var warnings) -> {
                warnings.forEach(warning -> exchange.getResponseHeaders()
                        .add(
                                "Warning",
                                "299 - \"" + warning.replace("\\", "\\\\").replace("\"", "\\\"") + "\""));
                boolean yaml = header(exchange, "Accept").startsWith("application/yaml");
                send(
                        exchange,
                        status,
                        yaml ? "application/yaml" : "application/json",
                        yaml ? Trees.yaml(tree) : Trees.json(tree));
            }
            case Answer.Text(int status, String text) ->
                send(exchange, status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
            case Answer.Stream(int status, Answer.Source source) -> {
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(status, 0);
                OutputStream out = exchange.getResponseBody();
                out.flush();
                source.writeTo(value -> {
                    // Fabric8's watches over HTTP cannot read characters of several bytes (up to 7.5.2 at least).
                    out.write(Trees.ascii(value));
                    out.write('\n');
                    out.flush();
                });
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String contentType, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.getResponseHeaders().set("Cache-Control", "no-cache, private");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }
}
