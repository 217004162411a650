package dev.lightkeeper.simulators.kubernetes.conformance;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.conformance.Step.Call;
import dev.lightkeeper.simulators.kubernetes.conformance.Step.Command;
import dev.lightkeeper.simulators.kubernetes.conformance.Step.Look;
import dev.lightkeeper.simulators.kubernetes.conformance.Step.Together;
import dev.lightkeeper.simulators.kubernetes.conformance.Step.Watch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Does the steps of one case against one server and writes down what it answered. */
final class CaseRun {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final ApiClient api;
    private final @Nullable Kubectl kubectl;
    private final Masks masks = new Masks();
    private final Map<String, String> variables = new HashMap<>();

    CaseRun(ApiClient api, @Nullable Kubectl kubectl, String namespace) {
        this.api = api;
        this.kubectl = kubectl;
        variables.put("ns", namespace);
        variables.put("configmaps", "/api/v1/namespaces/" + namespace + "/configmaps");
        variables.put("secrets", "/api/v1/namespaces/" + namespace + "/secrets");
        variables.put("widgets", "/apis/example.com/v1/namespaces/" + namespace + "/widgets");
        variables.put("services", "/apis/lightkeeper.dev/v1alpha1/namespaces/" + namespace + "/servicedeployments");
        variables.put(
                "repository",
                Conformance.REPOSITORY.toAbsolutePath().normalize().toString());
        variables.put("accounts", "/apis/lightkeeper.dev/v1alpha1/awsaccounts");
    }

    /** What each step was answered, masked. */
    ArrayNode outcomes(List<Step> steps) throws Exception {
        ArrayNode outcomes = NODES.arrayNode();
        for (Step step : steps) {
            outcomes.add(outcome(step));
        }
        return outcomes;
    }

    private ObjectNode outcome(Step step) throws Exception {
        return switch (step.action()) {
            case Call call -> outcome(call, step.look());
            case Command command -> outcome(command, step.look());
            case Watch watch -> outcome(watch, step.look());
            case Together together -> outcome(together);
        };
    }

    private ObjectNode outcome(Call call, Look look) throws Exception {
        if (call.until().isEmpty()) {
            return outcome(send(call), look);
        }
        HttpResponse<String> response = Awaitility.await(call.path())
                .atMost(LIMIT)
                .pollInSameThread()
                .until(
                        () -> send(call),
                        answer -> call.until().entrySet().stream()
                                .allMatch(wanted -> Paths.at(read(answer.body()), wanted.getKey())
                                        .asText()
                                        .equals(wanted.getValue())));
        return outcome(response, look);
    }

    private HttpResponse<String> send(Call call) throws IOException, InterruptedException {
        JsonNode body = call.body() == null ? null : Variables.replace(call.body(), variables);
        Map<String, String> headers = new LinkedHashMap<>(call.headers());
        headers.replaceAll((name, value) -> Variables.replace(value, variables));
        return api.send(
                call.method(),
                Variables.replace(call.path(), variables),
                headers,
                body == null || body.isTextual() ? (body == null ? null : body.asText()) : body.toString());
    }

    private ObjectNode outcome(HttpResponse<String> response, Look look) {
        JsonNode body = read(response.body());
        capture(body, look);
        ObjectNode outcome = NODES.objectNode().put("status", response.statusCode());
        List<String> warnings = response.headers().allValues("Warning");
        if (!warnings.isEmpty()) {
            warnings.forEach(outcome.putArray("warnings")::add);
        }
        return outcome.set("body", masks.body(body, look));
    }

    private ObjectNode outcome(Command command, Look look) throws Exception {
        if (kubectl == null) {
            throw new IllegalStateException("no kubectl");
        }
        Map<String, JsonNode> files = new LinkedHashMap<>(command.files());
        files.replaceAll((name, content) -> Variables.replace(content, variables));
        ArrayNode[] during = new ArrayNode[1];
        Kubectl.Ended ended = kubectl.run(
                new Command(
                        Variables.replace(command.line(), variables),
                        files,
                        command.input() == null ? null : Variables.replace(command.input(), variables),
                        command.editor() == null ? null : Variables.replace(command.editor(), variables),
                        command.during(),
                        command.lines()),
                () -> during[0] = unchecked(() -> outcomes(command.during())));
        ObjectNode outcome = NODES.objectNode();
        if (ended.exit() != null) {
            outcome.put("exit", ended.exit());
        }
        putText(outcome, "stdout", selectLines(ended.output(), look.only()), look);
        putText(outcome, "stderr", ended.errors(), look);
        return during[0] == null ? outcome : outcome.set("during", during[0]);
    }

    private ObjectNode outcome(Watch watch, Look look) throws Exception {
        HttpResponse<InputStream> response = api.open(Variables.replace(watch.path(), variables));
        ObjectNode outcome = NODES.objectNode().put("status", response.statusCode());
        try (InputStream stream = response.body()) {
            if (response.statusCode() != 200) {
                JsonNode body = read(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
                return outcome.set("body", masks.body(body, look));
            }
            BlockingQueue<String> lines = linesOf(stream);
            ArrayNode during = outcomes(watch.during());
            ArrayNode events = outcome.putArray("events");
            while (events.size() < watch.events()) {
                String line = lines.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
                if (line == null) {
                    events.add("<no further event>");
                    break;
                }
                JsonNode event = read(line);
                if (watch.bookmarks() || !event.path("type").asText().equals("BOOKMARK")) {
                    capture(event, look);
                    events.add(masks.body(event, look));
                }
            }
            return during.isEmpty() ? outcome : outcome.set("during", during);
        }
    }

    /** Ends with the stream, which the caller closes; a stream that breaks is told as a last line. */
    private static BlockingQueue<String> linesOf(InputStream stream) {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        var _ = Thread.ofVirtual().start(() -> {
            try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                reader.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException e) {
                lines.add("<the watch broke: " + e.getMessage() + ">");
            }
        });
        return lines;
    }

    private ObjectNode outcome(Together together) throws Exception {
        Map<String, Integer> statuses = new TreeMap<>();
        try (ExecutorService threads =
                Executors.newFixedThreadPool(together.calls().size())) {
            List<Callable<HttpResponse<String>>> calls = together.calls().stream()
                    .<Callable<HttpResponse<String>>>map(call -> () -> send(call))
                    .toList();
            for (Future<HttpResponse<String>> answer : threads.invokeAll(calls)) {
                statuses.merge(Integer.toString(answer.get().statusCode()), 1, Integer::sum);
            }
        }
        return NODES.objectNode().set("statuses", JSON.valueToTree(statuses));
    }

    private void capture(JsonNode body, Look look) {
        look.capture().forEach((name, path) -> {
            JsonNode value = Paths.at(body, path);
            if (!value.isMissingNode()) {
                variables.put(name, value.asText());
            }
        });
    }

    private void putText(ObjectNode outcome, String name, String text, Look look) {
        String masked = masks.output(text, look);
        if (!masked.isEmpty()) {
            outcome.put(name, masked);
        }
    }

    private static String selectLines(String text, List<String> patterns) {
        if (patterns.isEmpty()) {
            return text;
        }
        List<Pattern> wanted = patterns.stream().map(Pattern::compile).toList();
        return text.lines()
                .filter(line -> wanted.stream()
                        .anyMatch(pattern -> pattern.matcher(line).find()))
                .reduce("", (all, line) -> all + line + "\n");
    }

    /** What is no JSON counts as text. */
    private static JsonNode read(String body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            return NODES.textNode(body);
        }
    }

    private static <T> T unchecked(Callable<T> callable) {
        try {
            return callable.call();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
