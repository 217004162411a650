package dev.lightkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Annotations;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class TriggerFilterTest {
    static final Iterable<String> TRIGGERS = Annotations.TRIGGERS;

    @ParameterizedTest
    @FieldSource("TRIGGERS")
    void ourAnnotationsWake(String annotation) {
        assertThat(wakes(metadata -> metadata.addToAnnotations(annotation, "now")))
                .isTrue();
    }

    @Test
    void fluxCanAskForARun() {
        assertThat(TRIGGERS).contains("reconcile.fluxcd.io/requestedAt");
    }

    @Test
    void specDeletionAndFinalizersWake() {
        assertThat(wakes(metadata -> metadata.withGeneration(2L))).isTrue();
        assertThat(wakes(metadata -> metadata.withDeletionTimestamp("2026-01-01T00:00:00Z")))
                .isTrue();
        assertThat(wakes(metadata -> metadata.addToFinalizers("lightkeeper.dev/finalizer")))
                .isTrue();
    }

    @Test
    void statusAndForeignMetadataDoNotWake() {
        assertThat(wakes(metadata -> metadata.withResourceVersion("2"))).isFalse();
        assertThat(wakes(metadata -> metadata.addToLabels("team", "core"))).isFalse();
        assertThat(wakes(metadata -> metadata.addToAnnotations("example.com/note", "x")))
                .isFalse();
    }

    @Test
    void anAnnotationThatGoesAwayWakes() {
        ServiceDeployment with = resource(metadata -> metadata.addToAnnotations(Annotations.SUSPEND, "true"));

        assertThat(new TriggerFilter().accept(resource(UnaryOperator.identity()), with))
                .isTrue();
    }

    private static boolean wakes(UnaryOperator<ObjectMetaBuilder> change) {
        return new TriggerFilter().accept(resource(change), resource(UnaryOperator.identity()));
    }

    private static ServiceDeployment resource(UnaryOperator<ObjectMetaBuilder> change) {
        ServiceDeployment resource = new ServiceDeployment();
        resource.setMetadata(change.apply(new ObjectMetaBuilder()
                        .withName("api")
                        .withGeneration(1L)
                        .withResourceVersion("1"))
                .build());
        return resource;
    }
}
