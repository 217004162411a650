package dev.lightkeeper.packaging;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a running operator's {@code /metrics} said, time and again: the own series, as promtool takes them. */
final class Scrapes implements AutoCloseable {
    private static final Pattern SAMPLE = Pattern.compile("(?m)^(lightkeeper_[^ {]+(?:\\{.*})?) ([0-9.eE+-]+)$");
    private static final String NOTHING = "_";
    /** As Prometheus notes it when a series is not there any more. */
    private static final String END = "stale";

    private final HttpClient http = HttpClient.newHttpClient();
    private final ScheduledExecutorService scraper = Executors.newSingleThreadScheduledExecutor();
    private final Map<String, List<String>> series = new LinkedHashMap<>();
    private final URI address;
    private int taken;
    private @Nullable Exception failure;

    Scrapes(int port, Duration pause) {
        address = URI.create("http://127.0.0.1:%d/metrics".formatted(port));
        // At a fixed rate, those that a busy machine missed would come back to back, with nothing between them.
        var _ = scraper.scheduleWithFixedDelay(this::scrape, 0, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void scrape() {
        try {
            add(http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
                    .body());
        } catch (IOException | RuntimeException e) {
            failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void failed(Exception e) {
        failure = e;
    }

    private synchronized void add(String text) {
        Matcher sample = SAMPLE.matcher(text);
        while (sample.find()) {
            series.computeIfAbsent(sample.group(1), name -> new ArrayList<>(Collections.nCopies(taken, NOTHING)))
                    .add(new BigDecimal(sample.group(2)).toPlainString());
        }
        taken++;
        series.values().stream()
                .filter(values -> values.size() < taken)
                .forEach(values ->
                        values.add(END.equals(values.getLast()) || NOTHING.equals(values.getLast()) ? NOTHING : END));
    }

    /** How many there are; throws when one failed. */
    synchronized int taken() {
        if (failure != null) {
            throw new IllegalStateException("a scrape failed", failure);
        }
        return taken;
    }

    /** Whether the last one has a sample of that metric with all these labels, as they are written there. */
    synchronized boolean holds(String metric, String... labels) {
        return taken() > 0
                && series.entrySet().stream()
                        .filter(one -> one.getKey().startsWith(metric + "{")
                                && Arrays.stream(labels).allMatch(one.getKey()::contains))
                        .map(one -> one.getValue().getLast())
                        .anyMatch(value -> !value.equals(END) && !value.equals(NOTHING));
    }

    /** One sample a minute, whatever time lay between them. */
    synchronized ArrayNode inputSeries() {
        ArrayNode input = Repository.JSON.createArrayNode();
        series.forEach((name, values) -> {
            ObjectNode one = input.addObject();
            one.put("series", name);
            one.put("values", String.join(" ", values));
        });
        return input;
    }

    @Override
    public void close() {
        scraper.shutdownNow();
        http.close();
    }
}
