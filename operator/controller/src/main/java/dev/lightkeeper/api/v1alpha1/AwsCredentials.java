package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Exactly one member is set. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "[has(self.ambient), has(self.assumeRole), has(self.secretRef)].filter(x, x).size() == 1",
        message = "set exactly one of ambient, assumeRole and secretRef (ambient is written ambient: {})")
public record AwsCredentials(
        @JsonPropertyDescription("The operator's own identity: IRSA, EKS Pod Identity, "
                + "instance role or its environment. Written ambient: {}.")
        @Nullable
        AmbientCredentials ambient,

        @JsonPropertyDescription("A role that the operator's own identity assumes.") @Nullable
        AssumeRole assumeRole,

        @JsonPropertyDescription(
                "Static keys in a Secret with aws_access_key_id, aws_secret_access_key and perhaps aws_session_token.")
        @Nullable
        SecretReference secretRef) {}
