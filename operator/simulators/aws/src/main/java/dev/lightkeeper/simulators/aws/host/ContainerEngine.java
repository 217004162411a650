package dev.lightkeeper.simulators.aws.host;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.application.ContainerSpec;
import dev.lightkeeper.simulators.aws.application.LogLine;
import dev.lightkeeper.simulators.aws.application.PublishedApplication;
import dev.lightkeeper.simulators.aws.host.Invocation.Answer;
import dev.lightkeeper.simulators.aws.host.Invocation.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Docker or Podman of one host, by its command line. Guarded by its host. */
final class ContainerEngine {
    private static final Set<String> SWITCHES = Set.of(
            "-d",
            "--detach",
            "-a",
            "--all",
            "-q",
            "--quiet",
            "--force",
            "--timestamps",
            "--rm",
            "--password-stdin",
            "--no-trunc",
            "--init");

    private final SimulatedHost host;
    private final boolean docker;
    private final Map<String, HostContainer> containers = new TreeMap<>();
    private final ImageStore images;
    private int created;

    ContainerEngine(SimulatedHost host, boolean docker) {
        this.host = host;
        this.docker = docker;
        images = new ImageStore(host);
    }

    List<Integer> listeningPorts() {
        return containers.values().stream()
                .filter(HostContainer::running)
                .flatMap(container -> container.creation.ports().keySet().stream())
                .toList();
    }

    /** All ends at once, as when the power goes. */
    void powerOff() {
        containers.values().forEach(container -> {
            boolean ran = container.running();
            container.end(137);
            container.stoppedByHand |= !ran;
        });
    }

    void powerOn() {
        if (!docker && !host.systemd().isEnabled("podman-restart.service")) {
            return;
        }
        containers.values().stream()
                .filter(container -> !container.stoppedByHand && container.creation.startsAgain())
                .forEach(this::start);
    }

    /** The process of a container is killed from outside, and its engine does not notice that it should start again. */
    void kill(String name) {
        container(name).end(137);
    }

    List<String> names() {
        return List.copyOf(containers.keySet());
    }

    Answer answer(Invocation call, String registryConfiguration) {
        List<String> words = call.arguments();
        String verb = words.isEmpty() ? "" : words.getFirst();
        boolean group = verb.equals("container") || verb.equals("image");
        String action = group && words.size() > 1 ? words.get(1) : verb;
        int from = group ? 2 : 1;
        if (docker && !action.equals("version") && !host.mayUseDocker(call.user())) {
            return Answer.failed("permission denied while trying to connect to the Docker daemon socket at"
                    + " unix:///var/run/docker.sock");
        }
        boolean takesArguments = action.equals("run") || action.equals("create") || action.equals("exec");
        Options options = call.options(from, SWITCHES, takesArguments);
        return switch (verb.equals("image") ? "image " + action : action) {
            case "version" -> version(options);
            case "info" -> Answer.ok("Server Version: " + host.toolVersion(name()) + "\n");
            case "pull" -> images.pull(options.operands().getFirst(), registryConfiguration);
            case "run" -> run(options, true);
            case "create" -> run(options, false);
            case "inspect" -> inspect(options);
            case "ps", "ls" -> list(options);
            case "stop" -> each(options, this::stop);
            case "start" -> each(options, this::start);
            case "kill" -> each(options, container -> end(container, 137));
            case "rm" -> each(options, container -> removeContainer(container, options));
            case "rename" ->
                rename(options.operands().get(0), options.operands().get(1));
            case "logs" -> logs(options);
            case "login" -> images.login(call, options, registryConfiguration);
            case "exec" -> exec(options);
            case "image inspect" -> images.inspect(options);
            case "image ls" -> images.list();
            case "image rm" -> images.remove(options.operands().getFirst(), this::isUsed);
            default -> Answer.failed(name() + ": '" + action + "' is not a " + name() + " command.");
        };
    }

    private String name() {
        return docker ? "docker" : "podman";
    }

    private Answer version(Options options) {
        String format = options.value("--format", "-f");
        String version = host.toolVersion(name());
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.putObject("Client").put("Version", version);
        node.putObject("Server").put("Version", version);
        return Answer.ok(format == null ? "Version: " + version + "\n" : GoTemplate.render(format, node) + "\n");
    }

    private Answer run(Options options, boolean starts) {
        String image = options.operands().getFirst();
        String reference = images.reference(image);
        if (reference == null) {
            Answer pulled = images.pull(image, "");
            if (pulled.exitCode() != 0) {
                return new Answer(125, "", pulled.error());
            }
            reference = image;
        }
        String id = host.digest("container " + created++);
        String name = Objects.requireNonNullElse(options.value("--name"), "container-" + created);
        HostContainer taken = containers.get(name);
        if (taken != null) {
            return Answer.failed(
                    125,
                    "docker: Error response from daemon: Conflict. The container name \"/" + name
                            + "\" is already in use by container \"" + taken.id + "\".");
        }
        List<String> command = options.operands().subList(1, options.operands().size());
        List<String> variables = new ArrayList<>();
        for (String file : options.values("--env-file")) {
            variables.addAll(variables(file));
        }
        variables.addAll(options.values("-e", "--env"));
        Map<Integer, Integer> ports = new TreeMap<>();
        for (String port : options.values("-p", "--publish")) {
            ports.put(
                    Integer.parseInt(port.substring(0, port.indexOf(':'))),
                    Integer.parseInt(port.substring(port.indexOf(':') + 1)));
        }
        ContainerSpec spec = new ContainerSpec(
                name,
                reference,
                command,
                map(variables),
                ports.values().stream().distinct().collect(Collectors.toMap(port -> port, port -> "HTTP")));
        String logDriver = Objects.requireNonNullElse(options.value("--log-driver"), docker ? "json-file" : "k8s-file");
        Map<String, String> logOptions = map(options.values("--log-opt"));
        Answer refusal = LogDrivers.refusal(docker, logDriver, logOptions);
        if (refusal != null) {
            return refusal;
        }
        HostContainer container = new HostContainer(
                id,
                name,
                new HostContainer.Creation(
                        image,
                        images.id(reference),
                        spec,
                        ports,
                        map(options.values("-l", "--label")),
                        variables,
                        Objects.requireNonNullElse(options.value("--restart"), "no"),
                        Objects.requireNonNullElse(options.value("-u", "--user"), ""),
                        logDriver,
                        logOptions));
        containers.put(name, container);
        if (starts) {
            Answer started = start(container);
            if (started.exitCode() != 0) {
                return new Answer(125, "", started.error());
            }
        }
        return Answer.ok(id + "\n");
    }

    private static Map<String, String> map(List<String> pairs) {
        Map<String, String> map = new LinkedHashMap<>();
        pairs.forEach(pair -> {
            int equals = pair.indexOf('=');
            map.put(equals < 0 ? pair : pair.substring(0, equals), equals < 0 ? "" : pair.substring(equals + 1));
        });
        return map;
    }

    /** As Docker reads an env file: no quotes, no continuation, a carriage return before the line feed is lost. */
    private static List<String> variables(String file) {
        try {
            return Files.readString(Path.of(file))
                    .lines()
                    .map(String::stripLeading)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new IllegalArgumentException("open " + file + ": no such file or directory", e);
        }
    }

    private Answer start(HostContainer container) {
        if (container.running()) {
            return Answer.ok(container.name + "\n");
        }
        Answer unlogged = startLog(container);
        if (unlogged != null) {
            return unlogged;
        }
        PublishedApplication earlier = container.application;
        if (earlier != null) {
            container.earlierLines.addAll(earlier.logs());
        }
        try {
            container.application = PublishedApplication.start(
                    host.clock(),
                    host.catalogue(),
                    container.creation.spec(),
                    host.instanceId(),
                    host.address(),
                    container.creation.ports(),
                    container.creation.startsAgain());
        } catch (IOException e) {
            return Answer.failed(
                    "docker: Error response from daemon: driver failed programming external connectivity on"
                            + " endpoint " + container.name + ": Bind for 0.0.0.0:"
                            + container.creation.ports().keySet().stream()
                                    .findFirst()
                                    .orElse(0)
                            + " failed: port is already allocated.");
        }
        container.stoppedByHand = false;
        return Answer.ok(container.name + "\n");
    }

    /** Null when what the container prints has a place. */
    private @Nullable Answer startLog(HostContainer container) {
        Map<String, String> options = container.creation.logOptions();
        Answer failure = LogDrivers.startFailure(docker, container.creation.logDriver(), options);
        if (failure != null || !container.creation.logDriver().equals("awslogs")) {
            return failure;
        }
        String group = options.getOrDefault("awslogs-group", "");
        String region = options.getOrDefault("awslogs-region", "");
        if (!host.opens(region, group, Boolean.parseBoolean(options.get("awslogs-create-group")))) {
            return LogDrivers.noGroup();
        }
        if (!container.shipped) {
            container.shipped = true;
            String stream = options.getOrDefault("awslogs-stream", container.id);
            host.ships(region, group, stream, () -> container.removed ? null : Map.of("", container.lines()));
        }
        return null;
    }

    private Answer stop(HostContainer container) {
        container.stoppedByHand = true;
        return end(container, 0);
    }

    private static Answer end(HostContainer container, int code) {
        container.end(code);
        return Answer.ok(container.name + "\n");
    }

    private Answer removeContainer(HostContainer container, Options options) {
        if (container.running() && !options.has("-f", "--force")) {
            return Answer.failed("Error response from daemon: You cannot remove a running container " + container.id
                    + ". Stop the container before attempting removal or force remove");
        }
        container.end(137);
        container.removed = true;
        containers.remove(container.name);
        return Answer.ok(container.name + "\n");
    }

    private Answer rename(String from, String to) {
        HostContainer container = container(from);
        if (containers.containsKey(to)) {
            return Answer.failed("Error response from daemon: Error when allocating new name: Conflict. The container"
                    + " name \"/" + to + "\" is already in use by container.");
        }
        containers.remove(from);
        container.name = to;
        containers.put(to, container);
        return Answer.ok("");
    }

    /** Adds the lines of each container. */
    void printed(Map<String, List<LogLine>> lines) {
        containers.values().forEach(container -> lines.put(container.id, container.lines()));
    }

    private Answer logs(Options options) {
        HostContainer container = container(options.operands().getFirst());
        Answer unreadable =
                LogDrivers.unreadable(docker, container.creation.logDriver(), container.creation.logOptions());
        if (unreadable != null) {
            return unreadable;
        }
        String since = options.value("--since");
        Instant from = since == null ? Instant.EPOCH : Instant.ofEpochSecond(Long.parseLong(since));
        StringBuilder out = new StringBuilder();
        for (LogLine line : container.lines()) {
            if (!line.timestamp().isBefore(from)) {
                out.append(options.has("--timestamps") ? line.timestamp() + " " : "")
                        .append(line.message())
                        .append('\n');
            }
        }
        return Answer.ok(out.toString());
    }

    private Answer exec(Options options) {
        HostContainer container = container(options.operands().get(0));
        if (!container.running()) {
            return Answer.failed("Error response from daemon: container " + container.id + " is not running");
        }
        return options.operands().subList(1, options.operands().size()).equals(List.of("env"))
                ? Answer.ok(String.join("\n", container.creation.variables()) + "\n")
                : Answer.failed(127, "OCI runtime exec failed: executable file not found in $PATH");
    }

    private Answer inspect(Options options) {
        String format = options.value("-f", "--format");
        StringBuilder out = new StringBuilder();
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (String name : options.operands()) {
            ObjectNode inspection = container(name).inspection(docker);
            all.add(inspection);
            if (format != null) {
                out.append(GoTemplate.render(format, inspection)).append('\n');
            }
        }
        return Answer.ok(format == null ? all + "\n" : out.toString());
    }

    private Answer list(Options options) {
        String format = Objects.requireNonNullElse(options.value("--format"), "{{.Names}}");
        StringBuilder out = new StringBuilder();
        for (HostContainer container : containers.values()) {
            boolean wanted = options.has("-a", "--all") || container.running();
            for (String filter : options.values("-f", "--filter")) {
                String[] parts = filter.split("=", 3);
                wanted &= parts[0].equals("label")
                        && container.creation.labels().containsKey(parts[1])
                        && (parts.length == 2
                                || parts[2].equals(container.creation.labels().get(parts[1])));
            }
            if (wanted) {
                ObjectNode row = JsonNodeFactory.instance.objectNode();
                row.put("Names", container.name).put("ID", container.id.substring(0, 12));
                row.put("Image", container.creation.image()).put("Status", container.running() ? "Up" : "Exited");
                out.append(GoTemplate.render(format, row)).append('\n');
            }
        }
        return Answer.ok(out.toString());
    }

    private boolean isUsed(String imageId) {
        return containers.values().stream()
                .anyMatch(container -> container.creation.imageId().equals(imageId));
    }

    private HostContainer container(String name) {
        HostContainer container = containers.get(name);
        if (container == null) {
            throw new IllegalArgumentException("Error response from daemon: No such container: " + name);
        }
        return container;
    }

    @FunctionalInterface
    private interface Change {
        Answer apply(HostContainer container);
    }

    private Answer each(Options options, Change change) {
        StringBuilder out = new StringBuilder();
        for (String name : options.operands()) {
            HostContainer container = containers.get(name);
            if (container == null && options.has("-f", "--force")) {
                continue;
            }
            Answer answer = change.apply(container(name));
            if (answer.exitCode() != 0) {
                return answer;
            }
            out.append(answer.output());
        }
        return Answer.ok(out.toString());
    }
}
