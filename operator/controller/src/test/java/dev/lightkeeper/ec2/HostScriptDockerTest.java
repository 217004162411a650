package dev.lightkeeper.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.ec2.HostWorld.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Containers under Docker, through the host script on a simulated host. */
class HostScriptDockerTest {
    private final HostWorld world = new HostWorld();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void aReleaseIsPreparedWithoutTouchingAnythingAndThenRunsAndAnswers() throws IOException {
        world.parameters.put("/team/token:3", "s3cret=with $(odd) \"characters\"");

        Result prepared = world.done(release("prepare", "1", "1.0"));
        assertThat(prepared.answer().path("verb").asText()).isEqualTo("prepare");
        assertThat(world.host.byHand("ubuntu", "docker", "ps", "--all")).isEmpty();
        Path env = world.host.root().resolve("var/lib/lightkeeper/team.api/releases/1/env.web");
        assertThat(env).content().isEqualTo("MODE=fast\nTOKEN=s3cret=with $(odd) \"characters\"\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(env))).isEqualTo("rw-------");
        assertThat(world.host.owner(env)).isEqualTo("ubuntu");

        Result activated = world.done(release("activate", "1", "1.0"));
        assertThat(activated.service().path("revision").asText()).isEqualTo("1");
        assertThat(activated.process().path("state").asText()).isEqualTo("Running");

        Result probed = world.done(HostRequest.of("probe").probe("readiness", 8092, "/healthz"));
        assertThat(probed.answer().at("/responses/0/status").asInt()).isEqualTo(200);
        assertThat(probed.answer().at("/responses/0/id").asText()).isEqualTo("readiness");
        assertThat(new String(
                        Base64.getDecoder().decode(probed.answer().at("/responses/0/body").asText()),
                        StandardCharsets.UTF_8))
                .isEqualTo("{\"version\":\"1.0\",\"mode\":\"fast\"}");

        Result inspected = world.done(HostRequest.of("inspect"));
        assertThat(inspected.service().path("service").asText()).isEqualTo("team.api");
        assertThat(inspected.service().path("owner").asText()).isEqualTo("uid-1");
        assertThat(inspected.service().path("fingerprint").asText()).isEqualTo("content-1");
        assertThat(inspected.process().path("image").asText()).isEqualTo("registry.example.com/api:1.0");
        assertThat(inspected.process().path("digest").asText()).startsWith("sha256:");
        assertThat(inspected.process().path("environment").asText()).isEqualTo("Equal");
        assertThat(inspected.process().path("user").asText()).isEqualTo("ubuntu");
        assertThat(inspected.process().path("startedAt").asLong())
                .isEqualTo(world.clock.now().getEpochSecond());
        assertThat(inspected.process().path("variables")).map(each -> each.asText()).containsExactly("MODE", "TOKEN");
        assertThat(inspected.answer().at("/host/tools/docker").asText()).isEqualTo("24.0.5");
        assertThat(inspected.answer().at("/host/diskFreeMiB").asInt()).isEqualTo(20_000);
        assertThat(inspected.answer().at("/host/time").asLong()).isEqualTo(world.clock.now().getEpochSecond());
    }

    private static HostRequest release(String verb, String revision, String tag) {
        return HostRequest.on(verb, "team.api", verb + "-" + revision, revision)
                .container("web", "registry.example.com/api:" + tag, 8092)
                .env("MODE", "fast")
                .parameter("TOKEN", "/team/token:3");
    }
}
