package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A process under Pm2. Its secrets come from SSM parameters, fetched on the host. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.requiredEnv) || self.requiredEnv.all(r, "
                + "has(self.env) && self.env.exists(e, e.name == r.name))",
        fieldPath = ".requiredEnv",
        messageExpression = "'required variables without a value in env: "
                + "%s'.format([self.requiredEnv.filter(r, !has(self.env) || !self.env.exists(e, "
                + "e.name == r.name)).map(r, r.name)])",
        message = "requiredEnv names variables that env does not set")
@ValidationRule(
        value = "!has(self.env) || self.env.all(e, !has(e.valueFrom) || !has(e.valueFrom.secretKeyRef))",
        fieldPath = ".env",
        message = "secretKeyRef is refused on EC2: put the value into SSM Parameter Store and use ssmParameterRef")
public record Pm2Process(
        @JsonPropertyDescription("Name of the process.")
        @Required
        @Size(min = 1, max = 53)
        @Pattern("^([a-z0-9]{1,2}|[a-z0-9][a-z0-9-]+[a-z0-9])$")
        String name,

        @ValidationRule(
                value = "self.matches('^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$') && !self.matches('(^|/)[.][.](/|$)')",
                message = "script is a path relative to the checkout without .., for example dist/main.js")
        @ValidationRule(
                value = "!self.matches('[.][cm]?tsx?$') && !self.matches('(^|/)(ts-node|ts-node-dev|tsx|nodemon)$')",
                message = "script must be built code: TypeScript sources, ts-node, tsx and the like are "
                        + "refused; compile in ec2.build and name the result, for example dist/main.js")
        @JsonPropertyDescription(
                "The built script relative to the checkout, for example dist/main.js. TypeScript sources are refused.")
        @Required
        @Size(min = 1, max = 256)
        String script,

        @JsonPropertyDescription("The port on which it listens, if any.") @Min(1) @Max(65535) @Nullable
        Integer port,

        @JsonPropertyDescription("How many instances Pm2 starts on each host. Default 1.")
        @Default("1")
        @Min(1)
        @Max(32)
        Integer instances,

        @JsonPropertyDescription("Environment variables, each with a value or a source; secretKeyRef is refused.")
        @Size(max = 100)
        @MapList("name")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<EnvVar> env,

        @JsonPropertyDescription("The variables without which the code cannot work.")
        @Size(max = 50)
        @MapList("name")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<RequiredEnv> requiredEnv) {

    public Pm2Process {
        env = env == null ? List.of() : List.copyOf(env);
        requiredEnv = requiredEnv == null ? List.of() : List.copyOf(requiredEnv);
    }
}
