package dev.lightkeeper.simulators.aws.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.lightkeeper.simulators.aws.AwsSimulator;
import dev.lightkeeper.simulators.aws.audit.AuditEntry;
import dev.lightkeeper.simulators.aws.http.ApiError;
import dev.lightkeeper.simulators.aws.http.Listener.ControlRequest;
import dev.lightkeeper.simulators.aws.http.Reply;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The control interface of a world: JSON over HTTP under {@code /_simulator/}, described in the module's README. */
public final class ControlApi {
    private static final Logger LOG = LoggerFactory.getLogger(ControlApi.class);
    private static final String PREFIX = "/_simulator/";

    private final AwsSimulator simulator;
    private final ServiceActions services;
    private final ParameterActions parameterStore;
    private final InstanceActions instances;
    private final LogActions logs;
    private final JsonMapper mapper = JsonMapper.builder()
            .addModule(new SimpleModule()
                    .addSerializer(Instant.class, ToStringSerializer.instance)
                    .addSerializer(Duration.class, ToStringSerializer.instance))
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    /**
     * Creates it.
     *
     * @param simulator the world
     */
    public ControlApi(AwsSimulator simulator) {
        this.simulator = simulator;
        this.services = new ServiceActions(simulator.lightsail());
        this.parameterStore = new ParameterActions(simulator.ssm());
        this.instances = new InstanceActions(simulator.ec2(), simulator.ssm());
        this.logs = new LogActions(simulator.logs());
    }

    /**
     * {@return the reply to a request}
     *
     * @param request under {@code /_simulator/}
     */
    public Reply serve(ControlRequest request) {
        try {
            String[] path = request.uri().getPath().substring(PREFIX.length()).split("/", -1);
            Parameters parameters =
                    new Parameters(Parameters.query(request.uri().getRawQuery()), body(request.body()));
            return json(200, answer(request.method(), path, parameters));
        } catch (ControlFailure e) {
            return json(e.status(), Map.of("error", String.valueOf(e.getMessage())));
        } catch (ApiError e) {
            return json(409, Map.of("error", e.text(), "code", e.type()));
        } catch (IllegalArgumentException e) {
            return json(400, Map.of("error", String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            LOG.error("The control interface failed", e);
            return json(500, Map.of("error", e.toString()));
        }
    }

    private Object answer(String method, String[] path, Parameters parameters) {
        String what = method + " " + path[0];
        return switch (what) {
            case "GET " -> overview();
            case "GET audit" -> audit(parameters);
            case "DELETE audit" -> {
                simulator.audit().clear();
                yield List.of();
            }
            case "GET services" ->
                path.length > 1
                        ? services.show(path[1], parameters)
                        : simulator.lightsail().services();
            case "POST services" -> {
                if (path.length != 3) {
                    throw new ControlFailure(404, "POST services/{name}/{action}");
                }
                yield services.act(path[1], path[2], parameters);
            }
            case "POST certificates" -> services.certificate(parameters);
            case "POST names" -> services.reserveName(parameters);
            case "POST closed-repositories" -> services.closeRepository(parameters);
            case "GET parameters" -> parameterStore.list(parameters);
            case "POST parameters" -> parameterStore.put(parameters);
            case "DELETE parameters" -> parameterStore.delete(parameters);
            case "POST parameter-labels" -> parameterStore.label(parameters);
            case "POST keys" -> parameterStore.key(parameters);
            case "GET instances" -> path.length > 1 ? instances.show(path[1]) : instances.list(parameters);
            case "POST instances" ->
                path.length == 3 ? instances.act(path[1], path[2], parameters) : instances.launch(parameters);
            case "POST capacity" -> instances.capacity(parameters);
            case "GET commands" -> instances.commands(parameters);
            case "POST command-rights" -> instances.rights(parameters);
            case "GET log-groups" -> logs.list(parameters);
            case "POST log-groups" -> logs.group(parameters);
            case "DELETE log-groups" -> logs.delete(parameters);
            case "POST log-events" -> logs.put(parameters);
            case "POST log-agents" -> {
                String instance = parameters.required("instance");
                simulator.shipLogs(
                        parameters.required("region"),
                        instance,
                        parameters.required("group"),
                        parameters.required("stream"));
                yield Map.of("instance", instance);
            }
            case "GET faults" ->
                simulator.faults().all().stream().map(FaultForm::show).toList();
            case "POST faults" -> FaultForm.show(simulator.faults().add(FaultForm.read(parameters)));
            case "DELETE faults" -> {
                removeFaults(path);
                yield List.of();
            }
            case "GET clock" -> clock();
            case "POST clock" -> {
                moveClock(parameters);
                yield clock();
            }
            case "GET cost" -> Map.of("usd", simulator.lightsail().totalCost());
            case "POST sessions" -> {
                simulator.credentials().expireSessions();
                yield Map.of("sessions", "expired");
            }
            default -> throw new ControlFailure(404, "Nothing here: " + what);
        };
    }

    private Map<String, Object> overview() {
        return Map.of(
                "endpoint", simulator.endpoint(),
                "clock", clock(),
                "services", simulator.lightsail().services().size(),
                "instances", simulator.ec2().instances().size(),
                "requests", simulator.audit().entries().size(),
                "faults", simulator.faults().all().size());
    }

    private List<AuditEntry> audit(Parameters parameters) {
        String operation = parameters.text("operation");
        String target = parameters.text("target");
        boolean mutations = "true".equals(parameters.text("mutations"));
        return simulator
                .audit()
                .where(e -> (operation == null || e.operation().equals(operation))
                        && (target == null || target.equals(e.target()))
                        && (!mutations || e.isMutation()));
    }

    private void removeFaults(String[] path) {
        if (path.length == 1) {
            simulator.faults().clear();
            return;
        }
        simulator.faults().all().stream()
                .filter(f -> path[1].equals(Integer.toString(f.id())))
                .findFirst()
                .orElseThrow(() -> new ControlFailure(404, "No such fault: " + path[1]))
                .remove();
    }

    private Map<String, Object> clock() {
        return Map.of("now", simulator.clock().now(), "speed", simulator.clock().speed());
    }

    private void moveClock(Parameters parameters) {
        if (parameters.has("speed")) {
            simulator.clock().speed(parameters.number("speed", 1));
        }
        double seconds = parameters.number("advanceSeconds", 0);
        if (seconds > 0) {
            simulator.clock().advance(Duration.ofMillis(Math.round(seconds * 1000)));
        }
    }

    private ObjectNode body(byte[] bytes) {
        if (bytes.length == 0) {
            return mapper.createObjectNode();
        }
        try {
            if (mapper.readTree(bytes) instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException e) {
            throw new ControlFailure(400, "The body is not JSON");
        }
        throw new ControlFailure(400, "The body is not a JSON object");
    }

    private Reply json(int status, Object value) {
        try {
            return Reply.text(status, "application/json", mapper.writeValueAsString(value) + "\n");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Every answer can be written", e);
        }
    }
}
