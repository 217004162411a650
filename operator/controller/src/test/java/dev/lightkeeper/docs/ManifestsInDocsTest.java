package dev.lightkeeper.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.lightkeeper.api.v1alpha1.AwsAccountSpec;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Whoever copies a manifest from the documentation gets one that the API knows. */
class ManifestsInDocsTest {
    private static final Pattern BLOCK = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);
    private static final ObjectMapper YAML = new YAMLMapper();
    private static final ObjectMapper STRICT = new YAMLMapper()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .findAndRegisterModules();
    private static final Map<String, Class<?>> SPECS =
            Map.of("ServiceDeployment", ServiceDeploymentSpec.class, "AwsAccount", AwsAccountSpec.class);

    private record Manifest(Path file, JsonNode tree) {
        String kind() {
            return tree.path("kind").asText();
        }
    }

    @Test
    void theReadmeHasAManifestOfEachKind() throws IOException {
        assertThat(manifests())
                .filteredOn(manifest -> Objects.requireNonNull(manifest.file().getFileName())
                        .toString()
                        .equals("README.md"))
                .extracting(Manifest::kind)
                .contains("ServiceDeployment", "AwsAccount");
    }

    @TestFactory
    Stream<DynamicTest> everyManifestIsReadWithoutAnUnknownField() throws IOException {
        return manifests().stream()
                .map(manifest -> DynamicTest.dynamicTest(
                        "%s in %s".formatted(manifest.kind(), manifest.file()), () -> check(manifest)));
    }

    private static void check(Manifest manifest) throws IOException {
        assertThat(manifest.tree().path("apiVersion").asText()).isEqualTo("lightkeeper.dev/v1alpha1");
        assertThat(manifest.tree().at("/metadata/name").asText()).isNotEmpty();
        Class<?> spec = Objects.requireNonNull(SPECS.get(manifest.kind()));
        assertThat((Object) STRICT.treeToValue(manifest.tree().get("spec"), spec))
                .isNotNull();
    }

    private static List<Manifest> manifests() throws IOException {
        List<Manifest> manifests = new ArrayList<>();
        for (Path file : Documents.all()) {
            Matcher block = BLOCK.matcher(Documents.read(file));
            while (block.find()) {
                try (MappingIterator<JsonNode> documents =
                        YAML.readerFor(JsonNode.class).readValues(block.group(1))) {
                    while (documents.hasNext()) {
                        Manifest manifest = new Manifest(file, documents.next());
                        if (SPECS.containsKey(manifest.kind())) {
                            manifests.add(manifest);
                        }
                    }
                }
            }
        }
        return manifests;
    }
}
