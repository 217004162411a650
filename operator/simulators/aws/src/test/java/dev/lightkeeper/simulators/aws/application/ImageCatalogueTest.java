package dev.lightkeeper.simulators.aws.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lightkeeper.simulators.aws.application.RunningDeployment.Health;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageCatalogueTest {
    private static final HealthCheckSpec LIVENESS = new HealthCheckSpec("/health/live", "200", 10, 5, 2, 2);
    private static final Map<String, String> ENVIRONMENT =
            Map.of("AI_MAX_TOKENS_CHAT", "4096", "AI_MAX_TOKENS_SUMMARY", "512");

    private static ImageCatalogue load(String yaml) throws IOException {
        return ImageCatalogue.load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void theFirstPatternThatMatchesDecides() throws Exception {
        ImageCatalogue catalogue = load("""
                images:
                  - {match: ["app:1.*", "other:?"], port: 1}
                  - {match: ["app:*"], port: 2}
                """);

        assertThat(catalogue.behaviour("app:1.4").port()).isEqualTo(1);
        assertThat(catalogue.behaviour("other:7").port()).isEqualTo(1);
        assertThat(catalogue.behaviour("app:2").port()).isEqualTo(2);
        assertThat(catalogue.behaviour("myapp:2").port()).isZero();
    }

    @Test
    void anImageMayBeLikeAnApplicationWithSomeFieldsOfItsOwn() throws Exception {
        ImageCatalogue catalogue = load("""
                applications:
                  base: {port: 80, cors: {credentials: true}, endpoints: [{path: /a, status: 201}]}
                  api: {like: base, startupSeconds: 3}
                images:
                  - {match: ["api:1"], like: api, cors: {missingOnErrors: true}, endpoints: [{path: /b}]}
                  - {match: ["api:2"], like: api, cors: null}
                """);

        Behaviour first = catalogue.behaviour("api:1");
        assertThat(first.port()).isEqualTo(80);
        assertThat(first.startupSeconds()).isEqualTo(3);
        assertThat(first.cors()).isNotNull().matches(cors -> cors.credentials() && cors.missingOnErrors());
        assertThat(first.endpoints()).extracting(Route::path).containsExactly("/b", "/a");
        assertThat(catalogue.behaviour("api:2").cors()).isNull();
    }

    @Test
    void storedAndPublicImagesWithoutEntryHaveTheirOwnDefaults() throws Exception {
        ImageCatalogue catalogue = load("defaults: {stored: {pull: notFound}, public: {port: 5}}");

        assertThat(catalogue.behaviour(":api.x.9").pull()).isEqualTo(Pull.NOT_FOUND);
        assertThat(catalogue.behaviour("nginx:1").port()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "images: [{match: ['a'], prot: 80}]",
                "images: [{port: 80}]",
                "images: [{match: ['a'], envPatterns: {A: '['}}]",
                "images: [{match: ['a'], like: nobody}]",
                "{applications: {a: {like: b}, b: {like: a}}, images: [{match: ['a'], like: a}]}",
            })
    void aCatalogueThatSaysWhatNobodyUnderstandsIsRefused(String yaml) {
        assertThatThrownBy(() -> load(yaml)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anEntryThatIsPutGoesBeforeAllOthersAndCanBeTakenAway() throws Exception {
        ImageCatalogue catalogue = load("images: [{match: ['*'], port: 1}]");

        catalogue.put("app:*", Behaviour.builder().port(2).build());
        catalogue.put("app:*", Behaviour.builder().port(3).build());
        assertThat(catalogue.behaviour("app:1").port()).isEqualTo(3);

        catalogue.remove("app:*");
        assertThat(catalogue.behaviour("app:1").port()).isEqualTo(1);
    }

    @Test
    void aCatalogueIsReadFromAFile(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("images.yaml"), "images: [{match: ['a'], port: 7}]");

        assertThat(ImageCatalogue.load(file).behaviour("a").port()).isEqualTo(7);
    }

    @Test
    void aBehaviourSurvivesItsOwnBuilder() {
        Behaviour behaviour = ImageCatalogue.builtIn().behaviour(":api.flaps.1");

        assertThat(behaviour.toBuilder().build()).isEqualTo(behaviour);
    }

    @ParameterizedTest
    @CsvSource({
        ":api.soft-launch-32.162, HEALTHY, 200",
        ":api.soft-launch-32.165, HEALTHY, 200",
        "ghcr.io/acme/api:slow-start, HEALTHY, 200",
        ":api.never-listens.1, HEALTHY, 503",
        ":api.no-cors.1, HEALTHY, 200",
        ":api.database-lost-later.1, HEALTHY, 503",
        ":api.phantom-endpoint.1, HEALTHY, 200",
        ":api.undescribed.1, HEALTHY, 200",
        ":api.crashes-at-start.1, FAILED, 503",
        ":api.never-healthy.1, FAILED, 503",
        "ghcr.io/acme/api:does-not-exist, FAILED, 503",
        "ghcr.io/acme/api:1.4-arm64, FAILED, 503",
    })
    void builtInApplicationsTurnOutAsTheirIncidentsNeedThem(String image, Health health, int readiness)
            throws Exception {
        try (World world = new World(ImageCatalogue.builtIn())) {
            RunningDeployment deployment = world.deploy(image, 2, ENVIRONMENT, LIVENESS);
            world.pass(Duration.ofMinutes(20));

            assertThat(deployment.health()).isEqualTo(health);
            assertThat(world.get("/health/ready").statusCode()).isEqualTo(readiness);
        }
    }

    @Test
    void theNewReleaseDoesNotRunWithTheOldEnvironment() {
        try (World world = new World(ImageCatalogue.builtIn())) {
            RunningDeployment deployment =
                    world.deploy(":api.soft-launch-32.165", 2, Map.of("AI_MAX_TOKENS_CHAT", "4096"), LIVENESS);
            world.pass(Duration.ofMinutes(20));

            assertThat(deployment.health()).isEqualTo(Health.FAILED);
            assertThat(World.messages(deployment))
                    .contains("Error: required environment variable AI_MAX_TOKENS_SUMMARY is not set");
        }
    }

    @Test
    void aReleaseMayLackAVariableQuietly() throws Exception {
        try (World world = new World(ImageCatalogue.builtIn())) {
            RunningDeployment deployment = world.deploy(":api.needs-env-quietly.1", 1, Map.of(), LIVENESS);
            world.pass(Duration.ofMinutes(20));

            assertThat(deployment.health()).isEqualTo(Health.HEALTHY);
            assertThat(world.get("/health/ready").statusCode()).isEqualTo(503);
            assertThat(World.messages(deployment)).noneMatch(line -> line.contains("Listening"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'*a*b', xxaxxb, true",
        "'*a*b', xxaxxbc, false",
        "'a?c', abc, true",
        "'a?c', ac, false",
        "'*', '', true",
        "'a.*', axb, false",
        "'*ab', aab, true",
    })
    void aStarIsAnyCharactersAndAQuestionMarkIsOne(String pattern, String value, boolean matches) {
        assertThat(new Glob(pattern).matches(value)).isEqualTo(matches);
    }

    @Test
    void theReleaseThatNeverListensIsLiveAndNeverSaysThatItListens() throws Exception {
        try (World world = new World(ImageCatalogue.builtIn())) {
            RunningDeployment deployment = world.deploy(":api.never-listens.1", 2, ENVIRONMENT, LIVENESS);
            world.pass(Duration.ofHours(9));

            assertThat(world.get("/health/live").statusCode()).isEqualTo(200);
            assertThat(World.messages(deployment))
                    .contains("Starting Nest application...")
                    .noneMatch(line -> line.contains("Listening"));
        }
    }
}
