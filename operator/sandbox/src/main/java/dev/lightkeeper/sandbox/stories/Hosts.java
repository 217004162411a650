package dev.lightkeeper.sandbox.stories;

import dev.lightkeeper.simulators.aws.AwsSimulator;
import dev.lightkeeper.simulators.aws.host.SimulatedHost;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The EC2 hosts of a story's service, as people in a session on them see and treat them. */
record Hosts(Stage stage, AwsSimulator aws, String region) {
    private static final int PORT = 8092;
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Pattern VERSION = Pattern.compile("\"version\":\"([^\"]*)\"");

    /** All of them. */
    List<SimulatedHost> all() {
        return aws.ec2(region).instances().stream()
                .filter(instance -> stage.service().equals(instance.tags().get("Service")))
                .map(instance -> aws.host(region, instance.id()))
                .toList();
    }

    /** Waits until every host answers as that version. */
    void answer(String version) throws InterruptedException {
        stage.await(
                "version %s answering on every host".formatted(version),
                () -> all().stream().allMatch(host -> version(host).equals(version)));
    }

    /** What a host's service says of itself; empty when it says nothing, or takes too long. */
    static String version(SimulatedHost host) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI page =
                    URI.create("http://%s:%d/version".formatted(host.address().getHostAddress(), PORT));
            HttpRequest request = HttpRequest.newBuilder(page).timeout(LONGEST).build();
            String body =
                    client.send(request, HttpResponse.BodyHandlers.ofString()).body();
            Matcher version = VERSION.matcher(body);
            return version.find() ? version.group(1) : "";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    /** That revision's containers have been started on one host, and never on another. */
    void startedOneOnly(String revision) {
        long started = all().stream()
                .filter(host -> host.calls().stream()
                        .map(SimulatedHost.Called::arguments)
                        .anyMatch(arguments -> arguments.contains("run")
                                && arguments.contains("dev.lightkeeper.revision=" + revision)))
                .count();
        if (started != 1) {
            throw new StoryBroken(
                    "revision %s started on one host only".formatted(revision), "started on %d".formatted(started));
        }
    }

    /** A person's edit of a file below the service's folder on a host. */
    void edit(SimulatedHost host, String file) {
        try {
            Files.writeString(
                    host.root().resolve(stage.folderOnHosts()).resolve(file),
                    "// a quick fix\n",
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new IllegalStateException(file, e);
        }
    }
}
