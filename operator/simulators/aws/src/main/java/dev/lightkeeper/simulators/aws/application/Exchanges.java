package dev.lightkeeper.simulators.aws.application;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** How simulated applications read requests and write answers over HTTP. */
final class Exchanges {
    private static final int MAXIMUM_REQUEST_BODY = 1 << 20;

    private Exchanges() {}

    /** A server that is bound and not yet started. */
    static HttpServer bind(InetSocketAddress address) throws IOException {
        // The JDK's server reads this once. Without it each answer on a kept connection waits for a delayed ACK (40
        // ms).
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
        return HttpServer.create(address, 0);
    }

    /** Reads the body to its end and throws it away. */
    static Request request(HttpExchange exchange) throws IOException {
        try (InputStream body = exchange.getRequestBody()) {
            byte[] _ = body.readNBytes(MAXIMUM_REQUEST_BODY);
        }
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
        return new Request(exchange.getRequestMethod(), exchange.getRequestURI().getPath(), headers);
    }

    static void send(HttpExchange exchange, Outcome.Answer answer) throws IOException {
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
