package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** A CORS preflight that the service must allow. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CorsCheck(
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

        @ValidationRule(
                value = "self.matches('^https?://[A-Za-z0-9.-]+(:[0-9]+)?$')",
                message = "an origin is scheme, host and perhaps port, without a path: https://app.example.com")
        @JsonPropertyDescription("The origin that must be allowed, for example https://app.example.com.")
        @Required
        @Size(min = 1, max = 255)
        String origin,

        @JsonPropertyDescription("The method that must be allowed for that origin. Default GET.")
        @Default("GET")
        @Nullable
        CorsMethod method,

        @JsonPropertyDescription("Required (default) counts; Advisory is only shown: it "
                + "never affects Ready and never causes a rollback.")
        @Default("Required")
        @Nullable
        Enforcement enforcement) {}
