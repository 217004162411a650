package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bounds are those of the Lightsail API, anchored: its own model's name patterns are not. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.publicDomainNames) || self.publicDomainNames.map(d, size(d.domainNames)).sum() <= 4",
        fieldPath = ".publicDomainNames",
        message = "Lightsail attaches at most 4 domain names to one service, over all certificates")
public record LightsailTarget(
        @ValidationRule(
                value = "self == oldSelf",
                message = "spec.lightsail.serviceName is immutable: it names the "
                        + "service at AWS; create another ServiceDeployment")
        @JsonPropertyDescription("Name of the container service, unique among all Lightsail resources of "
                + "the region; lower-case letters, digits and inner hyphens. Immutable.")
        @Required
        @Size(min = 1, max = 63)
        @Pattern("^([a-z0-9]{1,2}|[a-z0-9][a-z0-9-]+[a-z0-9])$")
        String serviceName,

        @JsonPropertyDescription(
                "Size of each node: nano, micro, small, medium, large or xlarge. Price and memory follow from it.")
        @Required
        @Nullable
        Power power,

        @JsonPropertyDescription(
                "Own domain names, by validated Lightsail certificate. Lightsail allows 4 names per service in total.")
        @Size(max = 4)
        @MapList("certificateName")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<PublicDomainName> publicDomainNames,

        @JsonPropertyDescription("Enabled makes Lightsail create a role that may pull from private "
                + "ECR repositories; its ARN is shown in status. Default Disabled.")
        @Default("Disabled")
        @Nullable
        EcrImagePuller ecrImagePuller,

        @ValidationRule(
                value = "self.all(k, size(k) >= 1 && size(k) <= 128 && "
                        + "!k.startsWith('aws:') && "
                        + "!k.startsWith('lightkeeper.dev/'))",
                message = "tag keys have 1 to 128 characters and must not start with aws: or lightkeeper.dev/")
        @JsonPropertyDescription("AWS tags of the service; values up to 256 characters. "
                + "At most 48: AWS allows 50 and two say who owns it.")
        @Size(max = 48)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        Map<String, @Size(max = 256) String> tags) {

    public LightsailTarget {
        publicDomainNames = publicDomainNames == null ? List.of() : List.copyOf(publicDomainNames);
        tags = tags == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(tags));
    }
}
