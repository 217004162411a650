package dev.lightkeeper.simulators.aws.host;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.host.Invocation.Answer;
import dev.lightkeeper.simulators.aws.host.Invocation.Options;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The images of one engine of one host, and the registries it is logged in to. Guarded by its host. */
final class ImageStore {
    private final SimulatedHost host;
    private final Map<String, String> imageIds = new LinkedHashMap<>();
    private final Map<String, String> logins = new LinkedHashMap<>();

    ImageStore(SimulatedHost host) {
        this.host = host;
    }

    /** The id of what was pulled by a reference. */
    String id(String reference) {
        return Objects.requireNonNull(imageIds.get(reference));
    }

    Answer pull(String image, String configuration) {
        String registry =
                image.contains("/") && image.substring(0, image.indexOf('/')).matches(".*[.:].*")
                        ? image.substring(0, image.indexOf('/'))
                        : "docker.io";
        String failure = host.pullFailure(image);
        if (failure != null) {
            return Answer.failed(failure);
        }
        String needed = host.registryLogin(registry);
        if (needed != null && !needed.equals(logins.get(configuration + " " + registry))) {
            return Answer.failed("Error response from daemon: Head \"https://" + registry + "/v2/\": no basic auth"
                    + " credentials");
        }
        return switch (host.catalogue().behaviour(image).pull()) {
            case NOT_FOUND ->
                Answer.failed("Error response from daemon: manifest for " + image
                        + " not found: manifest unknown: manifest unknown");
            case DENIED ->
                Answer.failed("Error response from daemon: pull access denied for " + image
                        + ", repository does not exist or may require 'docker login': denied: requested access to the"
                        + " resource is denied");
            default -> {
                imageIds.put(image, "sha256:" + host.digest("image " + image));
                yield Answer.ok(image + "\n");
            }
        };
    }

    Answer login(Invocation call, Options options, String configuration) {
        String registry =
                options.operands().isEmpty() ? "docker.io" : options.operands().getFirst();
        String given = options.value("--username", "-u") + ":" + call.input().stripTrailing();
        String needed = host.registryLogin(registry);
        if (needed != null && !needed.equals(given)) {
            return Answer.failed("Error response from daemon: Get \"https://" + registry + "/v2/\": unauthorized:"
                    + " incorrect username or password");
        }
        logins.put(configuration + " " + registry, given);
        host.writeLogin(configuration, registry, given);
        return Answer.ok("Login Succeeded\n");
    }

    Answer inspect(Options options) {
        String image = options.operands().getFirst();
        String reference = reference(image);
        if (reference == null) {
            return Answer.failed("Error response from daemon: No such image: " + image);
        }
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("Id", imageIds.get(reference));
        int at = reference.indexOf('@');
        int tag = reference.indexOf(':', reference.lastIndexOf('/') + 1);
        String repository = at > 0 ? reference.substring(0, at) : tag > 0 ? reference.substring(0, tag) : reference;
        node.putArray("RepoDigests")
                .add(at > 0 ? reference : repository + "@sha256:" + host.digest("digest " + reference));
        String format = options.value("-f", "--format");
        return Answer.ok(
                format == null
                        ? JsonNodeFactory.instance.arrayNode().add(node) + "\n"
                        : GoTemplate.render(format, node) + "\n");
    }

    Answer list() {
        return Answer.ok(imageIds.entrySet().stream()
                .map(image -> image.getKey() + " " + image.getValue() + "\n")
                .collect(Collectors.joining()));
    }

    Answer remove(String image, Predicate<String> used) {
        String reference = reference(image);
        if (reference == null) {
            return Answer.failed("Error response from daemon: No such image: " + image);
        }
        String id = imageIds.get(reference);
        if (used.test(id)) {
            return Answer.failed("Error response from daemon: conflict: unable to delete " + image
                    + " (cannot be forced) - image is being used by a container");
        }
        imageIds.values().remove(id);
        return Answer.ok("Deleted: " + id + "\n");
    }

    /** The reference that an image was pulled by; null when it is not on this host. */
    @Nullable
    String reference(String image) {
        return imageIds.entrySet().stream()
                .filter(known ->
                        known.getKey().equals(image) || known.getValue().equals(image))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }
}
