package dev.lightkeeper.simulators.aws.application;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A service's stable public address: plain HTTP on loopback, where the real one redirects to HTTPS. It takes turns over
 * the nodes that AWS's health check passes. A node that died is asked until the check drops it: 502. Nobody left, or
 * the service disabled: 503. No deployment, or one without endpoint: 404.
 */
public final class Balancer implements AutoCloseable {
    private static final int MAXIMUM_REQUEST_BODY = 1 << 20;

    private final HttpServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Consumer<Balancer> onClose;
    private volatile @Nullable NodeGroup target;
    private volatile boolean disabled;

    Balancer(Consumer<Balancer> onClose) {
        this.onClose = onClose;
        // The JDK's server reads this once. Without it each answer on a kept connection waits for a delayed ACK (40
        // ms).
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot open an address for a simulated service", e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(executor);
        server.start();
    }

    /** {@return the port on 127.0.0.1, the same until the balancer is closed} */
    public int port() {
        return server.getAddress().getPort();
    }

    /**
     * Leads all requests from now on to this deployment. The one before is not closed.
     *
     * @param deployment started by this world's runtime, or null for none
     */
    public void route(@Nullable RunningDeployment deployment) {
        target = switch (deployment) {
            case null -> null;
            case NodeGroup group -> group;
            default -> throw new IllegalArgumentException("Not a deployment of the application runtime");
        };
    }

    /** Answers 503 to everything while disabled. */
    public void disabled(boolean isDisabled) {
        disabled = isDisabled;
    }

    /** {@return how many nodes take part} */
    public int healthyNodes() {
        NodeGroup group = target;
        return group == null ? 0 : group.healthyNodes();
    }

    /** Closes the address; connections are refused from now on. */
    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
        onClose.accept(this);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            drain(exchange.getRequestBody());
            switch (outcome(exchange)) {
                case Outcome.Answer answer -> send(exchange, answer);
                case Outcome.NoAnswer none -> {
                    switch (none) {
                        case DROPPED -> {} // closing the exchange without an answer closes the connection
                        case REFUSED -> send(exchange, page(502, "Bad Gateway"));
                        case NO_ENDPOINT -> send(exchange, page(404, "Not Found"));
                        case NO_HEALTHY_NODE -> send(exchange, page(503, "Service Temporarily Unavailable"));
                    }
                }
            }
        }
    }

    private Outcome outcome(HttpExchange exchange) {
        NodeGroup group = target;
        if (disabled) {
            return Outcome.NoAnswer.NO_HEALTHY_NODE;
        }
        return group == null ? Outcome.NoAnswer.NO_ENDPOINT : group.serve(request(exchange));
    }

    private static Request request(HttpExchange exchange) {
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
        return new Request(exchange.getRequestMethod(), exchange.getRequestURI().getPath(), headers);
    }

    private static void send(HttpExchange exchange, Outcome.Answer answer) throws IOException {
        pause(answer.latencyMillis());
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        boolean bodyless = answer.status() == 204 || answer.status() == 304;
        if (exchange.getRequestMethod().equals("HEAD") && !bodyless) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
        }
        if (exchange.getRequestMethod().equals("HEAD") || bodyless || body.length == 0) {
            exchange.sendResponseHeaders(answer.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(answer.status(), body.length);
        OutputStream out = exchange.getResponseBody();
        int length = answer.truncateAt() == 0 ? body.length : Math.min(body.length, answer.truncateAt());
        out.write(body, 0, length);
        out.flush();
    }

    private static Outcome.Answer page(int status, String title) {
        String body = "<html>\r\n<head><title>" + status + " " + title + "</title></head>\r\n<body>\r\n<center><h1>"
                + status + " " + title + "</h1></center>\r\n</body>\r\n</html>\r\n";
        return new Outcome.Answer(status, Map.of("Content-Type", "text/html"), body, 0, 0, null);
    }

    private static void drain(InputStream body) throws IOException {
        byte[] _ = body.readNBytes(MAXIMUM_REQUEST_BODY);
    }

    private static void pause(int millis) {
        if (millis <= 0) {
            return;
        }
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
