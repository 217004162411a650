package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The operator's own check. Its period, time-out and thresholds hold for all checks of verification, too. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.timeoutSeconds) || !has(self.periodSeconds) || self.timeoutSeconds <= self.periodSeconds",
        fieldPath = ".timeoutSeconds",
        message = "readiness.timeoutSeconds must not exceed readiness.periodSeconds")
public record Readiness(
        @ValidationRule(
                value = "self.matches('^/([A-Za-z0-9._~!$&()*+,;=:@%?-][A-Za-z0-9._~!$&()*+,;=:@%?/-]*)?$')",
                message = "a path starts with one / and has no scheme, host, "
                        + "fragment, space or line break, for example /health/ready")
        @JsonPropertyDescription("The path that is asked, without scheme and host, for example /health/ready.")
        @Required
        @Size(min = 1, max = 1024)
        String path,

        @JsonPropertyDescription("One of lightsail.publicDomainNames to ask instead of the service's default address.")
        @Size(min = 1, max = 253)
        @Nullable
        String host,

        @JsonPropertyDescription(
                "EC2 only: the port on the host that is asked. Required when hosts are asked directly.")
        @Min(1)
        @Max(65535)
        @Nullable
        Integer port,

        @JsonPropertyDescription("EC2 only: Host asks on every host through SSM, Operator asks "
                + "ec2.publicUrl. Not set means Operator with publicUrl, else Host.")
        @Nullable
        ProbeOrigin from,

        @JsonPropertyDescription("Headers that are sent with the request.")
        @Size(max = 20)
        @MapList("name")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<HttpHeader> headers,

        @JsonPropertyDescription("What the answer must look like. Not set means a status of 200 to 299.") @Nullable
        Expectation expect,

        @JsonPropertyDescription("Seconds between two tries. Default 30.") @Default("30") @Min(1) @Max(3600)
        Integer periodSeconds,

        @JsonPropertyDescription("Seconds to wait for an answer; not more than periodSeconds. Default 5.")
        @Default("5")
        @Min(1)
        @Max(60)
        Integer timeoutSeconds,

        @JsonPropertyDescription("Misses in a row after which a check fails. Default 3.") @Default("3") @Min(1) @Max(20)
        Integer failureThreshold,

        @JsonPropertyDescription("Passing tries in a row after which a failing check passes again. Default 1.")
        @Default("1")
        @Min(1)
        @Max(20)
        Integer successThreshold) {

    public Readiness {
        headers = headers == null ? List.of() : List.copyOf(headers);
    }
}
