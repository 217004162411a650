package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/**
 * One container. Names and values of its environment decide whether the service works; requiredEnv is the contract
 * of its code.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.requiredEnv) || (has(self.envFrom) && size(self.envFrom) > 0) || "
                + "self.requiredEnv.all(r, has(self.env) && self.env.exists(e, e.name == r.name))",
        fieldPath = ".requiredEnv",
        messageExpression = "'required variables without a value in env: %s; set them in env or "
                + "add an envFrom source'.format([self.requiredEnv.filter(r, "
                + "!has(self.env) || !self.env.exists(e, e.name == r.name)).map(r, "
                + "r.name)])",
        message = "requiredEnv names variables that env does not set")
public record Container(
        @JsonPropertyDescription(
                "Name of the container, at most 53 lower-case letters, digits and inner hyphens (Lightsail's rule).")
        @Required
        @Size(min = 1, max = 53)
        @Pattern("^([a-z0-9]{1,2}|[a-z0-9][a-z0-9-]+[a-z0-9])$")
        String name,

        @ValidationRule(
                value = "self.contains('@sha256:') || self.matches(':[A-Za-z0-9_][A-Za-z0-9._-]*$')",
                message = "the image needs a tag or a digest: repository:tag, "
                        + "repository@sha256:<digest> or, stored at Lightsail, "
                        + ":<serviceName>.<label>.<number>")
        @ValidationRule(
                value = "!self.contains('@') || self.matches('@sha256:[0-9a-f]{64}$')",
                message = "a digest is written @sha256: and 64 hexadecimal digits")
        @ValidationRule(
                value = "!self.endsWith(':latest')",
                message =
                        "the tag `latest` is refused, since it names another image every time: use a version tag or a digest")
        @ValidationRule(
                value = "!self.startsWith(':') || self.matches('^:[a-z0-9-]+[.][a-z0-9-]+[.][0-9]+$')",
                message =
                        "an image stored at Lightsail is written :<serviceName>.<label>.<number>, for example :api.main.165")
        @JsonPropertyDescription("Image with a tag or digest; `latest` is refused. Or one stored at "
                + "Lightsail: `:<serviceName>.<label>.<number>`, of this service only.")
        @Required
        @Size(min = 1, max = 512)
        @Pattern("^[!-~]+$")
        String image,

        @ValidationRule(
                value = "self.all(a, "
                        + "!a.matches('(^|[^A-Za-z0-9_-])(ts-node|ts-node-dev|ts-node-esm|ts-node-script|tsx|tsimp|esno|babel-node|swc-node|sucrase-node|nodemon)([^A-Za-z0-9_-]|$)') "
                        + "&& !a.matches('[.][cm]?tsx?([^A-Za-z0-9_./-]|$)'))",
                message = "command must run built code: ts-node, tsx, nodemon and the like are "
                        + "refused; compile in the image build and run the result with node")
        @JsonPropertyDescription("Replaces the image's command, as an argument vector without a shell. "
                + "Development runners such as ts-node, tsx or nodemon are refused: built code "
                + "only.")
        @Size(max = 50)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<@Size(max = 1024) String> command,

        @JsonPropertyDescription("Ports that the container opens; unique over all containers.")
        @Size(max = 20)
        @MapList("containerPort")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<ContainerPort> ports,

        @JsonPropertyDescription("Environment variables, each with a value or a source. At "
                + "most 100, unique by name; they win over envFrom.")
        @Size(max = 100)
        @MapList("name")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<EnvVar> env,

        @JsonPropertyDescription(
                "Sources whose entries all become variables; later sources win over earlier ones, env wins over all.")
        @Size(max = 20)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<EnvFromSource> envFrom,

        @JsonPropertyDescription("The variables without which the code cannot work: each must be "
                + "set, resolvable and not empty, or nothing is deployed.")
        @Size(max = 50)
        @MapList("name")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<RequiredEnv> requiredEnv) {

    public Container {
        command = command == null ? List.of() : List.copyOf(command);
        ports = ports == null ? List.of() : List.copyOf(ports);
        env = env == null ? List.of() : List.copyOf(env);
        envFrom = envFrom == null ? List.of() : List.copyOf(envFrom);
        requiredEnv = requiredEnv == null ? List.of() : List.copyOf(requiredEnv);
    }
}
