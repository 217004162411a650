package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;

/** A guard against increases; never against a rollback or a repair. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Spending(
        @JsonPropertyDescription(
                "Whole US dollars per month. No service is made and no power or scale raised if status.estimatedMonthlyCostUsd would exceed it. What restores, rolls back or lowers is never refused.")
        @Required
        @Min(0)
        @Max(1000000)
        Integer maxMonthlyUsd) {}
