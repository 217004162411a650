package dev.lightkeeper.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lightkeeper.api.v1alpha1.AwsAccountStatus;
import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.flow.AsTold;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.junit.jupiter.api.Test;

class StatusBoundsTest {
    private static final KubernetesSerialization JSON = KubernetesClients.lenient();
    private static final JSONSchemaProps SERVICE_DEPLOYMENT = SchemaCheck.status("servicedeployments");
    private static final JSONSchemaProps AWS_ACCOUNT = SchemaCheck.status("awsaccounts");

    @Property(tries = 100, seed = "20261128")
    @AddLifecycleHook(AsTold.class)
    void anyStatusFitsItsSchema(@ForAll long seed) {
        ServiceDeploymentStatus any = new AnyRecord(new Random(seed)).of(ServiceDeploymentStatus.class);

        assertThat(SchemaCheck.errors(json(StatusBounds.clamp(any)), SERVICE_DEPLOYMENT))
                .isEmpty();
    }

    @Property(tries = 100, seed = "20261128")
    @AddLifecycleHook(AsTold.class)
    void anyStatusOfAnAccountFitsItsSchema(@ForAll long seed) {
        AwsAccountStatus any = new AnyRecord(new Random(seed)).of(AwsAccountStatus.class);

        assertThat(SchemaCheck.errors(json(StatusBounds.clamp(any)), AWS_ACCOUNT))
                .isEmpty();
    }

    @Property(tries = 100, seed = "20261128")
    @AddLifecycleHook(AsTold.class)
    void clampingTwiceIsClampingOnceAndSurvivesTheWire(@ForAll long seed) {
        ServiceDeploymentStatus once =
                StatusBounds.clamp(new AnyRecord(new Random(seed)).of(ServiceDeploymentStatus.class));

        assertThat(StatusBounds.clamp(once)).isEqualTo(once);
        assertThat(JSON.unmarshal(JSON.asJson(once), ServiceDeploymentStatus.class))
                .isEqualTo(once);
    }

    @Test
    void aLongMessageIsCutAndTheConditionStays() {
        Condition ready = clamped(
                        new Condition("Ready", ConditionStatus.True, 1L, Instant.EPOCH, "Verified", "x".repeat(2000)))
                .getFirst();

        assertThat(ready.message()).hasSize(1024).endsWith("x…");
    }

    @Test
    void aConditionThatCannotFitIsLeftOutAndTheOthersStay() {
        assertThat(clamped(
                        new Condition("Ready", ConditionStatus.True, 1L, Instant.EPOCH, "not a reason", ""),
                        new Condition("Synced", ConditionStatus.True, 1L, Instant.EPOCH, "InSync", "")))
                .extracting(Condition::type)
                .containsExactly("Synced");
    }

    @Test
    void ofTwoConditionsOfOneTypeTheFirstStays() {
        assertThat(clamped(
                        new Condition("Ready", ConditionStatus.True, 1L, Instant.EPOCH, "Verified", "first"),
                        new Condition("Ready", ConditionStatus.False, 1L, Instant.EPOCH, "Verified", "second")))
                .extracting(Condition::message)
                .containsExactly("first");
    }

    @Test
    void timesHaveWholeSeconds() {
        assertThat(clamped(new Condition(
                                "Ready",
                                ConditionStatus.True,
                                1L,
                                Instant.parse("2026-01-02T03:04:05.678Z"),
                                "Verified",
                                ""))
                        .getFirst()
                        .lastTransitionTime())
                .isEqualTo(Instant.parse("2026-01-02T03:04:05Z"));
    }

    private static List<Condition> clamped(Condition... conditions) {
        return StatusBounds.clamp(new AwsAccountStatus(1L, List.of(conditions), null, null, null))
                .conditions();
    }

    private static JsonNode json(Record status) {
        return JSON.convertValue(status, JsonNode.class);
    }
}
