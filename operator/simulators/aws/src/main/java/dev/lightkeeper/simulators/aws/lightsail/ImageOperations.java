package dev.lightkeeper.simulators.aws.lightsail;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.audit.Effect;
import dev.lightkeeper.simulators.aws.http.Answer;
import dev.lightkeeper.simulators.aws.http.ApiError;
import dev.lightkeeper.simulators.aws.http.Input;
import dev.lightkeeper.simulators.aws.lightsail.StoredImages.StoredImage;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Images stored with a service. */
final class ImageOperations {
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

    private final World world;

    ImageOperations(World world) {
        this.world = world;
    }

    Answer list(Region region, Input input) {
        ContainerService service = region.service(input.required("serviceName"));
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode images = body.putArray("containerImages");
        service.images.newestFirst().forEach(i -> images.add(wire(i)));
        return Answer.read(body);
    }

    Answer register(Region region, Input input) {
        ContainerService service = region.service(input.required("serviceName"));
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.set("containerImage", wire(register(service, input.required("label"), input.required("digest"), null)));
        return new Answer(body, Effect.CREATED);
    }

    StoredImage register(ContainerService service, String label, String digest, @Nullable String behavesLike) {
        if (!Names.isContainerName(label)) {
            throw ApiError.invalidInput("The image label \"" + label + "\" is invalid.");
        }
        if (!DIGEST.matcher(digest).matches()) {
            throw ApiError.invalidInput("The image digest \"" + digest + "\" is invalid.");
        }
        if (service.images.size() >= world.quotas.storedImages()) {
            throw ApiError.invalidInput(
                    "A container service can store at most " + world.quotas.storedImages() + " images.");
        }
        return service.images.register(label, digest, world.clock.now(), behavesLike);
    }

    Answer delete(Region region, Input input) {
        ContainerService service = region.service(input.required("serviceName"));
        String reference = input.required("image");
        StoredImage image = service.images.find(reference);
        if (image == null) {
            throw ApiError.notFound("The container image does not exist: " + reference);
        }
        if (uses(service.current, service, image) || uses(service.next, service, image)) {
            throw ApiError.invalidInput("The container image " + reference
                    + " is used by a deployment of the container service and cannot be deleted.");
        }
        service.images.remove(image);
        return Answer.empty(Effect.DELETED);
    }

    private static boolean uses(@Nullable Deployment deployment, ContainerService service, StoredImage image) {
        return deployment != null
                && deployment.content.containers().values().stream()
                        .anyMatch(c ->
                                ImageReference.isStored(c.image()) && image.equals(service.images.find(c.image())));
    }

    private static ObjectNode wire(StoredImage image) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("image", image.reference())
                .put("digest", image.digest())
                .put("createdAt", ServiceWire.time(image.createdAt()));
    }
}
