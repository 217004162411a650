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

/** Lightsail's own check. AWS itself accepts 200-499 by default, so that a 404 would count as healthy. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HealthCheck(
        @ValidationRule(
                value = "self.matches('^/([A-Za-z0-9._~!$&()*+,;=:@%?-][A-Za-z0-9._~!$&()*+,;=:@%?/-]*)?$')",
                message = "a path starts with one / and has no scheme, host, "
                        + "fragment, space or line break, for example /health/live")
        @JsonPropertyDescription("The path that is asked, without scheme and host, for example /health/live.")
        @Required
        @Size(min = 1, max = 1024)
        String path,

        @JsonPropertyDescription(
                "HTTP codes that count as healthy, 200 to 499, as list or range, quoted. Default \"200\".")
        @Default("200")
        @Size(min = 3, max = 64)
        @Pattern("^[2-4][0-9]{2}(-[2-4][0-9]{2})?(,[2-4][0-9]{2}(-[2-4][0-9]{2})?)*$")
        String successCodes,

        @JsonPropertyDescription("Seconds between two checks, 5 to 300. Default 10.") @Default("10") @Min(5) @Max(300)
        Integer intervalSeconds,

        @JsonPropertyDescription("Seconds to wait for an answer, 2 to 60. Default 5.") @Default("5") @Min(2) @Max(60)
        Integer timeoutSeconds,

        @JsonPropertyDescription("Passing checks in a row that make a node healthy. Default 2.")
        @Default("2")
        @Min(2)
        @Max(10)
        Integer healthyThreshold,

        @JsonPropertyDescription("Failing checks in a row that make a node unhealthy. Default 2.")
        @Default("2")
        @Min(2)
        @Max(10)
        Integer unhealthyThreshold) {}
