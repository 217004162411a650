package dev.lightkeeper.ec2;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lightkeeper.observe.HostProblem;
import dev.lightkeeper.observe.HostReport;
import dev.lightkeeper.verify.Prober;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the host script has printed. It comes from a machine that anybody may have changed: what cannot be read is left out,
 * and words that are not known stay unknown.
 */
record HostResponse(JsonNode root) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST_BODY = 2048;
    private static final int LONGEST_MESSAGE = 300;
    /** In the year 2100. */
    private static final long LATEST_TIME = 4_102_444_800L;

    /** Reads it; empty when it is no answer of a script of this contract. */
    static Optional<HostResponse> read(@Nullable String output) {
        if (output == null || output.isBlank()) {
            return Optional.empty();
        }
        try {
            JsonNode root = JSON.readTree(output);
            return root != null && root.isObject() && root.path("version").asInt() == 1
                    ? Optional.of(new HostResponse(root))
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    boolean isDone() {
        return root.path("result").asText().equals("Done");
    }

    /** Whether another operation was at work. */
    boolean isBusy() {
        return root.path("result").asText().equals("Busy");
    }

    String code() {
        String code = root.path("code").asText();
        return code.isEmpty() ? "Failed" : code;
    }

    String message() {
        return line(root.path("message").asText());
    }

    /** What stands in the way of a release. */
    List<HostProblem> problems() {
        List<HostProblem> problems = new ArrayList<>();
        root.path("preflight")
                .forEach(problem -> problems.add(new HostProblem(
                        problem.path("code").asText(),
                        line(problem.path("message").asText()))));
        return problems;
    }

    /** What the host's clock showed, in whole seconds; empty when it does not say. */
    Optional<Instant> time() {
        long seconds = root.path("host").path("time").asLong();
        return seconds > 0 && seconds < LATEST_TIME ? Optional.of(Instant.ofEpochSecond(seconds)) : Optional.empty();
    }

    /** What lies on the host, by service. */
    Map<String, HostReport.Installed> services() {
        Map<String, HostReport.Installed> services = new TreeMap<>();
        root.path("services")
                .forEach(service -> services.put(
                        service.path("service").asText(),
                        new HostReport.Installed(
                                service.path("owner").asText(),
                                text(service, "revision"),
                                text(service, "previous"),
                                text(service, "fingerprint"),
                                text(service, "operation"),
                                service.path("dirty").asBoolean(),
                                processes(service.path("processes")))));
        return services;
    }

    private static List<HostReport.Workload> processes(JsonNode list) {
        List<HostReport.Workload> processes = new ArrayList<>();
        list.forEach(process -> processes.add(new HostReport.Workload(
                process.path("name").asText(),
                known(HostReport.State.class, process.path("state").asText(), HostReport.State.UNRECOGNIZED),
                process.path("image").asText(),
                process.path("user").asText(),
                environment(process.path("environment").asText()),
                process.path("logging").asText().equals("Differs"))));
        return processes;
    }

    private static HostReport.Environment environment(String word) {
        return switch (word) {
            case "Equal" -> HostReport.Environment.EQUAL;
            case "Differs" -> HostReport.Environment.DIFFERS;
            default -> HostReport.Environment.UNKNOWN;
        };
    }

    private static <E extends Enum<E>> E known(Class<E> words, String word, E otherwise) {
        for (E known : words.getEnumConstants()) {
            if (known.name().equals(word.toUpperCase(Locale.ROOT))) {
                return known;
            }
        }
        return otherwise;
    }

    /** The answers of a probe, by the id of what was asked. */
    Map<String, Prober.Answer> answers() {
        Map<String, Prober.Answer> answers = new HashMap<>();
        root.path("responses")
                .forEach(response -> answers.put(response.path("id").asText(), answer(response)));
        return answers;
    }

    /** The logs of these services, by service: nothing else is unpacked, and of each only what comes first. */
    Map<String, HostLog> logs(Set<String> services) {
        Map<String, HostLog> logs = new HashMap<>();
        for (JsonNode log : root.path("logs")) {
            String service = log.path("service").asText();
            if (services.contains(service) && !logs.containsKey(service)) {
                logs.put(service, HostLog.of(log));
            }
        }
        return logs;
    }

    private static Prober.Answer answer(JsonNode response) {
        int status = response.path("status").asInt();
        String error = line(response.path("error").asText());
        if (status < 100 || !error.isEmpty()) {
            boolean late = error.toLowerCase(Locale.ROOT).contains("time");
            return new Prober.Answer.NoResponse(
                    late ? Prober.Fault.TIMEOUT : Prober.Fault.CONNECT,
                    late ? "the host got no answer in time" : "the host could not connect to it");
        }
        Map<String, List<String>> headers = new HashMap<>();
        response.path("headers").forEach(header -> {
            String text = header.asText();
            int colon = text.indexOf(':');
            if (colon > 0) {
                headers.computeIfAbsent(
                                text.substring(0, colon).strip().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                        .add(text.substring(colon + 1).strip());
            }
        });
        byte[] body = body(response.path("body").asText());
        return new Prober.Answer.Response(
                status,
                headers,
                new String(body, java.nio.charset.StandardCharsets.UTF_8),
                body.length >= LONGEST_BODY || response.path("cut").asBoolean(),
                Duration.ofMillis(response.path("millis").asLong()));
    }

    private static byte[] body(String encoded) {
        try {
            return Base64.getDecoder().decode(encoded);
        } catch (IllegalArgumentException e) {
            // What is no base64 is a body that nobody can read: no expectation about it holds.
            return new byte[0];
        }
    }

    private static @Nullable String text(JsonNode node, String member) {
        String text = node.path(member).asText();
        return text.isEmpty() ? null : text;
    }

    /** One line that fits into a message. */
    private static String line(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.codePointCount(0, line.length()) > LONGEST_MESSAGE
                ? line.substring(0, line.offsetByCodePoints(0, LONGEST_MESSAGE)) + "…"
                : line;
    }
}
