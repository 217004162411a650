package dev.lightkeeper.config;

import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings from the environment and from the file that it may name, and finds everything that is wrong with
 * them at once.
 */
public final class Environment {
    private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern DNS_NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
    /** What the kubelet sets for Services. */
    private static final Pattern SERVICE_LINK = Pattern.compile(
            "LIGHTKEEPER_(?:.*_)?(?:SERVICE_HOST|SERVICE_PORT(?:_.*)?|PORT(?:_\\d+_(?:TCP|UDP|SCTP).*)?)");

    private static final String PREFIX = "LIGHTKEEPER_";

    private final Map<String, String> variables;
    private final Map<String, String> file;
    private final List<String> problems = new ArrayList<>();

    private Environment(Map<String, String> variables) {
        this.variables = variables;
        this.file = file();
    }

    /** What came of reading. */
    public sealed interface Parsed {
        /** All is well. */
        record Valid(OperatorConfig config, LogConfig log) implements Parsed {}

        /** One sentence for each setting that is wrong; no sentence quotes a value. */
        record Invalid(List<String> problems) implements Parsed {}
    }

    /** Variables of this process whose names begin like that, for a library that has settings of its own. */
    public static Map<String, String> variables(String prefix) {
        return System.getenv().entrySet().stream()
                .filter(variable -> variable.getKey().startsWith(prefix))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Reads the environment of this process and its file as they are now. */
    public static Parsed ofProcess() {
        return parse(System.getenv());
    }

    /**
     * Reads {@code variables} and the file that they name. Variables that are not ours are ignored, unknown ones with our
     * prefix are a problem, and so is everything in the file that is no setting.
     */
    public static Parsed parse(Map<String, String> variables) {
        Environment environment = new Environment(variables);
        OperatorConfig config = environment.config();
        LogConfig log = environment.log();
        environment.reportUnknown();
        return environment.problems.isEmpty()
                ? new Parsed.Valid(config, log)
                : new Parsed.Invalid(List.copyOf(environment.problems));
    }

    private LogConfig log() {
        return new LogConfig(
                oneOf(Setting.LOG_FORMAT, "text", "json"),
                oneOf(Setting.LOG_LEVEL, "ERROR", "WARN", "INFO", "DEBUG", "TRACE"),
                !value(Setting.CONFIG_FILE).isEmpty());
    }

    private Map<String, String> file() {
        String name = variables.getOrDefault(Setting.CONFIG_FILE.variable(), "").strip();
        if (name.isEmpty()) {
            return Map.of();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(name))) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            problem(Setting.CONFIG_FILE, "a file that can be read as Java properties in UTF-8");
        }
        return properties.stringPropertyNames().stream().collect(Collectors.toMap(key -> key, properties::getProperty));
    }

    private OperatorConfig config() {
        return new OperatorConfig(
                namespaces(),
                text(Setting.NAMESPACE, DNS_LABEL.asMatchPredicate(), "the name of a namespace"),
                text(Setting.POD_NAME, DNS_NAME.asMatchPredicate(), "the name of a pod"),
                flag(Setting.LEADER_ELECTION),
                text(Setting.LEASE_NAME, DNS_NAME.asMatchPredicate(), "the name of a Lease"),
                flag(Setting.PROBE_PRIVATE_ADDRESSES),
                endpoint(),
                speed(),
                number(Setting.LISTEN, 0, 65535),
                number(Setting.MAX_CONCURRENT_RECONCILES, 1, 1000),
                Duration.ofSeconds(number(Setting.SHUTDOWN_SECONDS, 1, 300)));
    }

    private String value(Setting setting) {
        return Stream.of(variables, file)
                .map(source -> source.get(setting.variable()))
                .filter(value -> value != null && !value.isBlank())
                .findFirst()
                .map(String::strip)
                .orElse(setting.defaultValue());
    }

    /** Never quotes the value: somebody may have put a secret into the wrong variable. */
    private void problem(Setting setting, String expected) {
        problems.add(setting.variable() + " must be " + expected);
    }

    private Set<String> namespaces() {
        Set<String> namespaces = Arrays.stream(value(Setting.WATCH_NAMESPACES).split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        if (!namespaces.stream().allMatch(DNS_LABEL.asMatchPredicate())) {
            problem(Setting.WATCH_NAMESPACES, "names of namespaces, separated by commas");
        }
        return namespaces;
    }

    private String text(Setting setting, Predicate<String> valid, String expected) {
        String value = value(setting);
        if (!valid.test(value)) {
            problem(setting, expected);
        }
        return value;
    }

    private String oneOf(Setting setting, String... words) {
        String value = value(setting);
        if (!List.of(words).contains(value)) {
            problem(setting, "one of " + String.join(", ", words));
        }
        return value;
    }

    private boolean flag(Setting setting) {
        return oneOf(setting, "true", "false").equals("true");
    }

    private int number(Setting setting, int least, int most) {
        try {
            int number = Integer.parseInt(value(setting));
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        problem(setting, "a whole number from %d to %d".formatted(least, most));
        return least;
    }

    private double speed() {
        try {
            double speed = Double.parseDouble(value(Setting.SPEED));
            if (speed >= 1 && speed <= 1000) {
                return speed;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        problem(Setting.SPEED, "a number from 1 to 1000");
        return 1;
    }

    private @Nullable URI endpoint() {
        String value = value(Setting.AWS_ENDPOINT);
        if (value.isEmpty()) {
            return null;
        }
        try {
            URI uri = new URI(value);
            if (Set.of("http", "https").contains(String.valueOf(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // told below
        }
        problem(Setting.AWS_ENDPOINT, "an http or https URL without user and password");
        return null;
    }

    private void reportUnknown() {
        Set<String> known =
                Arrays.stream(Setting.values()).map(Setting::variable).collect(Collectors.toSet());
        variables.keySet().stream()
                .filter(name -> name.startsWith(PREFIX) && !known.contains(name))
                .filter(SERVICE_LINK.asMatchPredicate().negate())
                .sorted()
                .forEach(name -> problems.add(name + " is not a setting of this version"));
        // What stands there is not quoted either: it may be a secret that was put on a line of its own.
        if (!known.containsAll(file.keySet()) || file.containsKey(Setting.CONFIG_FILE.variable())) {
            problem(Setting.CONFIG_FILE, "a file with nothing in it but settings of this version, itself excepted");
        }
    }
}
