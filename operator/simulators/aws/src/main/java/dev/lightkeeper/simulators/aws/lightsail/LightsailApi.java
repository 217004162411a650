package dev.lightkeeper.simulators.aws.lightsail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.http.Answer;
import dev.lightkeeper.simulators.aws.http.ApiError;
import dev.lightkeeper.simulators.aws.http.Call;
import dev.lightkeeper.simulators.aws.http.Input;
import dev.lightkeeper.simulators.aws.http.Protocol;
import dev.lightkeeper.simulators.aws.http.ServiceApi;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The container-service part of the Lightsail API, version 2016-11-28. */
public final class LightsailApi implements ServiceApi {
    /** What stands before the dot in {@code X-Amz-Target}. */
    public static final String TARGET_PREFIX = "Lightsail_20161128";

    /** Every operation that is simulated. */
    public static final List<String> OPERATIONS = List.of(
            "CreateContainerService",
            "UpdateContainerService",
            "DeleteContainerService",
            "GetContainerServices",
            "CreateContainerServiceDeployment",
            "GetContainerServiceDeployments",
            "GetContainerImages",
            "RegisterContainerImage",
            "DeleteContainerImage",
            "GetContainerLog",
            "GetContainerServiceMetricData",
            "GetContainerServicePowers",
            "CreateContainerServiceRegistryLogin",
            "GetContainerAPIMetadata",
            "TagResource",
            "UntagResource");

    private final World world;
    private final ServiceOperations services;
    private final TagOperations tags;
    private final ImageOperations images;
    private final ObservationOperations observations;
    private final AccountOperations account;

    LightsailApi(World world, ServiceOperations services, ImageOperations images) {
        this.world = world;
        this.services = services;
        this.images = images;
        this.tags = new TagOperations(world);
        this.observations = new ObservationOperations(world);
        this.account = new AccountOperations(world);
    }

    @Override
    public String signingName() {
        return "lightsail";
    }

    @Override
    public Protocol protocol() {
        return Protocol.JSON;
    }

    @Override
    public boolean explainsErrors() {
        return true;
    }

    @Override
    public @Nullable String target(ObjectNode input) {
        String name = input.path("serviceName").textValue();
        return name == null ? input.path("resourceName").textValue() : name;
    }

    @Override
    public Answer call(Call call) {
        return world.locked(() -> locked(call));
    }

    private Answer locked(Call call) {
        Region region = world.region(new Scope(call.signer().account(), call.region()));
        Input input = new Input(call.input(), ApiError::invalidInput);
        return switch (call.operation()) {
            case "CreateContainerService" -> services.create(region, input);
            case "UpdateContainerService" -> services.update(region, input);
            case "DeleteContainerService" -> services.delete(region, input);
            case "GetContainerServices" -> services.get(region, input, call.asOf());
            case "CreateContainerServiceDeployment" -> services.deploy(region, input);
            case "GetContainerServiceDeployments" -> services.deployments(region, input, call.asOf());
            case "GetContainerImages" -> images.list(region, input);
            case "RegisterContainerImage" -> images.register(region, input);
            case "DeleteContainerImage" -> images.delete(region, input);
            case "GetContainerLog" -> observations.log(region, input);
            case "GetContainerServiceMetricData" -> observations.metrics(region, input);
            case "GetContainerServicePowers" -> account.powers();
            case "CreateContainerServiceRegistryLogin" -> account.registryLogin(region);
            case "GetContainerAPIMetadata" -> account.metadata();
            case "TagResource" -> tags.tag(region, input);
            case "UntagResource" -> tags.untag(region, input);
            default ->
                throw new ApiError(
                        400, "UnknownOperationException", "This simulator has no operation " + call.operation() + ".");
        };
    }
}
