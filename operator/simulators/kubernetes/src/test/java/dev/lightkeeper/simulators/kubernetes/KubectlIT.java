package dev.lightkeeper.simulators.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kubectl, where there is one. */
class KubectlIT {
    @TempDir
    private Path folder;

    private KubernetesApi api;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(
                List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)).stream()
                        .anyMatch(path -> Files.isExecutable(Path.of(path, "kubectl"))),
                "kubectl is not on the path");
        api = KubernetesApi.builder().start();
        Files.writeString(folder.resolve("kubeconfig"), api.kubeconfig());
        Files.writeString(folder.resolve("gadgets.yaml"), Clients.text("/gadgets.yaml"));
        Files.writeString(folder.resolve("g.yaml"), """
                apiVersion: example.dev/v1
                kind: Gadget
                metadata: {name: g}
                spec: {scale: 2, colour: red}
                """);
    }

    @AfterEach
    void stop() {
        if (api != null) {
            api.close();
        }
    }

    @Test
    void imperativeCommandsWorkAlthoughTheySpeakProtobuf() {
        kubectl("create", "namespace", "n");
        kubectl("create", "configmap", "c", "-n", "n", "--from-literal=a=1");
        kubectl("create", "deployment", "d", "-n", "n", "--image=nginx:1", "--replicas=0");
        assertThat(kubectl("get", "configmap", "c", "-n", "n", "-o", "jsonpath={.data.a}"))
                .isEqualTo("1");
        assertThat(kubectl("get", "deploy", "d", "-n", "n")).contains("0/0");
        assertThat(kubectl("auth", "can-i", "delete", "pods")).isEqualTo("yes");
        kubectl("delete", "namespace", "n");
        assertThat(kubectl("get", "namespaces", "-o", "name")).doesNotContain("namespace/n\n");
    }

    @Test
    void aDefinedKindIsUsedLikeAnyOther() {
        kubectl("apply", "-f", "gadgets.yaml");
        kubectl("apply", "-f", "g.yaml");
        assertThat(kubectl("apply", "-f", "g.yaml")).isEqualTo("gadget.example.dev/g unchanged");
        kubectl("scale", "gd/g", "--replicas=3");
        kubectl(
                "patch",
                "gd",
                "g",
                "--subresource=status",
                "--type=merge",
                "-p",
                "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}");
        kubectl("wait", "gd/g", "--for=condition=Ready", "--timeout=10s");
        assertThat(kubectl("get", "gadgets")).containsPattern("NAME +READY +SCALE +AGE\ng +True +3");
        assertThat(kubectl("explain", "gadget.spec.colour")).contains("What it looks like.");
        assertThat(kubectl("describe", "gd", "g")).contains("Colour:  red");
        assertThat(kubectl("get", "all", "-o", "name")).contains("gadget.example.dev/g");
        kubectl("delete", "-f", "g.yaml");
    }

    private String kubectl(String... arguments) {
        List<String> command = new ArrayList<>(List.of("kubectl", "--cache-dir=" + folder.resolve("cache")));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("KUBECONFIG", folder.resolve("kubeconfig").toString());
        try {
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue())
                    .as(String.join(" ", command) + ": " + output)
                    .isZero();
            return output.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
