package dev.lightkeeper.simulators.aws.host;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where the stand-ins of all hosts ask; each host has a token of its own. */
final class HostEndpoint implements AutoCloseable {
    private static final int LONGEST_BODY = 16 << 20;

    private final HttpServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Function<String, @Nullable SimulatedHost> hostOfToken;

    HostEndpoint(Function<String, @Nullable SimulatedHost> hostOfToken) {
        this.hostOfToken = hostOfToken;
        // The JDK's server reads this once. Without it each answer waits for a delayed ACK (40 ms).
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 64);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot listen on 127.0.0.1", e);
        }
        server.createContext("/", this::serve);
        server.setExecutor(executor);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            SimulatedHost host = hostOfToken.apply(header(exchange, "Token"));
            byte[] body = exchange.getRequestBody().readNBytes(LONGEST_BODY);
            if (host == null) {
                exchange.sendResponseHeaders(403, -1);
                return;
            }
            int count = Integer.parseInt(header(exchange, "Count"));
            List<String> arguments = new ArrayList<>();
            int at = 0;
            for (int i = 0; i < count; i++) {
                int end = at;
                while (body[end] != 0) {
                    end++;
                }
                arguments.add(new String(body, at, end - at, StandardCharsets.UTF_8));
                at = end + 1;
            }
            Invocation call = new Invocation(
                    header(exchange, "Tool"),
                    header(exchange, "User"),
                    arguments,
                    new String(body, at, body.length - at, StandardCharsets.UTF_8));
            Invocation.Answer answer = host.answer(call, header(exchange, "Registry"));
            byte[] error = answer.error().getBytes(StandardCharsets.UTF_8);
            byte[] reply = (answer.exitCode() + "\n"
                            + (error.length == 0 ? "-" : Base64.getEncoder().encodeToString(error)) + "\n"
                            + answer.output())
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, reply.length);
            exchange.getResponseBody().write(reply);
        }
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }
}
