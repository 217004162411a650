package dev.lightkeeper;

import dev.lightkeeper.config.Environment;
import dev.lightkeeper.config.Environment.Parsed;
import dev.lightkeeper.config.OperatorConfig;
import dev.lightkeeper.kube.KubernetesClients;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process: reads the environment, starts a {@link Lightkeeper}, and ends it on SIGTERM. */
public final class Main {
    private static final Logger log = LoggerFactory.getLogger(Main.class);
    private static final int BAD_CONFIGURATION = 2;
    private static final int FAILED = 1;

    private final Lightkeeper.Parts parts;

    /** A process with the given parts. */
    public Main(Lightkeeper.Parts parts) {
        this.parts = parts;
    }

    /** Starts the operator with the process's own environment. */
    public static void main(String[] arguments) {
        System.exit(new Main(new Assembly()).run(Environment.ofProcess()));
    }

    /** Runs until SIGTERM; the exit code is 2 for a bad configuration and 1 for a start that failed. */
    public int run(Parsed environment) {
        return switch (environment) {
            case Parsed.Invalid(var problems) -> {
                problems.forEach(log::error);
                yield BAD_CONFIGURATION;
            }
            case Parsed.Valid(OperatorConfig config) -> run(config);
        };
    }

    private int run(OperatorConfig config) {
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
            log.info("listening on port {}", lightkeeper.port());
            end.await();
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        } catch (RuntimeException e) {
            log.error("the operator could not start", e);
            return FAILED;
        }
    }
}
