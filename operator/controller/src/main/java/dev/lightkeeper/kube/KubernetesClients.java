package dev.lightkeeper.kube;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/**
 * Makes clients that read leniently: a field or an enum value of a newer API version is left out rather than refused,
 * since one such object would otherwise stop list and watch, and with them the operator.
 */
public final class KubernetesClients {
    private static final int LEASE_TIMEOUT_MILLIS = 3_000;
    private static final String LOG_OF_THE_JDK = "jdk.httpclient.HttpClient.log";

    private KubernetesClients() {}

    /** The configuration that the pod or the user's kubeconfig gives. */
    public static Config ambient() {
        return Config.autoConfigure(null);
    }

    /** For everything but the lease. */
    public static KubernetesClient client(Config config) {
        return build(new ConfigBuilder(config)
                .withUserAgent("lightkeeper")
                .withRequestTimeout(10_000)
                .withConnectionTimeout(5_000)
                .withRequestRetryBackoffLimit(2)
                .build());
    }

    /**
     * For the lease only: short time-outs and no retries, or a hung API server would hide the renew deadline and the
     * leader would never step down.
     */
    public static KubernetesClient leaseClient(Config config) {
        return build(new ConfigBuilder(config)
                .withUserAgent("lightkeeper-lease")
                .withRequestTimeout(LEASE_TIMEOUT_MILLIS)
                .withConnectionTimeout(LEASE_TIMEOUT_MILLIS)
                .withRequestRetryBackoffLimit(0)
                .build());
    }

    /** Serialization that ignores what this version of the operator does not know. */
    public static KubernetesSerialization lenient() {
        return new KubernetesSerialization(
                new ObjectMapper()
                        .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
                        .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL),
                true);
    }

    private static KubernetesClient build(Config config) {
        // Where a JVM is started with it, the client of the JDK prints headers, and with them the operator's token.
        String _ = System.clearProperty(LOG_OF_THE_JDK);
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientFactory(new JdkHttpClientFactory())
                .withKubernetesSerialization(lenient())
                .build();
    }
}
