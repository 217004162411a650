package dev.lightkeeper.ec2.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A marker in every secret is looked for wherever a secret must not be. */
class ScriptSecretsTest {
    private static final String MARKER = "m4rk3r";
    private static final List<String> FORMS = List.of(
            MARKER,
            // In base64 a marker has three looks, by where it begins.
            base64("x" + MARKER).substring(2, 8),
            base64("xx" + MARKER).substring(3, 9),
            base64(MARKER).substring(0, 8));

    private final HostWorld world = new HostWorld();
    private final List<String> seen = new ArrayList<>();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void secretsAreInEnvFilesAndNowhereElse() throws IOException {
        world.parameters.put("/team/token:1", MARKER + "-token");
        world.parameters.put("/team/registry:1", MARKER + "-registry");
        world.host.registryLogin("registry.example.com", "robot", MARKER + "-registry");
        for (String verb : List.of("prepare", "activate")) {
            run(Request.on(verb, "team.api", "o", "1")
                    .line("registryUser", "robot")
                    .line("registryParameter", "/team/registry:1")
                    .container("web", "registry.example.com/api:1", 8092)
                    .parameter("TOKEN", "/team/token:1"));
        }
        run(Request.of("inspect"));
        run(Request.of("probe").probe("r", 8092, "/healthz"));
        run(Request.of("logs").line("log", "team.api"));
        assertNothingLeaks("env.web");
    }

    @Test
    void secretsOfPm2AreInItsEcosystemFileAndNowhereElse() throws IOException {
        world.parameters.put("/team/token:1", MARKER + "-token");
        world.parameters.put("/team/git:1", "robot:" + MARKER + "-git");
        world.commit("x.git", "v1", Map.of("main.js", "// simulated-image: plain:1\n"));
        for (String verb : List.of("prepare", "activate")) {
            run(Request.of(verb)
                    .line("service", "team.x")
                    .line("operation", "o")
                    .release("1", "Pm2", "ubuntu")
                    .line("repository", "https://git.example.com/x.git")
                    .line("commit", "v1")
                    .line("credentialsParameter", "/team/git:1")
                    .line("build", "")
                    .line("argument", "env")
                    .line("process", "x")
                    .line("script", "main.js")
                    .parameter("TOKEN", "/team/token:1"));
        }
        run(Request.of("inspect"));
        run(Request.of("logs").line("log", "team.x"));
        assertNothingLeaks("ecosystem.json");
    }

    @Test
    void anOperationThatFailsTellsNoSecretEither() throws IOException {
        world.parameters.put("/team/token:1", MARKER + "\nsecond line");
        world.parameters.put("/team/registry:1", MARKER + "-wrong");
        world.host.registryLogin("registry.example.com", "robot", "right");
        Request lines =
                Request.on("prepare", "team.api", "o1", "1").container("web", "registry.example.com/api:1", 8092);
        seen.add(
                world.run(lines.parameter("TOKEN", "/team/token:1")).execution().toString());
        Request login = Request.on("prepare", "team.api", "o2", "1")
                .line("registryUser", "robot")
                .line("registryParameter", "/team/registry:1")
                .container("web", "registry.example.com/api:1", 8092);
        seen.add(world.run(login).execution().toString());
        assertThat(seen).noneMatch(ScriptSecretsTest::leaks);
    }

    private void run(Request request) {
        seen.add(world.done(request).execution().toString());
    }

    private void assertNothingLeaks(String allowedFile) throws IOException {
        assertThat(seen).as("outputs").noneMatch(ScriptSecretsTest::leaks);
        assertThat(world.host.calls())
                .as("command lines, which every user of a host can list")
                .noneMatch(call -> call.arguments().stream().anyMatch(ScriptSecretsTest::leaks));
        List<Path> leaking = new ArrayList<>();
        boolean kept = false;
        try (Stream<Path> files = Files.walk(world.host.root())) {
            for (Path file : files.filter(each -> Files.isRegularFile(each)).toList()) {
                if (leaks(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))) {
                    if (file.getFileName().toString().equals(allowedFile)) {
                        kept = true;
                    } else {
                        leaking.add(file);
                    }
                }
            }
        }
        assertThat(leaking).as("files").isEmpty();
        assertThat(kept).as("the env file has the secret").isTrue();
    }

    private static boolean leaks(String text) {
        return FORMS.stream().anyMatch(text::contains);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }
}
