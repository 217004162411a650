package dev.lightkeeper.simulators.aws.host;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.application.ContainerSpec;
import dev.lightkeeper.simulators.aws.application.LogLine;
import dev.lightkeeper.simulators.aws.application.PublishedApplication;
import dev.lightkeeper.simulators.aws.host.Invocation.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The pm2 of each user of one host, by its command line. What a script does is what the catalogue says of the image that
 * a comment {@code simulated-image: NAME} in it names; it listens on the port that {@code PORT} in its environment names,
 * or on the one of the image. Guarded by its host.
 */
final class Pm2 {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern IMAGE = Pattern.compile("simulated-image: (\\S+)");
    private static final DateTimeFormatter LOG_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss").withZone(ZoneId.systemDefault());

    /** One declared application with all its instances. */
    private static final class App {
        final String name;
        final String namespace;
        final Path script;
        final int instances;
        final String mode;
        final Map<String, String> environment = new LinkedHashMap<>();
        final List<LogLine> earlierLines = new ArrayList<>();
        int reloads;

        @Nullable
        PublishedApplication application;

        List<Integer> ports = List.of();

        App(JsonNode declared) {
            name = declared.path("name").asText();
            namespace = declared.path("namespace").asText("default");
            script = Path.of(declared.path("script").asText());
            instances = declared.path("instances").asInt(1);
            mode = declared.path("exec_mode").asText("fork");
        }

        void end() {
            PublishedApplication ended = application;
            if (ended != null) {
                ended.close(0);
            }
        }

        boolean running() {
            PublishedApplication latest = application;
            return latest != null && latest.look().state() != PublishedApplication.State.EXITED;
        }
    }

    private final SimulatedHost host;
    private final Map<String, List<App>> running = new HashMap<>();
    private final Map<String, List<App>> saved = new HashMap<>();
    private final Set<String> daemons = new HashSet<>();

    Pm2(SimulatedHost host) {
        this.host = host;
    }

    List<Integer> listeningPorts() {
        return running.values().stream()
                .flatMap(List::stream)
                .filter(App::running)
                .flatMap(app -> app.ports.stream())
                .toList();
    }

    void powerOff() {
        running.values().forEach(apps -> apps.forEach(App::end));
        running.clear();
        daemons.clear();
    }

    /** Starts what was saved, where systemd starts pm2. */
    void powerOn() {
        saved.forEach((user, apps) -> {
            if (host.systemd().isEnabled("pm2-" + user)) {
                running.put(user, new ArrayList<>(apps));
                apps.forEach(this::start);
            }
        });
    }

    Answer answer(Invocation call) {
        List<String> words = call.arguments();
        List<App> apps = running.computeIfAbsent(call.user(), user -> new ArrayList<>());
        return switch (words.isEmpty() ? "" : words.getFirst()) {
            case "--version", "-v" -> Answer.ok(host.toolVersion("pm2") + "\n");
            case "jlist" -> Answer.ok(banner(call.user()) + list(call.user(), apps));
            case "startOrReload", "start" -> startOrReload(apps, Path.of(words.get(1)));
            case "stop" -> each(apps, words.get(1), App::end);
            case "restart" -> each(apps, words.get(1), this::start);
            case "delete" -> delete(apps, words.get(1));
            case "save" -> {
                saved.put(call.user(), List.copyOf(apps));
                yield Answer.ok("[PM2] Saving current process list...\n");
            }
            case "startup" -> {
                host.systemd().enable("pm2-" + words.get(words.indexOf("-u") + 1));
                yield Answer.ok("[PM2] [v] Command successfully executed.\n");
            }
            case "logs" ->
                Answer.ok(apps.stream()
                        .flatMap(app -> lines(app).stream())
                        .map(line -> line.message() + "\n")
                        .collect(Collectors.joining()));
            default -> Answer.failed("[PM2][ERROR] Command not found");
        };
    }

    private Answer startOrReload(List<App> apps, Path file) {
        JsonNode declared;
        try {
            declared = JSON.readTree(Files.readString(file)).path("apps");
        } catch (IOException e) {
            return Answer.failed("[PM2][ERROR] File " + file + " malformated");
        }
        for (JsonNode each : declared) {
            App app = apps.stream()
                    .filter(known -> known.name.equals(each.path("name").asText()))
                    .findFirst()
                    .orElse(null);
            if (app == null) {
                app = new App(each);
                apps.add(app);
            } else {
                // As pm2 does: a reload keeps script, folder, mode and count, and forgets no variable.
                app.reloads++;
            }
            Map<String, String> environment = app.environment;
            each.path("env")
                    .properties()
                    .forEach(variable -> environment.put(
                            variable.getKey(), variable.getValue().asText()));
            if (!Files.isRegularFile(app.script)) {
                apps.remove(app);
                return Answer.failed("[PM2][ERROR] Error: Script not found: " + app.script);
            }
            start(app);
        }
        return Answer.ok("[PM2] Done.\n");
    }

    private void start(App app) {
        app.end();
        PublishedApplication earlier = app.application;
        if (earlier != null) {
            app.earlierLines.addAll(earlier.logs());
        }
        String image = image(app);
        String port = app.environment.get("PORT");
        int listens = port == null ? host.catalogue().behaviour(image).port() : Integer.parseInt(port);
        app.ports = listens == 0 ? List.of() : List.of(listens);
        try {
            app.application = PublishedApplication.start(
                    host.clock(),
                    host.catalogue(),
                    new ContainerSpec(app.name, image, List.of(app.script.toString()), app.environment, Map.of()),
                    host.instanceId(),
                    host.address(),
                    app.ports.stream().collect(Collectors.toMap(each -> each, each -> each)),
                    true);
        } catch (IOException e) {
            app.application = null;
            app.ports = List.of();
        }
    }

    private static String image(App app) {
        try {
            Matcher image = IMAGE.matcher(Files.readString(app.script));
            return image.find() ? image.group(1) : "pm2/" + app.script.getFileName();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @FunctionalInterface
    private interface Change {
        void apply(App app);
    }

    private static Answer each(List<App> apps, String name, Change change) {
        List<App> matching = apps.stream()
                .filter(app -> name.equals("all") || app.name.equals(name))
                .toList();
        matching.forEach(change::apply);
        return matching.isEmpty() ? Answer.failed("[PM2][ERROR] Process or Namespace " + name + " not found") : done();
    }

    private static Answer delete(List<App> apps, String name) {
        Answer answer = each(apps, name, App::end);
        apps.removeIf(app -> name.equals("all") || app.name.equals(name));
        return answer;
    }

    private static Answer done() {
        return Answer.ok("[PM2] Done.\n");
    }

    /** What the first command after a start of the host prints besides. */
    private String banner(String user) {
        return daemons.add(user) ? "[PM2] Spawning PM2 daemon\n[PM2] PM2 Successfully daemonized\n" : "";
    }

    private String list(String user, List<App> apps) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (App app : apps) {
            Path log = writeLog(user, app);
            PublishedApplication latest = app.application;
            PublishedApplication.Look look = latest == null ? null : latest.look();
            String status = look == null
                    ? "errored"
                    : switch (look.state()) {
                        case RUNNING -> "online";
                        case RESTARTING -> "waiting restart";
                        case EXITED -> "stopped";
                    };
            for (int i = 0; i < app.instances; i++) {
                ObjectNode row = list.addObject().put("pid", 4000 + list.size()).put("name", app.name);
                ObjectNode env = row.putObject("pm2_env");
                env.put("name", app.name).put("namespace", app.namespace).put("status", status);
                env.put("restart_time", app.reloads + (look == null ? 0 : look.restarts()));
                env.put("pm_uptime", look == null ? 0 : look.startedAt().toEpochMilli());
                env.put("username", user).put("exec_mode", app.mode + "_mode").put("instances", app.instances);
                env.put("pm_exec_path", app.script.toString());
                env.put("pm_out_log_path", log.toString()).put("pm_err_log_path", log.toString());
                ObjectNode variables = env.putObject("env");
                app.environment.forEach(variables::put);
                app.environment.forEach(env::put);
                row.put("pm_id", list.size() - 1);
            }
        }
        return list + "\n";
    }

    /** Adds the lines of each application. */
    void printed(Map<String, List<LogLine>> lines) {
        running.forEach((user, apps) -> apps.forEach(app -> lines.put(user + "/" + app.name, lines(app))));
    }

    private static List<LogLine> lines(App app) {
        List<LogLine> lines = new ArrayList<>(app.earlierLines);
        PublishedApplication latest = app.application;
        if (latest != null) {
            lines.addAll(latest.logs());
        }
        return lines;
    }

    private Path writeLog(String user, App app) {
        Path file = host.home(user).resolve(".pm2/logs/" + app.name + "-out.log");
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(
                    file,
                    lines(app).stream()
                            .map(line -> LOG_TIME.format(line.timestamp()) + ": " + line.message() + "\n")
                            .collect(Collectors.joining()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }
}
