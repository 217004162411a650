package dev.lightkeeper.desired;

import com.google.re2j.Pattern;
import dev.lightkeeper.api.v1alpha1.Ec2Runtime;
import dev.lightkeeper.api.v1alpha1.Ec2Target;
import dev.lightkeeper.api.v1alpha1.LogGroup;
import dev.lightkeeper.api.v1alpha1.Logging;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which log drivers and options may be declared, and what they mean when parts are left out. Names and values are those of
 * Docker 20.10 and Podman 4.0 and later; what is not listed is refused, since it may name files, addresses or credentials of
 * the host, or put values of variables into the log.
 */
final class LoggingRules {
    private static final String AWSLOGS = "awslogs";
    private static final String GROUP = "awslogs-group";
    private static final String STREAM = "awslogs-stream";
    private static final String MULTILINE = "awslogs-multiline-pattern";
    private static final String DATETIME = "awslogs-datetime-format";
    private static final String MAX_SIZE = "max-size";
    private static final String MAX_FILE = "max-file";
    private static final String COMPRESS = "compress";

    private static final String SIZE = "[1-9][0-9]{0,2}[kmg]";
    private static final String SWITCH = "true|false";
    private static final String PRINTABLE = "[ -~]{1,200}";
    /** A tag is a Go template that could print variables: only what names the container or its image is let through. */
    private static final String TAG =
            "([A-Za-z0-9_./#@-]|\\{\\{\\.(ID|FullID|Name|ImageID|ImageFullID|ImageName|DaemonName)\\}\\}){1,200}";

    private static final String PODMAN_TAG = "([A-Za-z0-9_./#@-]|\\{\\{\\.(ID|Name|ImageName)\\}\\}){1,200}";
    private static final Map<String, String> BUFFER = Map.of("mode", "blocking|non-blocking", "max-buffer-size", SIZE);
    private static final Map<String, String> FILES =
            Map.of(MAX_SIZE, SIZE, MAX_FILE, "[1-9][0-9]{0,2}", COMPRESS, SWITCH);

    /** By runtime and driver, the options with the pattern of their values. */
    private static final Map<Ec2Runtime, Map<String, Map<String, String>>> DRIVERS = Map.of(
            Ec2Runtime.Docker,
            Map.of(
                    "json-file",
                    with(FILES, BUFFER, Map.of("tag", TAG)),
                    "local",
                    with(FILES, BUFFER),
                    "journald",
                    with(BUFFER, Map.of("tag", TAG)),
                    "none",
                    Map.of(),
                    AWSLOGS,
                    with(
                            BUFFER,
                            Map.of(
                                    "awslogs-region",
                                    "[a-z0-9-]{1,32}",
                                    GROUP,
                                    "[A-Za-z0-9_./#-]{1,512}",
                                    STREAM,
                                    "[ -)+-9;-~]{1,512}",
                                    "awslogs-create-group",
                                    SWITCH,
                                    DATETIME,
                                    PRINTABLE,
                                    MULTILINE,
                                    PRINTABLE,
                                    "tag",
                                    TAG,
                                    "cache-disabled",
                                    SWITCH,
                                    "cache-max-size",
                                    SIZE,
                                    "cache-max-file",
                                    "[2-9]|[1-9][0-9]{1,2}"))),
            Ec2Runtime.Podman,
            Map.of(
                    "k8s-file", Map.of(MAX_SIZE, SIZE),
                    "journald", Map.of("tag", PODMAN_TAG),
                    "none", Map.of()));

    private LoggingRules() {}

    @SafeVarargs
    private static Map<String, String> with(Map<String, String>... parts) {
        Map<String, String> all = new TreeMap<>();
        for (Map<String, String> part : parts) {
            all.putAll(part);
        }
        return Map.copyOf(all);
    }

    /**
     * What a container is started with: of {@code logGroup} what the options of awslogs leave out, and a bound of the files
     * that would grow for ever otherwise. Null when nothing is declared, so that the host script's own default holds.
     */
    static @Nullable Logging effective(Ec2Target target) {
        Logging logging = target.logging();
        if (logging == null) {
            return null;
        }
        Map<String, String> options = new TreeMap<>(logging.options());
        LogGroup group = target.logGroup();
        switch (logging.driver()) {
            case "json-file" -> {
                options.putIfAbsent(MAX_SIZE, "10m");
                options.putIfAbsent(MAX_FILE, "3");
            }
            case "k8s-file" -> options.putIfAbsent(MAX_SIZE, "10m");
            case AWSLOGS -> {
                if (group != null) {
                    options.putIfAbsent(GROUP, group.name());
                    if (group.stream() != null) {
                        options.putIfAbsent(STREAM, group.stream());
                    }
                }
            }
            default -> {}
        }
        return new Logging(logging.driver(), options);
    }

    /** Where the log of a release is read that ships it itself: where it ships it to, whatever is declared by now. */
    static @Nullable LogGroup logGroup(@Nullable Logging effective, @Nullable LogGroup declared) {
        Map<String, String> options = effective == null ? Map.of() : effective.options();
        String group = options.get(GROUP);
        return declared == null || group == null || group.equals(declared.name())
                ? declared
                : new LogGroup(group, options.get(STREAM));
    }

    /** What of it cannot work or is not allowed, each with what to write instead. */
    static List<String> refusals(ServiceDeploymentSpec spec, Ec2Target target) {
        Logging logging = target.logging();
        Ec2Runtime runtime = target.runtime();
        if (logging == null || runtime == null) {
            return List.of();
        }
        Map<String, String> allowed = DRIVERS.getOrDefault(runtime, Map.of()).get(logging.driver());
        if (allowed == null) {
            return List.of(noDriver(runtime, logging.driver()));
        }
        List<String> refusals = new ArrayList<>();
        logging.options().forEach((name, value) -> {
            String pattern = allowed.get(name);
            if (pattern == null) {
                refusals.add("ec2.logging.options.%s is not allowed with driver %s; %s"
                        .formatted(
                                name,
                                logging.driver(),
                                allowed.isEmpty()
                                        ? "it has no options"
                                        : "allowed are " + String.join(", ", new TreeMap<>(allowed).keySet())));
            } else if (!Pattern.matches(pattern, value)) {
                refusals.add("ec2.logging.options.%s has a value that is not allowed; it has to match %s"
                        .formatted(name, pattern));
            }
        });
        Map<String, String> options = logging.options();
        if (options.containsKey("max-buffer-size") && !"non-blocking".equals(options.get("mode"))) {
            refusals.add("ec2.logging.options.max-buffer-size needs mode: non-blocking");
        }
        boolean compresses = "true"
                .equals(options.getOrDefault(
                        COMPRESS, String.valueOf(logging.driver().equals("local"))));
        if (compresses && "1".equals(options.get(MAX_FILE))) {
            refusals.add("Docker compresses rotated files only: set ec2.logging.options.max-file to 2 or more, or "
                    + "compress to \"false\"");
        }
        if (logging.driver().equals(AWSLOGS)) {
            awslogs(spec, options, target.logGroup(), refusals);
        }
        unreadable(spec, logging, target.logGroup(), refusals);
        return refusals;
    }

    private static String noDriver(Ec2Runtime runtime, String driver) {
        return switch (runtime) {
            case Pm2 -> "ec2.logging is for Docker and Podman; pm2 keeps log files of its own: remove it";
            case Docker ->
                "Docker has no log driver %s that could be used here: write %s"
                        .formatted(
                                driver,
                                driver.equals("k8s-file")
                                        ? "json-file"
                                        : "json-file, local, journald, awslogs or none");
            case Podman ->
                switch (driver) {
                    case "json-file", "local" -> "Podman has no log driver %s: write k8s-file".formatted(driver);
                    case AWSLOGS ->
                        "Podman has no log driver awslogs: write journald, and let an agent of the hosts ship it to ec2.logGroup";
                    case "passthrough", "passthrough-tty" ->
                        "Podman's %s prints into the command that starts the container, which ends: write journald"
                                .formatted(driver);
                    default -> "Podman has no log driver %s: write k8s-file, journald or none".formatted(driver);
                };
        };
    }

    private static void awslogs(
            ServiceDeploymentSpec spec,
            Map<String, String> options,
            @Nullable LogGroup declared,
            List<String> refusals) {
        String group = options.get(GROUP);
        String stream = options.get(STREAM);
        if (group == null && declared == null) {
            refusals.add("driver awslogs needs a group: declare ec2.logGroup, or ec2.logging.options.awslogs-group");
        }
        if (group != null && declared != null && !group.equals(declared.name())) {
            refusals.add("ec2.logging.options.awslogs-group is \"%s\", but ec2.logGroup \"%s\": remove one of them"
                    .formatted(group, declared.name()));
        }
        String read = declared == null ? null : declared.stream();
        if (read != null && stream != null && !stream.equals(read)) {
            refusals.add(
                    "ec2.logging.options.awslogs-stream is \"%s\", but ec2.logGroup.stream \"%s\": remove one of them"
                            .formatted(stream, read));
        }
        if (options.containsKey("tag") && (stream != null || read != null)) {
            refusals.add("ec2.logging.options.tag names a stream for each container, but a stream is declared as well: "
                    + "remove one of them");
        }
        String region = options.get("awslogs-region");
        if (region != null && !region.equals(spec.region())) {
            refusals.add(
                    "ec2.logging.options.awslogs-region has to be spec.region: remove it, each host ships into its own region");
        }
        if (options.containsKey(MULTILINE) && options.containsKey(DATETIME)) {
            refusals.add(
                    "Docker takes either ec2.logging.options.awslogs-multiline-pattern or awslogs-datetime-format: remove one of them");
        }
        if (options.containsKey(MULTILINE)) {
            compiles(options.get(MULTILINE), refusals);
        }
    }

    private static void compiles(String pattern, List<String> refusals) {
        String refusal = RegularExpression.refusal(pattern);
        if (refusal != null) {
            refusals.add("ec2.logging.options.awslogs-multiline-pattern " + refusal);
        }
    }

    /** Checks of a log that nobody keeps could never pass. */
    private static void unreadable(
            ServiceDeploymentSpec spec, Logging logging, @Nullable LogGroup declared, List<String> refusals) {
        boolean keepsNothing = logging.driver().equals("none")
                || "true".equals(logging.options().get("cache-disabled"));
        boolean checked = !spec.verification().logMilestones().isEmpty()
                || !spec.verification().forbiddenLogPatterns().isEmpty();
        if (keepsNothing && checked && declared == null) {
            refusals.add(
                    "verification.logMilestones and forbiddenLogPatterns have no log to look into, since ec2.logging "
                            + "keeps none on the hosts: declare ec2.logGroup, use another driver, or remove them");
        }
    }
}
