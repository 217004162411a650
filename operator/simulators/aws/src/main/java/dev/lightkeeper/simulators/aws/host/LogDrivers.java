package dev.lightkeeper.simulators.aws.host;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.host.Invocation.Answer;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an engine takes of log drivers and their options, what it says of others, and how it shows them. */
final class LogDrivers {
    private static final Set<String> FILES = Set.of("max-size", "max-file", "compress");
    private static final Set<String> ATTRIBUTES = Set.of("labels", "labels-regex", "env", "env-regex", "tag");
    private static final Set<String> ALL =
            Set.of("mode", "max-buffer-size", "cache-disabled", "cache-max-size", "cache-max-file", "cache-compress");
    private static final Map<String, Set<String>> DOCKER = Map.of(
            "json-file", union(FILES, ATTRIBUTES),
            "local", union(FILES, ATTRIBUTES),
            "journald", ATTRIBUTES,
            "awslogs",
                    Set.of(
                            "awslogs-region",
                            "awslogs-endpoint",
                            "awslogs-group",
                            "awslogs-stream",
                            "awslogs-create-group",
                            "awslogs-create-stream",
                            "awslogs-credentials-endpoint",
                            "awslogs-datetime-format",
                            "awslogs-multiline-pattern",
                            "tag"));
    private static final Set<String> PODMAN = Set.of("k8s-file", "json-file", "journald", "none", "passthrough");
    private static final Pattern SIZE = Pattern.compile("([0-9]+)([kmg]?)b?", Pattern.CASE_INSENSITIVE);

    private LogDrivers() {}

    private static Set<String> union(Set<String> one, Set<String> other) {
        Set<String> all = new TreeSet<>(one);
        all.addAll(other);
        return all;
    }

    /** How an engine refuses to make such a container; null when it makes it. */
    static @Nullable Answer refusal(boolean docker, String driver, Map<String, String> options) {
        return docker ? byDocker(driver, options) : byPodman(driver, options);
    }

    private static @Nullable Answer byDocker(String driver, Map<String, String> options) {
        if (driver.equals("none")) {
            return null;
        }
        Set<String> known = DOCKER.get(driver);
        if (known == null) {
            return daemon("logger: no log driver named '" + driver + "' is registered");
        }
        for (String name : options.keySet()) {
            if (!known.contains(name) && !ALL.contains(name)) {
                return daemon("unknown log opt '" + name + "' for " + driver + " log driver");
            }
        }
        if (!Set.of("blocking", "non-blocking", "").contains(options.getOrDefault("mode", ""))) {
            return daemon("logger: logging mode not supported: " + options.get("mode"));
        }
        if (options.containsKey("max-buffer-size") && !"non-blocking".equals(options.get("mode"))) {
            return daemon("logger: max-buffer-size option is only supported with 'mode=non-blocking'");
        }
        if (driver.equals("awslogs") && !options.containsKey("awslogs-group")) {
            return daemon("must specify a value for log opt 'awslogs-group'");
        }
        return options.containsKey("awslogs-datetime-format") && options.containsKey("awslogs-multiline-pattern")
                ? daemon("you cannot configure log opt 'awslogs-datetime-format' and 'awslogs-multiline-pattern' at the"
                        + " same time")
                : null;
    }

    private static @Nullable Answer byPodman(String driver, Map<String, String> options) {
        if (!PODMAN.contains(driver)) {
            return Answer.failed(125, "Error: running container create option: invalid log driver: invalid argument");
        }
        String size = options.get("max-size");
        if (size != null && !SIZE.matcher(size).matches()) {
            return Answer.failed(125, "Error: invalid size: '" + size + "'");
        }
        return driver.endsWith("-file") && options.containsKey("tag")
                ? Answer.failed(126, "[conmon:e] k8s-file doesn't support --log-tag")
                : null;
    }

    /** What goes wrong at the start of a container that was made; null when nothing does. */
    static @Nullable Answer startFailure(boolean docker, String driver, Map<String, String> options) {
        if (!docker) {
            return null;
        }
        String compresses = options.getOrDefault("compress", String.valueOf(driver.equals("local")));
        for (String name : Set.of("max-size", "max-file")) {
            String value = options.get(name);
            if (value != null && !SIZE.matcher(value).matches()) {
                return notInitialized("invalid value for " + name + ": " + value);
            }
        }
        String files = options.getOrDefault("max-file", driver.equals("local") ? "5" : "1");
        boolean rotates = !files.equals("1") && (driver.equals("local") || options.containsKey("max-size"));
        return compresses.equals("true") && !rotates
                ? notInitialized("compress cannot be true when max-file is less than 2 or max-size is not set")
                : null;
    }

    static Answer noGroup() {
        return notInitialized(
                "failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group"
                        + " does not exist.");
    }

    private static Answer notInitialized(String why) {
        return daemon("failed to initialize logging driver: " + why);
    }

    private static Answer daemon(String why) {
        return Answer.failed(125, "docker: Error response from daemon: " + why + ".");
    }

    /** Why the log cannot be read back; null when it can. Docker keeps a copy of what it ships, unless that is off. */
    static @Nullable Answer unreadable(boolean docker, String driver, Map<String, String> options) {
        if (!docker) {
            return Set.of("none", "passthrough").contains(driver)
                    ? Answer.failed(
                            125,
                            "Error: this container is using the '" + driver
                                    + "' log driver, cannot read logs: this container is not logging output")
                    : null;
        }
        boolean kept =
                !driver.equals("none") && !(driver.equals("awslogs") && "true".equals(options.get("cache-disabled")));
        return kept
                ? null
                : Answer.failed("Error response from daemon: configured logging driver does not support reading");
    }

    /** The {@code LogConfig} of an inspection. */
    static ObjectNode shown(boolean docker, String driver, Map<String, String> options) {
        ObjectNode shown = JsonNodeFactory.instance.objectNode().put("Type", driver);
        if (docker) {
            ObjectNode config = shown.putObject("Config");
            options.forEach(config::put);
            return shown;
        }
        Matcher size = SIZE.matcher(options.getOrDefault("max-size", "0"));
        String bytes = size.matches()
                ? size.group(1) + size.group(2).toUpperCase(Locale.ROOT).replace('K', 'k') + "B"
                : "";
        shown.putNull("Config");
        return shown.put("Tag", options.getOrDefault("tag", "")).put("Size", bytes);
    }
}
