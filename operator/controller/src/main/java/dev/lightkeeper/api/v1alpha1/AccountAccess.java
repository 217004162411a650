package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Deny by default, checked before every mutation, deletions included. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AccountAccess(
        @JsonPropertyDescription(
                "Namespaces that may use the account, by their labels; {} means all. Not set means none.")
        @Nullable
        NamespaceSelector namespaces,

        @JsonPropertyDescription("Names that services may have, with * as wildcard and "
                + "{namespace} for the namespace's name. Not set means none.")
        @Size(max = 50)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<@Size(min = 1, max = 128) @Pattern("^[a-z0-9{}*-]+$") String> serviceNamePatterns,

        @JsonPropertyDescription("SSM parameters that may be referenced, with * as wildcard and "
                + "{namespace} for the namespace's name. Not set means none.")
        @Size(max = 50)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<@Size(min = 1, max = 512) @Pattern("^/[A-Za-z0-9_.{}*/-]*$") String> parameterPaths,

        @JsonPropertyDescription("Whether a service that exists may be taken over. Default false.") @Default("false")
        Boolean allowAdoption,

        @JsonPropertyDescription("Whether a service may be deleted. Default false.") @Default("false")
        Boolean allowDeletion,

        @JsonPropertyDescription("Further hosts that checks may call, such as that of ec2.publicUrl.")
        @Size(max = 50)
        @SetList
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<@Size(min = 1, max = 253) @Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$") String> probeHosts,

        @JsonPropertyDescription("What is allowed on EC2. Not set means nothing.") @Nullable
        Ec2Access ec2) {

    public AccountAccess {
        serviceNamePatterns = serviceNamePatterns == null ? List.of() : List.copyOf(serviceNamePatterns);
        parameterPaths = parameterPaths == null ? List.of() : List.copyOf(parameterPaths);
        probeHosts = probeHosts == null ? List.of() : List.copyOf(probeHosts);
    }
}
