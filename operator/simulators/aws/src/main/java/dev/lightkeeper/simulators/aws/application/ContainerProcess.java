package dev.lightkeeper.simulators.aws.application;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;

/** One container's process on one node, from its start to its end. What it does at a given time follows from its age. */
final class ContainerProcess {
    private static final String STARTING_BODY = "{\"status\":\"starting\"}";

    private final ContainerSpec spec;
    private final Placeholders placeholders;
    private final Instant startedAt;
    private final List<String> environmentFaults;
    private boolean ended;

    ContainerProcess(ContainerSpec spec, Placeholders placeholders, Behaviour behaviour, Instant startedAt) {
        this.spec = spec;
        this.placeholders = placeholders;
        this.startedAt = startedAt;
        this.environmentFaults = environmentFaults(spec.environment(), behaviour);
    }

    ContainerSpec spec() {
        return spec;
    }

    Placeholders placeholders() {
        return placeholders;
    }

    List<String> environmentFaults() {
        return environmentFaults;
    }

    boolean alive() {
        return !ended;
    }

    void end() {
        ended = true;
    }

    double uptimeSeconds(Instant now) {
        return Duration.between(startedAt, now).toNanos() / 1e9;
    }

    boolean listens(Behaviour behaviour, Instant now) {
        return !ended && uptimeSeconds(now) >= behaviour.startupSeconds();
    }

    /** Whether the process should have ended by itself by now: it crashes, or its memory is used up. */
    boolean mustEnd(Behaviour behaviour, Instant now) {
        double uptime = uptimeSeconds(now);
        boolean crashes = behaviour.crashAfterSeconds() > 0 && uptime >= behaviour.crashAfterSeconds();
        return !ended && (crashes || behaviour.load().memoryAfter(uptime) >= 100);
    }

    /** Answers as {@code behaviour} says, which may be another one than at the start. */
    Outcome answer(Behaviour behaviour, Request request, int port, Instant now, Random random) {
        if (!listens(behaviour, now) || (behaviour.port() != 0 && behaviour.port() != port)) {
            return Outcome.NoAnswer.REFUSED;
        }
        Route route = route(behaviour, request);
        if (route.equals(behaviour.otherPaths()) && isPreflight(request)) {
            CorsPolicy cors = behaviour.cors();
            if (cors != null && !cors.failsPreflight()) {
                return new Outcome.Answer(204, cors.preflightHeaders(request.header("origin")), "", 0, 0, null);
            }
        }
        if (route.closeConnection()) {
            return Outcome.NoAnswer.DROPPED;
        }
        return answer(behaviour, route, request, uptimeSeconds(now), random);
    }

    private Outcome.Answer answer(Behaviour behaviour, Route route, Request request, double uptime, Random random) {
        int status = route.status();
        String body = placeholders.inBody(route.body());
        Route.StatusAfter later = route.statusAfter();
        Route.Flap flap = route.flap();
        if (route.needsReady() && !ready(behaviour, uptime)) {
            status = 503;
            body = STARTING_BODY;
        } else if (route.failureRate() > 0 && random.nextDouble() < route.failureRate()) {
            status = route.failureStatus();
            body = errorBody(status);
        } else if (flap != null && flap.failsAt(uptime)) {
            status = flap.status();
            body = errorBody(status);
        } else if (later != null && uptime >= later.seconds()) {
            status = later.status();
            body = later.body() == null ? body : placeholders.inBody(later.body());
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", contentType(body));
        if (route.redirectTo() != null) {
            headers.put("Location", route.redirectTo());
        }
        CorsPolicy cors = behaviour.cors();
        String origin = request.header("origin");
        if (cors != null && !origin.isEmpty() && (status < 400 || !cors.missingOnErrors())) {
            headers.putAll(cors.headers(origin));
        }
        route.headers().forEach((name, value) -> {
            headers.keySet().removeIf(name::equalsIgnoreCase);
            headers.put(name, placeholders.inBody(value));
        });
        String logLine = route.logLine() == null ? null : placeholders.inLog(route.logLine());
        return new Outcome.Answer(status, headers, body, route.latencyMillis(), route.truncateBodyAt(), logLine);
    }

    private boolean ready(Behaviour behaviour, double uptime) {
        return !behaviour.neverReady() && environmentFaults.isEmpty() && uptime >= behaviour.readyAfterSeconds();
    }

    private static Route route(Behaviour behaviour, Request request) {
        return behaviour.endpoints().stream()
                .filter(candidate -> candidate.answers(request.method(), request.path()))
                .findFirst()
                .orElse(behaviour.otherPaths());
    }

    private static boolean isPreflight(Request request) {
        return request.method().equals("OPTIONS")
                && !request.header("origin").isEmpty()
                && !request.header("access-control-request-method").isEmpty();
    }

    private static String errorBody(int status) {
        return "{\"statusCode\":" + status + "}";
    }

    private static String contentType(String body) {
        String start = body.stripLeading();
        if (start.startsWith("{") || start.startsWith("[")) {
            return "application/json; charset=utf-8";
        }
        return start.startsWith("<") ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
    }

    private static List<String> environmentFaults(Map<String, String> environment, Behaviour behaviour) {
        List<String> faults = new ArrayList<>();
        for (String name : behaviour.requiredEnv()) {
            String value = environment.get(name);
            if (value == null) {
                faults.add("Error: required environment variable " + name + " is not set");
            } else if (value.isEmpty()) {
                faults.add("Error: required environment variable " + name + " is empty");
            }
        }
        behaviour.envPatterns().forEach((name, pattern) -> {
            String value = environment.get(name);
            if (value != null && !value.isEmpty() && !Pattern.matches(pattern, value)) {
                faults.add("Error: environment variable " + name + " has an invalid value");
            }
        });
        return List.copyOf(faults);
    }
}
