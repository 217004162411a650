package dev.lightkeeper.ec2;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A request to the host script, built line by line as the contract has it. */
final class HostRequest {
    private final List<String> lines = new ArrayList<>();

    static HostRequest of(String verb) {
        return new HostRequest().line("version", "1").line("verb", verb);
    }

    /** A request on a service, by the resource with uid {@code uid-1}, for Docker and the user ubuntu. */
    static HostRequest on(String verb, String service, String operation, String revision) {
        return of(verb).line("service", service).line("operation", operation).release(revision, "Docker", "ubuntu");
    }

    HostRequest release(String revision, String runtime, String user) {
        return line("owner", "uid-1")
                .line("revision", revision)
                .line("fingerprint", "content-" + revision)
                .line("runtime", runtime)
                .line("runAs", user)
                .line("gracePeriod", "5");
    }

    HostRequest container(String name, String image, int port) {
        return line("container", name).line("image", image).line("port", port + ":" + port);
    }

    HostRequest env(String name, String value) {
        return line("env", name).line("value", value);
    }

    HostRequest parameter(String name, String from) {
        return line("parameter", name).line("from", from);
    }

    HostRequest probe(String id, int port, String path) {
        return line("probe", id).line("port", Integer.toString(port)).line("path", path);
    }

    HostRequest line(String name, String value) {
        return line(name, value.getBytes(StandardCharsets.UTF_8));
    }

    HostRequest line(String name, byte[] value) {
        lines.add(name + " " + Base64.getEncoder().encodeToString(value));
        return this;
    }

    /** The text that SSM delivers. */
    String script(String hostScript) {
        String request = Base64.getEncoder()
                .encodeToString((String.join("\n", lines) + "\n").getBytes(StandardCharsets.US_ASCII));
        return "LIGHTKEEPER_REQUEST=" + request + "\n" + hostScript;
    }
}
