package dev.lightkeeper.packaging;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The Helm versions that the chart is for. */
enum Helm {
    HELM_3("helm3"),
    HELM_4("helm4");

    /** Rendering asks no cluster; this is what it is told of one. */
    private static final String KUBERNETES = "1.35.0";

    private final String program;

    Helm(String program) {
        this.program = program;
    }

    Command command() {
        return Command.tool(program);
    }

    /** Against a cluster, with settings of its own. */
    Command command(Path kubeConfig, Path home) {
        return command()
                .with("KUBECONFIG", kubeConfig)
                .with("HELM_CACHE_HOME", home.resolve("cache"))
                .with("HELM_CONFIG_HOME", home.resolve("config"))
                .with("HELM_DATA_HOME", home.resolve("data"));
    }

    Command.Output template(String... arguments) {
        List<String> all = new ArrayList<>(List.of(
                "template",
                "lightkeeper",
                Repository.CHART.toString(),
                "--namespace",
                "lightkeeper",
                "--kube-version",
                KUBERNETES));
        all.addAll(List.of(arguments));
        return command().run(all, "");
    }

    /** What the chart renders, without its tests. */
    List<JsonNode> render(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--skip-tests");
        return Repository.documents(template(all.toArray(String[]::new)).orThrow());
    }

    /** A values file of the tests. */
    static Path values(String name) {
        return Path.of("src", "test", "resources", "values", name + ".yaml");
    }
}
