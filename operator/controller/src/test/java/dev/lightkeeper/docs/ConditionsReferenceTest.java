package dev.lightkeeper.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.flow.Scene;
import dev.lightkeeper.flow.Scenes;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every state that docs/conditions.md shows is played, seen as it has to be, and written down as it was seen. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConditionsReferenceTest {
    private final List<Scene> scenes = Scenes.all();
    private final Map<Scene, Scene.Seen> played = new HashMap<>();

    Stream<Scene> scenes() {
        return scenes.stream();
    }

    private Scene.Seen seen(Scene scene) {
        return played.computeIfAbsent(scene, Scene::play);
    }

    @ParameterizedTest
    @MethodSource("scenes")
    void everyReaderSeesWhatTheStateMeans(Scene scene) {
        assertThat(String.join(" | ", seen(scene).columns())).isEqualTo(String.join(" | ", scene.expected()));
    }

    @Test
    void theDocumentShowsWhatWasSeen() {
        Path file = Documents.DOCS.resolve("conditions.md");
        Map<Scene, Scene.Seen> inOrder = new LinkedHashMap<>();
        scenes.forEach(scene -> inOrder.put(scene, seen(scene)));
        Documents.assertGenerated(file, Documents.withGeneratedPart(file, ConditionsReference.of(inOrder)));
    }
}
