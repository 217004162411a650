package dev.lightkeeper.sandbox;

import dev.lightkeeper.kube.KubernetesClients;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;

/** {@code --watch}: looks at a cluster that runs already, and changes nothing. */
final class Watch {
    private static final long TICK_MILLIS = 500;
    private static final int END_OF_INPUT = -1;

    private final Path kubeconfig;
    private final Clock clock;

    /** @param kubeconfig as a sandbox or anybody else has written it; the watch ends when it is gone */
    Watch(Path kubeconfig, Clock clock) {
        this.kubeconfig = kubeconfig;
        this.clock = clock;
    }

    /** Shows a table that lives, or plain lines where there is no terminal, until it is told to end. */
    void run(Opened opened) throws InterruptedException {
        KubernetesClient client = opened.add(KubernetesClients.client(config()));
        Sightings sightings;
        try {
            sightings = opened.add(new Sightings(client));
        } catch (KubernetesClientException e) {
            throw new CannotStart(
                    "--watch: the cluster of %s does not answer, or has no ServiceDeployments: %s"
                            .formatted(kubeconfig, e.getMessage()),
                    e);
        }
        if (Terminal.interactive()) {
            table(sightings, opened);
        } else {
            var _ = opened.add(new Narrator(Terminal.standard(), namespace -> true, sightings, client));
            while (Files.exists(kubeconfig)) {
                TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
            }
        }
    }

    private Config config() {
        try {
            return Config.fromKubeconfig(Files.readString(kubeconfig));
        } catch (IOException e) {
            throw new CannotStart(
                    "--watch: there is no %s; start a sandbox in another terminal first, or name its file with --kubeconfig"
                            .formatted(kubeconfig),
                    e);
        }
    }

    private void table(Sightings sightings, Opened opened) {
        try {
            org.jline.terminal.Terminal screen =
                    TerminalBuilder.builder().system(true).nativeSignals(true).build();
            var _ = opened.add(() -> leave(screen));
            Thread watching = Thread.currentThread();
            var _ = screen.handle(Signal.INT, signal -> watching.interrupt());
            var _ = screen.enterRawMode();
            screen.puts(Capability.enter_ca_mode);
            screen.puts(Capability.cursor_invisible);
            Display display = new Display(screen, true);
            int key = 0;
            while (key != 'q' && key != END_OF_INPUT && Files.exists(kubeconfig)) {
                Size size = screen.getSize();
                display.resize(size.getRows(), size.getColumns());
                display.update(Overview.of(sightings.all(), clock.instant(), size.getColumns(), size.getRows()), 0);
                key = screen.reader().read(TICK_MILLIS);
            }
        } catch (IOException e) {
            if (!Thread.currentThread().isInterrupted()) {
                throw new CannotStart("--watch: the terminal cannot be used: " + e.getMessage(), e);
            }
        }
    }

    private static void leave(org.jline.terminal.Terminal screen) throws IOException {
        screen.puts(Capability.cursor_visible);
        screen.puts(Capability.exit_ca_mode);
        screen.close();
    }
}
