package dev.lightkeeper.simulators.aws.application;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
    private final HttpServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Consumer<Balancer> onClose;
    private volatile @Nullable NodeGroup target;
    private volatile boolean disabled;

    Balancer(Consumer<Balancer> onClose) {
        this.onClose = onClose;
        try {
            server = Exchanges.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
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
            switch (outcome(Exchanges.request(exchange))) {
                case Outcome.Answer answer -> Exchanges.send(exchange, answer);
                case Outcome.NoAnswer none -> {
                    switch (none) {
                        case DROPPED -> {} // closing the exchange without an answer closes the connection
                        case REFUSED -> Exchanges.send(exchange, page(502, "Bad Gateway"));
                        case NO_ENDPOINT -> Exchanges.send(exchange, page(404, "Not Found"));
                        case NO_HEALTHY_NODE -> Exchanges.send(exchange, page(503, "Service Temporarily Unavailable"));
                    }
                }
            }
        }
    }

    private Outcome outcome(Request request) {
        NodeGroup group = target;
        if (disabled) {
            return Outcome.NoAnswer.NO_HEALTHY_NODE;
        }
        return group == null ? Outcome.NoAnswer.NO_ENDPOINT : group.serve(request);
    }

    private static Outcome.Answer page(int status, String title) {
        String body = "<html>\r\n<head><title>" + status + " " + title + "</title></head>\r\n<body>\r\n<center><h1>"
                + status + " " + title + "</h1></center>\r\n</body>\r\n</html>\r\n";
        return new Outcome.Answer(status, Map.of("Content-Type", "text/html"), body, 0, 0, null);
    }
}
