package dev.lightkeeper.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Serves {@code /livez}, {@code /readyz} and {@code /metrics}, by threads of its own: reconciliations are virtual threads,
 * and as many busy ones as there are cores would keep other virtual threads from answering the kubelet.
 */
public final class HealthServer implements AutoCloseable {
    private static final Optional<String> NOT_READY = Optional.of("the watches are not healthy");

    private final HttpServer server;
    private final ExecutorService executor = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("health-", 0).factory());

    /**
     * Listens at once.
     *
     * @param port 0 takes any free one
     * @param complaint why the kubelet has to restart the process; empty while it works
     * @param ready true for a standby too: it does all that it has to do
     * @throws UncheckedIOException when the port is taken
     */
    public HealthServer(
            int port, Supplier<Optional<String>> complaint, BooleanSupplier ready, Supplier<String> metrics) {
        try {
            server = HttpServer.create(new InetSocketAddress(port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("port " + port + " cannot be listened on", e);
        }
        server.createContext("/livez", exchange -> answer(exchange, complaint.get()));
        server.createContext(
                "/readyz", exchange -> answer(exchange, ready.getAsBoolean() ? Optional.empty() : NOT_READY));
        server.createContext(
                "/metrics",
                exchange -> answer(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", metrics.get()));
        server.createContext("/", exchange -> answer(exchange, 404, "text/plain", "not found\n"));
        server.setExecutor(executor);
        server.start();
    }

    /** Where it listens. */
    public int port() {
        return server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange, Optional<String> complaint) throws IOException {
        answer(exchange, complaint.isEmpty() ? 200 : 503, "text/plain", complaint.orElse("ok") + "\n");
    }

    private static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
