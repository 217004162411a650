package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Exactly one of the three sources is set. No member has a default: the list is atomic. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "[has(self.configMapRef), has(self.secretRef), has(self.ssmPath)].filter(x, x).size() == 1",
        message = "set exactly one of configMapRef, secretRef and ssmPath")
public record EnvFromSource(
        @JsonPropertyDescription("Put before each name.")
        @Size(max = 128)
        @Pattern("^([A-Za-z_][A-Za-z0-9_]*)?$")
        @Nullable
        String prefix,

        @JsonPropertyDescription("All keys of a ConfigMap in the same namespace.") @Nullable
        ConfigMapEnvSource configMapRef,

        @JsonPropertyDescription("All keys of a Secret in the same namespace. Refused on EC2.") @Nullable
        SecretEnvSource secretRef,

        @JsonPropertyDescription("All parameters directly below a path of AWS SSM Parameter Store.") @Nullable
        SsmPathSource ssmPath) {}
