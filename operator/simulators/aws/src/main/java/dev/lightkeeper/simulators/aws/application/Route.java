package dev.lightkeeper.simulators.aws.application;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an application answers to requests for one path.
 *
 * @param method GET unless said otherwise; GET also answers HEAD; {@code *} is any
 * @param path exact, or with {@code *} for any characters
 * @param needsReady answer 503 until the application is ready
 * @param status 200 unless said otherwise
 * @param headers sent as they are; {@code Content-Type} is guessed from the body when absent
 * @param body text; {@code ${env:NAME}}, {@code ${port}}, {@code ${tag}}, {@code ${image}}, {@code ${node}} are replaced
 * @param latencyMillis real milliseconds before the answer, whatever the clock's speed
 * @param failureRate share of requests, 0 to 1, answered with {@code failureStatus} instead; drawn from the world's seed
 * @param failureStatus 500 unless said otherwise
 * @param truncateBodyAt announce the whole body, send only so many bytes, close the connection; 0 sends all
 * @param closeConnection close the connection without an answer
 * @param redirectTo answer 302 (or {@code status}, if it is a 3xx) with this Location
 * @param statusAfter another answer from some time after the start on
 * @param flap another status for a part of each period
 * @param logLine written to the container's log with each such answer, AWS's own checks included
 */
public record Route(
        String method,
        String path,
        boolean needsReady,
        int status,
        Map<String, String> headers,
        String body,
        int latencyMillis,
        double failureRate,
        int failureStatus,
        int truncateBodyAt,
        boolean closeConnection,
        @Nullable String redirectTo,
        @Nullable StatusAfter statusAfter,
        @Nullable Flap flap,
        @Nullable String logLine) {

    /**
     * Another answer, from some time after the start on.
     *
     * @param seconds simulated, since the process started
     * @param status from then on
     * @param body from then on; the route's own when absent
     */
    public record StatusAfter(
            double seconds, int status, @Nullable String body) {}

    /**
     * An error that comes and goes.
     *
     * @param everySeconds the period, simulated, counted from the start of the process
     * @param forSeconds how long it fails at the end of each period
     * @param status what it answers then
     */
    public record Flap(double everySeconds, double forSeconds, int status) {
        boolean failsAt(double uptimeSeconds) {
            return everySeconds > 0 && uptimeSeconds % everySeconds >= everySeconds - forSeconds;
        }
    }

    public Route {
        method = method == null ? "GET" : method.toUpperCase(Locale.ROOT);
        path = path == null ? "*" : path;
        status = redirectTo != null && status / 100 != 3 ? 302 : status == 0 ? 200 : status;
        headers = headers == null ? Map.of() : Map.copyOf(headers);
        body = body == null ? "" : body;
        failureStatus = failureStatus == 0 ? 500 : failureStatus;
    }

    boolean answers(String requestMethod, String requestPath) {
        boolean sameMethod = method.equals("*")
                || method.equals(requestMethod)
                || (method.equals("GET") && requestMethod.equals("HEAD"));
        return sameMethod && (path.equals(requestPath) || (path.contains("*") && new Glob(path).matches(requestPath)));
    }
}
