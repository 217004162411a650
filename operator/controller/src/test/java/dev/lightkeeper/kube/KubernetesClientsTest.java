package dev.lightkeeper.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.junit.jupiter.api.Test;

class KubernetesClientsTest {
    private static final String LOG_OF_THE_JDK = "jdk.httpclient.HttpClient.log";

    @Test
    void theClientOfTheJdkNeverPrintsHeaders() {
        String _ = System.setProperty(LOG_OF_THE_JDK, "all");
        try (KubernetesClient _ = KubernetesClients.client(
                new ConfigBuilder().withMasterUrl("http://127.0.0.1:9/").build())) {
            assertThat(System.getProperty(LOG_OF_THE_JDK)).isNull();
        }
    }
}
