package dev.lightkeeper.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the environment, once, and finds everything that is wrong with it at the first start. */
public final class Environment {
    private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern DNS_NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
    /** What the kubelet sets for Services. */
    private static final Pattern SERVICE_LINK = Pattern.compile(
            "LIGHTKEEPER_(?:.*_)?(?:SERVICE_HOST|SERVICE_PORT(?:_.*)?|PORT(?:_\\d+_(?:TCP|UDP|SCTP).*)?)");

    private final Map<String, String> variables;
    private final List<String> problems = new ArrayList<>();

    private Environment(Map<String, String> variables) {
        this.variables = variables;
    }

    /** What came of reading. */
    public sealed interface Parsed {
        /** All is well. */
        record Valid(OperatorConfig config) implements Parsed {}

        /** One sentence for each variable that is wrong. */
        record Invalid(List<String> problems) implements Parsed {}
    }

    /** Reads the environment of this process. */
    public static Parsed ofProcess() {
        return parse(System.getenv());
    }

    /** Reads {@code variables}; those that are not ours are ignored, unknown ones with our prefix are a problem. */
    public static Parsed parse(Map<String, String> variables) {
        Environment environment = new Environment(variables);
        OperatorConfig config = environment.config();
        environment.reportUnknown();
        return environment.problems.isEmpty()
                ? new Parsed.Valid(config)
                : new Parsed.Invalid(List.copyOf(environment.problems));
    }

    private OperatorConfig config() {
        oneOf(Setting.LOG_FORMAT, "text", "json");
        oneOf(Setting.LOG_LEVEL, "ERROR", "WARN", "INFO", "DEBUG", "TRACE");
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
        String value = variables.get(setting.variable());
        return value == null || value.isBlank() ? setting.defaultValue() : value.strip();
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

    private void oneOf(Setting setting, String... words) {
        if (!List.of(words).contains(value(setting))) {
            problem(setting, "one of " + String.join(", ", words));
        }
    }

    private boolean flag(Setting setting) {
        oneOf(setting, "true", "false");
        return value(setting).equals("true");
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
        new TreeSet<>(variables.keySet())
                .stream()
                        .filter(name -> name.startsWith("LIGHTKEEPER_"))
                        .filter(name -> !known.contains(name))
                        .filter(SERVICE_LINK.asMatchPredicate().negate())
                        .forEach(name -> problems.add(name + " is not a setting of this version"));
    }
}
