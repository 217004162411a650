package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Exactly one member is set. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "[has(self.configMapKeyRef), has(self.secretKeyRef), "
                + "has(self.ssmParameterRef)].filter(x, x).size() == 1",
        message = "set exactly one of configMapKeyRef, secretKeyRef and ssmParameterRef")
public record EnvVarSource(
        @JsonPropertyDescription("A key of a ConfigMap in the same namespace.") @Nullable
        ConfigMapKeySelector configMapKeyRef,

        @JsonPropertyDescription("A key of a Secret in the same namespace. Refused on EC2.") @Nullable
        SecretKeySelector secretKeyRef,

        @JsonPropertyDescription("A parameter of AWS SSM Parameter Store in the service's account and region.")
        @Nullable
        SsmParameterSelector ssmParameterRef) {}
