package dev.lightkeeper.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.Cluster;
import dev.lightkeeper.KubeApiServer;
import dev.lightkeeper.OneAtATime;
import dev.lightkeeper.desired.Reference;
import dev.lightkeeper.failure.Failure;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.junit.jupiter.api.Test;

/** The same on a real kube-apiserver, which also knows who may do what. */
@OneAtATime
class KubernetesPortsApiServerIT extends KubernetesPortsIT {
    @Override
    Cluster cluster() {
        return KubeApiServer.shared();
    }

    @Test
    void whatMayNotBeReadIsUnreadable() {
        try (KubernetesClient admin = cluster().client();
                KubernetesClient nobody = KubernetesClients.client(new ConfigBuilder(admin.getConfiguration())
                        .withImpersonateUsername("nobody")
                        .build())) {
            assertThat(new KubernetesReferences(nobody).secret("default", "api"))
                    .isInstanceOfSatisfying(
                            Reference.Unreadable.class,
                            unreadable -> assertThat(unreadable.failure()).isInstanceOf(Failure.Denied.class));
        }
    }
}
