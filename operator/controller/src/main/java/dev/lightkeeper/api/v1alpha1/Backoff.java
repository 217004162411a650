package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;

/** Pace of the first tries after a deployment. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.initialSeconds) || !has(self.maxSeconds) || self.initialSeconds <= self.maxSeconds",
        fieldPath = ".initialSeconds",
        message = "backoff.initialSeconds must not exceed backoff.maxSeconds")
public record Backoff(
        @JsonPropertyDescription("Seconds before the second try. Default 2.") @Default("2") @Min(1) @Max(600)
        Integer initialSeconds,

        @JsonPropertyDescription("By how much each pause is longer than the one before. Default 2.")
        @Default("2")
        @Min(1)
        @Max(10)
        Integer factor,

        @JsonPropertyDescription("The longest pause in seconds. Default 30.") @Default("30") @Min(1) @Max(600)
        Integer maxSeconds) {}
