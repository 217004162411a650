package dev.lightkeeper;

import ch.qos.logback.classic.LoggerContext;
import dev.lightkeeper.config.Environment;
import dev.lightkeeper.config.Environment.Parsed;
import dev.lightkeeper.config.LogConfig;
import dev.lightkeeper.config.OperatorConfig;
import dev.lightkeeper.config.Reload;
import dev.lightkeeper.config.Setting;
import dev.lightkeeper.kube.KubernetesClients;
import dev.lightkeeper.telemetry.LogOutput;
import dev.lightkeeper.telemetry.Traces;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process: reads the settings, starts a {@link Lightkeeper}, and ends it on SIGTERM. */
public final class Main {
    private static final Logger log = LoggerFactory.getLogger(Main.class);
    private static final int GOOD = 0;
    private static final int FAILED = 1;
    private static final int BAD_CONFIGURATION = 2;
    private static final int SECONDS_BETWEEN_RELOADS = 10;

    private final Lightkeeper.Parts parts;
    private final Supplier<Parsed> settings;
    private final PrintStream out;

    /**
     * A process with the given parts.
     *
     * @param settings read at the start and, where there is a file of them, again and again
     * @param out for the answers of the options
     */
    Main(Lightkeeper.Parts parts, Supplier<Parsed> settings, PrintStream out) {
        this.parts = parts;
        this.settings = settings;
        this.out = out;
    }

    /** Starts the operator with the process's own environment, or does what the one option says. */
    public static void main(String[] arguments) {
        System.exit(new Main(
                        new Assembly(Traces.of(Environment.variables("OTEL_"), Version.current(), Clock.systemUTC())),
                        Environment::ofProcess,
                        System.out)
                .run(List.of(arguments)));
    }

    /** Runs until SIGTERM; the exit code is 2 for a bad configuration or option and 1 for a start that failed. */
    int run(List<String> arguments) {
        return switch (String.join(" ", arguments)) {
            case "" -> operate();
            case "--check-config" -> check();
            case "--help" -> help(GOOD);
            case "--version" -> {
                out.println("lightkeeper " + Version.current());
                yield GOOD;
            }
            default -> help(BAD_CONFIGURATION);
        };
    }

    private int help(int exit) {
        out.println("""
                Usage: lightkeeper [--check-config | --version | --help]

                Without an option: runs the operator until SIGTERM.
                  --check-config  says what is wrong with the settings; exit code 0 if nothing is, else 2
                  --version       prints the version
                  --help          prints this

                Settings are read from the environment, and from the file that LIGHTKEEPER_CONFIG_FILE names:
                """);
        for (Setting setting : Setting.values()) {
            out.printf("  %s (%s)%n      %s%n", setting.variable(), setting.defaultValue(), setting.description());
        }
        return exit;
    }

    private int check() {
        return switch (settings.get()) {
            case Parsed.Invalid(var problems) -> {
                problems.forEach(out::println);
                yield BAD_CONFIGURATION;
            }
            case Parsed.Valid _ -> {
                out.println("the settings are valid");
                yield GOOD;
            }
        };
    }

    private int operate() {
        return switch (settings.get()) {
            case Parsed.Invalid(var problems) -> {
                problems.forEach(log::error);
                yield BAD_CONFIGURATION;
            }
            case Parsed.Valid valid -> operate(valid);
        };
    }

    private int operate(Parsed.Valid valid) {
        try (ScheduledExecutorService reloads = Executors.newSingleThreadScheduledExecutor(
                Thread.ofVirtual().name("reload").factory())) {
            if (valid.log().fromFile()) {
                begin(valid, reloads);
            }
            int exit = operate(valid.config());
            reloads.shutdownNow();
            return exit;
        }
    }

    private void begin(Parsed.Valid valid, ScheduledExecutorService reloads) {
        LogOutput output = new LogOutput((LoggerContext) LoggerFactory.getILoggerFactory());
        LogConfig wanted = valid.log();
        output.begin(Objects.requireNonNull(Main.class.getResource("/logback.xml")), wanted.format(), wanted.level());
        Reload reload = new Reload(settings, valid, output::level);
        var _ = reloads.scheduleWithFixedDelay(
                reload::check, SECONDS_BETWEEN_RELOADS, SECONDS_BETWEEN_RELOADS, TimeUnit.SECONDS);
    }

    private int operate(OperatorConfig config) {
        CountDownLatch end = new CountDownLatch(1);
        try (KubernetesClient client = KubernetesClients.client(KubernetesClients.ambient())) {
            Lightkeeper lightkeeper = Lightkeeper.start(
                    config,
                    client,
                    parts,
                    () -> Runtime.getRuntime().halt(FAILED),
                    Clock.systemUTC(),
                    new SecureRandom());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                lightkeeper.close();
                end.countDown();
            }));
            log.info("lightkeeper {} listens on port {}", Version.current(), lightkeeper.port());
            end.await();
            return GOOD;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        } catch (RuntimeException e) {
            log.error("the operator could not start", e);
            return FAILED;
        }
    }
}
