package dev.lightkeeper.ec2.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.ec2.script.HostWorld.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The host script with a real pm2 and real Node processes, where both are on the PATH. */
@Order(2)
class RealPm2IT {
    private static final String PROGRAM = """
            const http = require("http");
            console.log("VERSION listens");
            http.createServer((request, response) => response.end(JSON.stringify({
              version: "VERSION", greeting: process.env.GREETING, removed: process.env.REMOVED
            }))).listen(process.env.PORT, "127.0.0.1");
            """;
    private static final String GREETING = "it's \"quoted\"\n$(date) \\ \u00fc";

    @TempDir
    Path folder;

    private RealHost host;
    private int port;

    @AfterEach
    void unlinkProcesses() throws IOException {
        var _ = Files.deleteIfExists(folder.resolve("root/proc"));
    }

    @TestFactory
    Stream<DynamicTest> processes() {
        if (!RealHost.isRoot() || !RealHost.has("pm2") || !RealHost.has("node")) {
            System.out.println("A real pm2 is not tried: it needs root, node and pm2.");
            return Stream.empty();
        }
        return Stream.of(DynamicTest.dynamicTest("a service's whole life under a real pm2", this::story));
    }

    private void story() throws IOException {
        host = new RealHost(folder);
        host.environment.put("PM2_HOME", folder.resolve("pm2").toString());
        host.environment.put("GIT_CONFIG_COUNT", "1");
        host.environment.put("GIT_CONFIG_KEY_0", "url.file://" + folder + "/.insteadOf");
        host.environment.put("GIT_CONFIG_VALUE_0", "https://git.example.com/");
        host.environment.put("GIT_ALLOW_PROTOCOL", "file");
        port = RealHost.freePort();
        host.must(
                "git",
                "init",
                "--quiet",
                "--initial-branch=main",
                folder.resolve("brain.git").toString());
        commit("v1", PROGRAM.replace("VERSION", "one"));
        commit("v2", PROGRAM.replace("VERSION", "two"));
        commit("v3", "process.exit(3)\n");
        try {
            live();
        } finally {
            host.must("pm2", "kill");
        }
    }

    private void live() {
        roll(release("prepare", "1").env("REMOVED", "x"), release("activate", "1"));
        assertThat(page()).contains("\"version\":\"one\"", "\"removed\":\"x\"");
        Result first = host.done(Request.of("inspect"));
        assertThat(first.process().path("state").asText()).as(first.toString()).isEqualTo("Running");
        assertThat(first.process().path("user").asText()).isEqualTo("root");
        assertThat(first.process().path("environment").asText()).isEqualTo("Equal");
        assertThat(first.process().path("variables")).hasSize(3);
        assertThat(first.service().path("dirty").asBoolean()).isFalse();

        // Another set of variables: pm2 would keep the one that is gone if it only reloaded.
        roll(release("prepare", "2"), release("activate", "2"));
        assertThat(page()).contains("\"version\":\"two\"").doesNotContain("removed");
        // pm2 writes what a process says a moment later.
        Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            Result logs = host.done(Request.of("logs").line("log", "team.brain"));
            assertThat(HostWorld.lines(logs.answer().at("/logs/0")))
                    .as(logs.toString())
                    .isEqualTo("one listens\ntwo listens\n");
        });

        // The same shape: pm2 reloads.
        roll(release("prepare", "21"), release("activate", "21"));
        assertThat(page()).contains("\"version\":\"one\"");

        host.done(release("prepare", "3"));
        Result failed = host.run(release("activate", "3"));
        assertThat(failed.code()).as(failed.toString()).isEqualTo("ExitedAtStart");
        assertThat(page()).contains("\"version\":\"one\"");

        host.done(Request.of("rollback").line("service", "team.brain").line("operation", "r"));
        assertThat(page()).contains("\"version\":\"two\"");

        // Two instances share the port.
        roll(release("prepare", "4").line("instances", "2"), release("activate", "4"));
        assertThat(page()).contains("\"version\":\"two\"");
        assertThat(host.done(Request.of("inspect")).process().path("state").asText())
                .isEqualTo("Running");

        host.must("pm2", "stop", "team.brain.brain-api");
        assertThat(host.done(Request.of("inspect")).process().path("state").asText())
                .isEqualTo("Exited");

        host.done(Request.of("remove").line("service", "team.brain").line("operation", "gone"));
        assertThat(host.must("pm2", "jlist").strip()).endsWith("[]");
        assertThat(folder.resolve("root/var/lib/lightkeeper/team.brain")).doesNotExist();
    }

    private void roll(Request prepare, Request activate) {
        host.done(prepare);
        host.done(activate);
    }

    private Request release(String verb, String revision) {
        String tag = switch (revision) {
            case "1", "21" -> "v1";
            case "3" -> "v3";
            default -> "v2";
        };
        return Request.of(verb)
                .line("service", "team.brain")
                .line("operation", "o" + revision)
                .line("owner", "uid-1")
                .line("revision", revision)
                .line("fingerprint", "content-" + revision)
                .line("runtime", "Pm2")
                .line("runAs", "root")
                .line("gracePeriod", "2")
                .line("repository", "https://git.example.com/brain.git")
                .line("commit", tag)
                .line("process", "brain-api")
                .line("script", "brain.js")
                .line("port", Integer.toString(port))
                .env("PORT", Integer.toString(port))
                .env("GREETING", GREETING);
    }

    private void commit(String tag, String program) throws IOException {
        String repository = folder.resolve("brain.git").toString();
        Files.writeString(folder.resolve("brain.git/brain.js"), program);
        host.must("git", "-C", repository, "add", "--all");
        host.must(
                "git",
                "-C",
                repository,
                "-c",
                "user.name=t",
                "-c",
                "user.email=t@example.com",
                "commit",
                "--quiet",
                "-m",
                tag);
        host.must("git", "-C", repository, "tag", tag);
    }

    private String page() {
        Result probed = Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> host.done(Request.of("probe").probe("p", port, "/")),
                        result -> result.answer().at("/responses/0/status").asInt() == 200);
        return text(probed.answer().at("/responses/0/body").asText());
    }

    private static String text(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }
}
