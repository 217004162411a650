package dev.lightkeeper.ec2.script;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lightkeeper.ec2.script.HostWorld.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The host script with real containers, pulled from a registry on loopback, where rootful Podman works. */
@Order(1)
class RealPodmanIT {
    private static final Path BUSYBOX = Path.of("/bin/busybox");

    @TempDir
    Path folder;

    private RealHost host;
    private String registry = "";
    private int port;

    @AfterEach
    void unlinkProcesses() throws IOException {
        var _ = Files.deleteIfExists(folder.resolve("root/proc"));
    }

    @TestFactory
    Stream<DynamicTest> containers() throws IOException {
        if (!RealHost.isRoot() || !RealHost.has("podman") || !RealHost.has("runc") || !Files.isExecutable(BUSYBOX)) {
            System.out.println("Real containers are not tried: they need root, podman, runc and busybox-static.");
            return Stream.empty();
        }
        host = new RealHost(folder);
        host.command("podman", """
                if [ "$1" = run ]; then
                  shift
                  set -- run --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 "$@"
                fi
                exec /usr/bin/podman --root %s --runroot %s --runtime runc "$@"
                """.formatted(folder.resolve("storage"), folder.resolve("runroot")));
        build("0", "ENTRYPOINT [\"/bin/busybox\", \"true\"]");
        String refusal = host.refusal("podman", "run", "--rm", "oci:" + folder.resolve("registry-0"));
        if (!refusal.isEmpty()) {
            System.out.println("Real containers are not tried: Podman cannot run one here: " + refusal);
            return Stream.empty();
        }
        return Stream.of(DynamicTest.dynamicTest("a service's whole life in real containers", this::story));
    }

    private void story() throws IOException {
        port = RealHost.freePort();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.createContext("/v2/", this::serve);
        server.start();
        registry = "127.0.0.1:" + server.getAddress().getPort();
        try {
            host.environment.put(
                    "CONTAINERS_REGISTRIES_CONF",
                    Files.writeString(
                                    folder.resolve("registries.conf"),
                                    "[[registry]]\nlocation = \"" + registry + "\"\ninsecure = true\n")
                            .toString());
            build("1", "CMD [\"%d\", \"-h\", \"/www\"]".formatted(port));
            build("2", "CMD [\"%d\", \"-h\", \"/www\"]".formatted(port));
            build("3", "ENTRYPOINT [\"/bin/busybox\", \"false\"]");
            live();
        } finally {
            host.must("podman", "rm", "--all", "--force", "--time", "0");
            server.stop(0);
        }
    }

    private void live() {
        Result looked = host.run(release("inspect", "1"));
        assertThat(looked.exitCode()).as(looked.toString()).isZero();
        assertThat(looked.answer().at("/host/tools/podman").asText()).isNotEmpty();

        roll("1");
        assertThat(page()).isEqualTo("version 1\n");
        Result first = host.done(Request.of("inspect"));
        assertThat(first.process().path("state").asText()).as(first.toString()).isEqualTo("Running");
        assertThat(first.process().path("image").asText()).isEqualTo(registry + "/api:1");
        assertThat(first.process().path("digest").asText()).startsWith("sha256:");
        assertThat(first.process().path("environment").asText()).isEqualTo("Equal");
        assertThat(first.process().path("variables")).hasSize(2);
        assertThat(first.process().path("startedAt").asLong())
                .isCloseTo(System.currentTimeMillis() / 1000, Offset.offset(120L));
        // What a container says is in its log a moment later.
        Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            Result logs = host.done(Request.of("logs").line("log", "team.api"));
            assertThat(HostWorld.lines(logs.answer().at("/logs/0")))
                    .as(logs.toString())
                    .contains("response:200");
        });

        assertThat(first.process().path("logging").asText()).isEqualTo("Equal");

        roll("2");
        assertThat(page()).isEqualTo("version 2\n");
        Result second = host.done(Request.of("inspect"));
        assertThat(second.process().path("logging").asText())
                .as(second.toString())
                .isEqualTo("Equal");
        assertThat(host.must("podman", "inspect", "--format", "{{json .HostConfig.LogConfig}}", "team.api.web"))
                .contains("\"Type\":\"k8s-file\"", "\"Size\":\"5MB\"");

        host.done(release("prepare", "3"));
        Result failed = host.run(release("activate", "3"));
        assertThat(failed.code()).as(failed.toString()).isEqualTo("ExitedAtStart");
        assertThat(failed.exitCode()).isEqualTo(13);
        assertThat(page()).isEqualTo("version 2\n");

        Result missing = host.run(release("prepare", "4"));
        assertThat(missing.code()).as(missing.toString()).isEqualTo("ImageNotFound");

        host.done(Request.of("rollback").line("service", "team.api").line("operation", "r"));
        assertThat(page()).isEqualTo("version 1\n");

        host.must("podman", "kill", "team.api.web");
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> host.done(Request.of("inspect"))
                        .process()
                        .path("state")
                        .asText()
                        .equals("Exited"));
        host.done(release("activate", "1", "again"));
        assertThat(page()).isEqualTo("version 1\n");

        host.done(Request.of("remove").line("service", "team.api").line("operation", "gone"));
        assertThat(host.must("podman", "ps", "--all", "--quiet")).isBlank();
        assertThat(folder.resolve("root/var/lib/lightkeeper/team.api")).doesNotExist();
    }

    private void roll(String revision) {
        host.done(release("prepare", revision));
        host.done(release("activate", revision));
    }

    private Request release(String verb, String revision) {
        return release(verb, revision, "o" + revision);
    }

    private Request release(String verb, String revision, String operation) {
        Request request = Request.of(verb)
                .line("service", "team.api")
                .line("operation", operation)
                .line("owner", "uid-1")
                .line("revision", revision)
                .line("fingerprint", "content-" + revision)
                .line("runtime", "Podman")
                .line("runAs", "root")
                .line("gracePeriod", "1");
        if (revision.equals("2")) {
            request.line("logDriver", "k8s-file").line("logOption", "max-size=5m");
        }
        return request.container("web", registry + "/api:" + revision, port)
                .env("GREETING", "it's \"quoted\" $(date) \u00fc # no comment")
                .env("EMPTY", "");
    }

    private String page() {
        Result probed = host.done(Request.of("probe").probe("p", port, "/page"));
        assertThat(probed.answer().at("/responses/0/status").asInt())
                .as(probed.toString())
                .isEqualTo(200);
        return text(probed.answer().at("/responses/0/body").asText());
    }

    /** Builds an image of nothing but busybox, and lays it where the registry finds it. */
    private void build(String version, String lastLine) throws IOException {
        Path context = Files.createDirectories(folder.resolve("build"));
        Files.copy(BUSYBOX, context.resolve("busybox"), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(context.resolve("page"), "version " + version + "\n");
        Files.writeString(context.resolve("Containerfile"), """
                FROM scratch
                COPY busybox /bin/busybox
                COPY page /www/page
                ENTRYPOINT ["/bin/busybox", "httpd", "-f", "-v", "-p"]
                %s
                """.formatted(lastLine));
        host.must("podman", "build", "--quiet", "--tag", "localhost/built:" + version, context.toString());
        host.must(
                "podman",
                "save",
                "--quiet",
                "--format",
                "oci-dir",
                "--output",
                folder.resolve("registry-" + version).toString(),
                "localhost/built:" + version);
        host.must("podman", "rmi", "localhost/built:" + version);
    }

    /** As much of a registry as a pull needs. */
    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            Optional<byte[]> found = content(exchange.getRequestURI().getPath());
            if (found.isEmpty()) {
                byte[] error = "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"message\":\"manifest unknown\"}]}"
                        .getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(404, error.length);
                exchange.getResponseBody().write(error);
                return;
            }
            byte[] body = found.get();
            exchange.getResponseHeaders().set("Content-Type", "application/vnd.oci.image.manifest.v1+json");
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Optional<byte[]> content(String path) throws IOException {
        String last = path.substring(path.lastIndexOf('/') + 1);
        if (path.contains("/manifests/")) {
            return manifest(last);
        }
        return path.contains("/blobs/") ? blob(last) : Optional.of(new byte[0]);
    }

    private Optional<byte[]> manifest(String reference) throws IOException {
        if (reference.startsWith("sha256:")) {
            return blob(reference);
        }
        Path index = folder.resolve("registry-" + reference + "/index.json");
        if (!Files.exists(index)) {
            return Optional.empty();
        }
        JsonNode entries = HostWorld.JSON.readTree(index.toFile());
        return blob(entries.at("/manifests/0/digest").asText());
    }

    private Optional<byte[]> blob(String digest) throws IOException {
        String name = "blobs/sha256/" + digest.substring("sha256:".length());
        for (String version : new String[] {"1", "2", "3"}) {
            Path file = folder.resolve("registry-" + version).resolve(name);
            if (Files.exists(file)) {
                return Optional.of(Files.readAllBytes(file));
            }
        }
        return Optional.empty();
    }

    private static String text(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }
}
