package dev.lightkeeper.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CrdsTest {
    private static final Path CRDS = Path.of("..", "..", "crds");

    static Stream<Named<CustomResourceDefinition>> crds() {
        return Stream.of(GeneratedCrds.serviceDeployment(), GeneratedCrds.awsAccount())
                .map(crd -> Named.of(crd.getMetadata().getName(), crd));
    }

    @ParameterizedTest
    @MethodSource("crds")
    void everyFieldIsDescribedBoundedAndMergeable(CustomResourceDefinition crd) {
        assertThat(SchemaLinter.problemsOf(
                        crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema()))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("crds")
    void theFileIsWhatTheRecordsSay(CustomResourceDefinition crd) throws IOException {
        Path file = CRDS.resolve(crd.getMetadata().getName() + ".yaml");
        String generated = CrdYaml.of(crd);
        if (Boolean.getBoolean("crd.update")) {
            Files.createDirectories(CRDS);
            Files.writeString(file, generated);
        }
        assertThat(Files.readString(file))
                .as("%s is out of date: write it again with -Dcrd.update=true", file.getFileName())
                .isEqualTo(generated);
    }

    /** `kubectl apply` stores the whole object in an annotation of at most 262,144 bytes. */
    @ParameterizedTest
    @MethodSource("crds")
    void clientSideApplyStillFits(CustomResourceDefinition crd) throws IOException {
        assertThat(new ObjectMapper().writeValueAsString(crd).getBytes(StandardCharsets.UTF_8))
                .hasSizeLessThan(262_144);
    }
}
