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

/** A further path, asked with the period, time-out and thresholds of readiness. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EndpointCheck(
        @JsonPropertyDescription("Name of the check, shown in status.")
        @Required
        @Size(min = 1, max = 63)
        @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
        String name,

        @ValidationRule(
                value = "self.matches('^/([A-Za-z0-9._~!$&()*+,;=:@%?-][A-Za-z0-9._~!$&()*+,;=:@%?/-]*)?$')",
                message = "a path starts with one / and has no scheme, host, "
                        + "fragment, space or line break, for example /api/health")
        @JsonPropertyDescription("The path that is asked, without scheme and host.")
        @Required
        @Size(min = 1, max = 1024)
        String path,

        @JsonPropertyDescription("EC2 only: the port on the host; not set means readiness.port.")
        @Min(1)
        @Max(65535)
        @Nullable
        Integer port,

        @JsonPropertyDescription("GET (default), HEAD or OPTIONS: a check changes nothing.") @Default("GET") @Nullable
        CheckMethod method,

        @JsonPropertyDescription("Headers that are sent with the request; those of readiness are not.")
        @Size(max = 20)
        @MapList("name")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<HttpHeader> headers,

        @JsonPropertyDescription("What the answer must look like. Not set means a status of 200 to 299.") @Nullable
        Expectation expect,

        @JsonPropertyDescription("Required (default) counts; Advisory is only shown: it "
                + "never affects Ready and never causes a rollback.")
        @Default("Required")
        @Nullable
        Enforcement enforcement) {

    public EndpointCheck {
        headers = headers == null ? List.of() : List.copyOf(headers);
    }
}
