package dev.lightkeeper.sandbox.stories;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a story's manifest says where it differs from the template; pieces are YAML in flow style.
 *
 * @param settings entries of the ConfigMap
 * @param container further fields of the container
 * @param readiness path that must answer
 * @param verification further fields of the verification
 * @param bakeSeconds after the proof, how long a failing check still takes the release back
 */
record Declared(
        String image,
        int scale,
        List<String> settings,
        List<String> container,
        String readiness,
        List<String> verification,
        int bakeSeconds)
        implements Release {
    private static final int SAFE_SCALE = 2;
    private static final int SHORT_BAKE = 4;

    /** A release as the template has it. */
    static Declared release(String image) {
        return new Declared(image, SAFE_SCALE, List.of(), List.of(), "/health/ready", List.of(), SHORT_BAKE);
    }

    Declared onNodes(int nodes) {
        return new Declared(image, nodes, settings, container, readiness, verification, bakeSeconds);
    }

    Declared with(String... entries) {
        return new Declared(image, scale, List.of(entries), container, readiness, verification, bakeSeconds);
    }

    Declared container(String... fields) {
        return new Declared(image, scale, settings, List.of(fields), readiness, verification, bakeSeconds);
    }

    Declared readyAt(String path) {
        return new Declared(image, scale, settings, container, path, verification, bakeSeconds);
    }

    Declared verified(String... fields) {
        return new Declared(image, scale, settings, container, readiness, List.of(fields), bakeSeconds);
    }

    Declared baking(int seconds) {
        return new Declared(image, scale, settings, container, readiness, verification, seconds);
    }

    @Override
    public String template() {
        return "service.yaml";
    }

    @Override
    public Map<String, String> placeholders() {
        return Map.of(
                "image", image,
                "scale", Integer.toString(scale),
                "settings", String.join(", ", settings),
                "container", String.join("\n      ", container),
                "readiness", readiness,
                "verification", verification.stream().map(", "::concat).collect(Collectors.joining()),
                "bake", Integer.toString(bakeSeconds));
    }
}
