package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** One Lightsail certificate and the names of it that the service answers. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PublicDomainName(
        @JsonPropertyDescription("Name of the Lightsail certificate; it must be validated already.")
        @Required
        @Size(min = 1, max = 255)
        @Pattern("^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$")
        String certificateName,

        @JsonPropertyDescription(
                "Names on that certificate, lower case, without scheme; a name can be attached to one service only.")
        @Required
        @Size(min = 1, max = 4)
        @SetList
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<
                        @Size(min = 1, max = 253)
                        @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)+$") String>
                domainNames) {

    public PublicDomainName {
        domainNames = domainNames == null ? List.of() : List.copyOf(domainNames);
    }
}
