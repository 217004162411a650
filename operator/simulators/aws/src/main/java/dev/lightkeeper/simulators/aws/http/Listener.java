package dev.lightkeeper.simulators.aws.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lightkeeper.simulators.aws.http.Delivery.Manner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one HTTP listener of a world, on loopback only. */
public final class Listener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    private static final int LONGEST_BODY = 4 << 20;

    private final HttpServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Dispatcher dispatcher;

    /**
     * A request to the control interface.
     *
     * @param method HTTP method
     * @param uri as requested
     * @param body bytes
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record ControlRequest(String method, URI uri, byte[] body) {}

    /**
     * Binds and starts.
     *
     * @param port 0 for any free one
     * @param dispatcher answers AWS requests
     * @param control answers requests under {@code /_simulator/}
     */
    public Listener(int port, Dispatcher dispatcher, Function<ControlRequest, Reply> control) {
        this.dispatcher = dispatcher;
        // The JDK's server leaves Nagle's algorithm on, which costs up to 40 ms per answer on loopback, and drops kept
        // connections after 30 s, in which a client may just be sending. It reads both only once in a process.
        setUnlessSet("sun.net.httpserver.nodelay", "true");
        setUnlessSet("sun.net.httpserver.idleInterval", "300");
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 256);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot listen on 127.0.0.1:" + port, e);
        }
        server.setExecutor(executor);
        server.createContext("/", exchange -> serve(exchange, this::aws));
        server.createContext("/_simulator/", exchange -> serve(exchange, e -> control(e, control)));
        server.start();
    }

    /** {@return where AWS clients are pointed to, without trailing slash} */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private interface Service {
        Delivery answer(HttpExchange exchange) throws IOException;
    }

    private static void serve(HttpExchange exchange, Service service) {
        try (exchange) {
            Delivery delivery = service.answer(exchange);
            if (delivery.heldBy() != null) {
                delivery.heldBy().hold(delivery.heldFor());
            }
            send(exchange, delivery);
        } catch (IOException e) {
            LOG.debug("A client went away", e);
        } catch (RuntimeException e) {
            LOG.error("The simulator failed", e);
        }
    }

    private Delivery aws(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(LONGEST_BODY);
        if (isFromWebPage(exchange)) {
            return refused("Web pages may not call the simulator: it runs scripts.\n");
        }
        return dispatcher.dispatch(new WireRequest(
                header(exchange, "Authorization"),
                header(exchange, "X-Amz-Target"),
                header(exchange, "X-Amz-Security-Token"),
                header(exchange, "amz-sdk-invocation-id"),
                header(exchange, "amz-sdk-request"),
                body));
    }

    private static Delivery control(HttpExchange exchange, Function<ControlRequest, Reply> control) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(LONGEST_BODY);
        if (isFromWebPage(exchange)) {
            return refused("Web pages may not control the simulator.\n");
        }
        return Delivery.of(
                control.apply(new ControlRequest(exchange.getRequestMethod(), exchange.getRequestURI(), body)));
    }

    /** A page that got itself this address as its own could otherwise send any header. */
    private static boolean isFromWebPage(HttpExchange exchange) {
        return header(exchange, "Origin") != null;
    }

    private static Delivery refused(String text) {
        return Delivery.of(Reply.text(403, "text/plain", text));
    }

    private static void send(HttpExchange exchange, Delivery delivery) throws IOException {
        if (delivery.manner() == Manner.NOTHING) {
            return;
        }
        Reply reply = delivery.reply();
        exchange.getResponseHeaders().set("Content-Type", reply.contentType());
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(reply.status(), reply.body().length == 0 ? -1 : reply.body().length);
        int sent = delivery.manner() == Manner.HALF ? reply.body().length / 2 : reply.body().length;
        exchange.getResponseBody().write(reply.body(), 0, sent);
        exchange.getResponseBody().flush();
    }

    private static @Nullable String header(HttpExchange exchange, String name) {
        return exchange.getRequestHeaders().getFirst(name);
    }
}
