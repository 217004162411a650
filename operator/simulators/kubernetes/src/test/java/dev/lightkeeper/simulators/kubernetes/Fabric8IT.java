package dev.lightkeeper.simulators.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The client that the operator uses. */
class Fabric8IT {
    private static KubernetesApi api;
    private static KubernetesClient client;

    @BeforeAll
    static void start() {
        api = KubernetesApi.builder().start();
        client = Clients.fabric8(api);
        Clients.define(api, "/gadgets.yaml");
    }

    @AfterAll
    static void stop() {
        client.close();
        api.close();
    }

    @Test
    void configMapsComeBackAsTheyWereCreated() {
        client.resource(configMap("whole", "a", "1")).create();
        ConfigMap read =
                client.configMaps().inNamespace("default").withName("whole").get();
        assertThat(read.getData()).containsEntry("a", "1");
        assertThat(read.getMetadata().getUid()).isNotBlank();
        assertThat(read.getMetadata().getCreationTimestamp()).isNotBlank();
        assertThat(client.configMaps().inNamespace("default").list().getItems())
                .extracting(item -> item.getMetadata().getName())
                .contains("whole");
    }

    @Test
    void whoAppliesTheSameNewObjectAtTheSameTimeIsNeverToldThatItExists() {
        int managers = 8;
        for (int round = 0; round < 20; round++) {
            ConfigMap applied = configMap("raced-" + round, "a", "1");
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<ConfigMap>> answers = IntStream.range(0, managers)
                        .mapToObj(manager -> executor.submit(() -> client.resource(applied)
                                .fieldManager("racer-" + manager)
                                .serverSideApply()))
                        .toList();
                assertThat(answers).allSatisfy(answer -> assertThat(answer).succeedsWithin(Duration.ofSeconds(10)));
            }
            assertThat(client.resource(applied).get().getMetadata().getManagedFields())
                    .hasSize(managers);
        }
    }

    @Test
    void informersSeeEveryChange() {
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        client.resource(configMap("before", "a", "1")).create();
        try (SharedIndexInformer<ConfigMap> informer = client.configMaps()
                .inNamespace("default")
                .inform(new ResourceEventHandler<>() {
                    @Override
                    public void onAdd(ConfigMap added) {
                        seen.add("+" + added.getMetadata().getName());
                    }

                    @Override
                    public void onUpdate(ConfigMap old, ConfigMap updated) {
                        seen.add(updated.getMetadata().getName() + "="
                                + updated.getData().get("a"));
                    }

                    @Override
                    public void onDelete(ConfigMap deleted, boolean unknown) {
                        seen.add("-" + deleted.getMetadata().getName());
                    }
                })) {
            assertThat(informer.isRunning()).isTrue();
            ConfigMap created = client.resource(configMap("watched", "a", "1")).create();
            created.setData(Map.of("a", "2"));
            client.resource(created).update();
            client.resource(created).delete();
            Awaitility.await()
                    .untilAsserted(() -> assertThat(seen).contains("+before", "+watched", "watched=2", "-watched"));
        }
    }

    @Test
    void watchesGoOnAfterWordsBeyondAscii() {
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        try (Watch _ = client.configMaps().inNamespace("default").watch(new Watcher<>() {
            @Override
            public void eventReceived(Action action, ConfigMap changed) {
                seen.add(String.valueOf(changed.getData().get("word")));
            }

            @Override
            public void onClose(WatcherException cause) {
                seen.add(cause.toString());
            }
        })) {
            client.resource(configMap("words-1", "word", "nano × 2 → ok")).create();
            client.resource(configMap("words-2", "word", "plain")).create();
            Awaitility.await().untilAsserted(() -> assertThat(seen).contains("nano × 2 → ok", "plain"));
        }
    }

    @Test
    void aStaleReplaceIsAConflict() {
        ConfigMap first = client.resource(configMap("stale", "a", "1")).create();
        client.resource(new ConfigMapBuilder(first).addToData("a", "2").build()).update();
        assertThatThrownBy(() -> client.resource(
                                new ConfigMapBuilder(first).addToData("a", "3").build())
                        .update())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(409));
    }

    @Test
    void instancesOfACrdKeepSpecAndStatusApart() {
        GenericKubernetesResource gadget = new GenericKubernetesResourceBuilder()
                .withApiVersion("example.dev/v1")
                .withKind("Gadget")
                .withNewMetadata()
                .withName("g")
                .withNamespace("default")
                .endMetadata()
                .addToAdditionalProperties("spec", Map.of("scale", 2))
                .addToAdditionalProperties("status", Map.of("scale", 7))
                .build();
        GenericKubernetesResource created = client.resource(gadget).create();
        assertThat(created.getAdditionalProperties()).doesNotContainKey("status");
        assertThat(created.getMetadata().getGeneration()).isEqualTo(1);
        created.setAdditionalProperty("status", Map.of("scale", 2));
        created.setAdditionalProperty("spec", Map.of("scale", 9));
        GenericKubernetesResource updated = client.resource(created).updateStatus();
        assertThat(updated.<Object>get("spec", "scale")).isEqualTo(2);
        assertThat(updated.<Object>get("status", "scale")).isEqualTo(2);
        assertThat(updated.getMetadata().getGeneration()).isEqualTo(1);
    }

    private static ConfigMap configMap(String name, String key, String value) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .addToData(key, value)
                .build();
    }
}
