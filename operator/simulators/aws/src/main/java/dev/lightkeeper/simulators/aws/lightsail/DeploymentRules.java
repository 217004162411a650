package dev.lightkeeper.simulators.aws.lightsail;

import dev.lightkeeper.simulators.aws.application.EndpointSpec;
import dev.lightkeeper.simulators.aws.application.HealthCheckSpec;
import dev.lightkeeper.simulators.aws.http.ApiError;
import dev.lightkeeper.simulators.aws.http.Input;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a deployment may contain, and what AWS fills in where nothing is given. */
final class DeploymentRules {
    private static final Set<String> PROTOCOLS = Set.of("HTTP", "HTTPS", "TCP", "UDP");
    private static final Set<String> PUBLIC_PROTOCOLS = Set.of("HTTP", "HTTPS");
    private static final Pattern PORT = Pattern.compile("[1-9]\\d{0,4}");
    private static final Pattern CODES = Pattern.compile("(\\d{3})(?:-(\\d{3}))?");

    private final Quotas quotas;

    DeploymentRules(Quotas quotas) {
        this.quotas = quotas;
    }

    DeploymentContent read(Input input) {
        Map<String, ContainerContent> containers = new LinkedHashMap<>();
        input.objects("containers").forEach((name, container) -> containers.put(name, container(name, container)));
        if (containers.isEmpty()) {
            throw ApiError.invalidInput("A deployment needs at least one container.");
        }
        if (containers.size() > quotas.containers()) {
            throw ApiError.invalidInput("A deployment can have at most " + quotas.containers() + " containers but has "
                    + containers.size() + ".");
        }
        Input endpoint = input.object("publicEndpoint");
        return new DeploymentContent(containers, endpoint == null ? null : endpoint(endpoint, containers));
    }

    private static ContainerContent container(String name, Input input) {
        if (!Names.isContainerName(name)) {
            throw ApiError.invalidInput("The container name \"" + name + "\" is invalid. It must have at most "
                    + Names.LONGEST_CONTAINER_NAME + " characters and match " + Names.FORM + ".");
        }
        String image = input.string("image");
        if (image == null || !ImageReference.isValid(image)) {
            throw ApiError.invalidInput("Container \"" + name + "\" has an invalid image \"" + image
                    + "\". An example of a valid image is \"nginx:latest\" or \":service.label.1\".");
        }
        Map<String, String> ports = input.strings("ports");
        ports.forEach((port, protocol) -> {
            if (!PORT.matcher(port).matches() || Integer.parseInt(port) > 65_535) {
                throw ApiError.invalidInput(
                        "Invalid port specified. Container \"" + name + "\" opens port \"" + port + "\".");
            }
            if (!PROTOCOLS.contains(protocol)) {
                throw ApiError.invalidInput("Container \"" + name + "\" has an invalid protocol \"" + protocol
                        + "\" for port " + port + ".");
            }
        });
        return new ContainerContent(image, input.stringList("command"), input.strings("environment"), ports);
    }

    private static EndpointSpec endpoint(Input input, Map<String, ContainerContent> containers) {
        String name = input.required("containerName");
        int port = input.requiredInteger("containerPort");
        ContainerContent container = containers.get(name);
        if (container == null) {
            throw ApiError.invalidInput("Invalid container specified. The public endpoint names container \"" + name
                    + "\", which is not part of the deployment.");
        }
        String protocol = container.ports().get(Integer.toString(port));
        if (protocol == null) {
            throw ApiError.invalidInput(
                    "Invalid port specified. Port " + port + " is not opened by container \"" + name + "\".");
        }
        if (!PUBLIC_PROTOCOLS.contains(protocol)) {
            throw ApiError.invalidInput("Invalid port specified. Port " + port + " of container \"" + name
                    + "\" speaks " + protocol + "; a public endpoint must speak HTTP or HTTPS.");
        }
        return new EndpointSpec(name, port, healthCheck(input.object("healthCheck")));
    }

    private static HealthCheckSpec healthCheck(@Nullable Input input) {
        if (input == null) {
            return new HealthCheckSpec("/", "200-499", 5, 2, 2, 2);
        }
        String path = input.string("path");
        String codes = input.string("successCodes");
        HealthCheckSpec check = new HealthCheckSpec(
                path == null ? "/" : path,
                codes == null ? "200-499" : codes,
                ranged(input, "intervalSeconds", 5, 5, 300),
                ranged(input, "timeoutSeconds", 2, 2, 60),
                ranged(input, "healthyThreshold", 2, 2, 10),
                ranged(input, "unhealthyThreshold", 2, 2, 10));
        if (!check.path().startsWith("/")) {
            throw ApiError.invalidInput("The health check path \"" + check.path() + "\" must start with a slash.");
        }
        for (String part : check.successCodes().split(",", -1)) {
            if (!isCodeRange(part.strip())) {
                throw ApiError.invalidInput("The health check success codes \"" + check.successCodes()
                        + "\" must be a list of codes or ranges between 200 and 499.");
            }
        }
        if (check.timeoutSeconds() >= check.intervalSeconds()) {
            throw ApiError.invalidInput("The health check time-out must be shorter than its interval.");
        }
        return check;
    }

    private static boolean isCodeRange(String part) {
        Matcher matcher = CODES.matcher(part);
        if (!matcher.matches()) {
            return false;
        }
        int from = Integer.parseInt(matcher.group(1));
        int to = matcher.group(2) == null ? from : Integer.parseInt(matcher.group(2));
        return from >= 200 && from <= to && to <= 499;
    }

    private static int ranged(Input input, String name, int otherwise, int least, int most) {
        Integer value = input.integer(name);
        if (value == null) {
            return otherwise;
        }
        if (value < least || value > most) {
            throw ApiError.invalidInput(
                    "The health check member " + name + " must be between " + least + " and " + most + ".");
        }
        return value;
    }
}
