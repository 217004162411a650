package dev.lightkeeper.ec2.script;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A request to the host script, built line by line as the contract has it. */
final class Request {
    private final List<String> lines = new ArrayList<>();

    static Request of(String verb) {
        return new Request().line("version", "1").line("verb", verb);
    }

    /** A request on a service, by the resource with uid {@code uid-1}, for Docker and the user ubuntu. */
    static Request on(String verb, String service, String operation, String revision) {
        return of(verb).line("service", service).line("operation", operation).release(revision, "Docker", "ubuntu");
    }

    Request release(String revision, String runtime, String user) {
        return line("owner", "uid-1")
                .line("revision", revision)
                .line("fingerprint", "content-" + revision)
                .line("runtime", runtime)
                .line("runAs", user)
                .line("gracePeriod", "5");
    }

    Request container(String name, String image, int port) {
        return line("container", name).line("image", image).line("port", port + ":" + port);
    }

    Request env(String name, String value) {
        return line("env", name).line("value", value);
    }

    Request parameter(String name, String from) {
        return line("parameter", name).line("from", from);
    }

    Request probe(String id, int port, String path) {
        return line("probe", id).line("port", Integer.toString(port)).line("path", path);
    }

    Request line(String name, String value) {
        return line(name, value.getBytes(StandardCharsets.UTF_8));
    }

    Request line(String name, byte[] value) {
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
