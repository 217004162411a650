package dev.lightkeeper.simulators.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What is left of a server that was closed. */
@Isolated("it counts the threads of all servers in this JVM")
class ServerEndIT {
    /** Far more than it takes; without an end of its own, a watch lasts half an hour. */
    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    void nothingIsLeftAfterTheEnd() throws InterruptedException {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        KubernetesApi api = KubernetesApi.builder().start();
        AtomicInteger status = new AtomicInteger();
        Thread watcher = Thread.ofVirtual()
                .start(() -> status.set(Clients.get(api, "/api/v1/namespaces/default/configmaps?watch=true")
                        .status()));
        Awaitility.await()
                .atMost(SOON)
                .until(() -> api.audit().stream().anyMatch(entry -> entry.verb().equals("watch")));

        long start = System.nanoTime();
        api.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);

        assertThat(watcher.join(SOON)).isTrue();
        assertThat(status.get()).isEqualTo(200);
        Awaitility.await()
                .atMost(SOON)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().startsWith("HTTP-Dispatcher"))
                        .allMatch(before::contains));
    }
}
