package dev.lightkeeper.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.lightkeeper.kube.KubernetesClients;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.api.Test;

/** How stored objects of this and of newer versions are read, and what is written back. */
class RecordsTest {
    private final KubernetesSerialization kubernetes = KubernetesClients.lenient();

    @Test
    void absentListsAndMapsAreEmpty() {
        ServiceDeploymentStatus status = kubernetes.unmarshal("{}", ServiceDeploymentStatus.class);

        assertThat(status.conditions()).isEmpty();
        assertThat(status.handled()).isEmpty();
        assertThat(kubernetes.asJson(status)).isEqualTo("{}");
    }

    @Test
    void anUnknownWordIsNullAndNeverADefault() {
        ServiceDeploymentSpec spec = kubernetes.unmarshal(
                "deletionPolicy: Archive\nmanagementPolicy: Enforce\n", ServiceDeploymentSpec.class);

        assertThat(spec.deletionPolicy()).isNull();
        assertThat(spec.managementPolicy()).isEqualTo(ManagementPolicy.Enforce);
    }

    @Test
    void anEmptyValueOfAVariableSurvives() {
        EnvVar variable = kubernetes.unmarshal("name: EMPTY\nvalue: ''\n", EnvVar.class);

        assertThat(variable.value()).isEmpty();
        assertThat(kubernetes.asJson(variable)).contains("\"value\":\"\"");
    }

    @Test
    void anEmptyChoiceSurvives() {
        AwsCredentials credentials = kubernetes.unmarshal("ambient: {}\n", AwsCredentials.class);

        assertThat(credentials.ambient()).isNotNull();
        assertThat(kubernetes.asJson(credentials)).contains("\"ambient\":{}");
    }

    @Test
    void mapsKeepTheOrderOfTheManifest() {
        assertThat(kubernetes
                        .unmarshal("serviceName: a\ntags: {z: '1', m: '2', a: '3'}\n", LightsailTarget.class)
                        .tags())
                .containsExactly(entry("z", "1"), entry("m", "2"), entry("a", "3"));
    }
}
