package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * How hosts log in at the registry of their images. It says how a release is fetched and not what it is: another user or a
 * rotated password makes no new revision, and is used from the next pull on.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RegistryCredentials(
        @JsonPropertyDescription("The user name at the registry.")
        @Required
        @Size(min = 1, max = 128)
        @Pattern("^[A-Za-z0-9_][A-Za-z0-9._@+$-]*$")
        String username,

        @JsonPropertyDescription("Name of the SSM parameter that holds the password or token; each host reads its "
                + "newest version by the instance role when it pulls. access.parameterPaths must allow it.")
        @Required
        @Size(min = 1, max = 1011)
        @Pattern("^/[A-Za-z0-9_./-]+$")
        String passwordParameter) {}
