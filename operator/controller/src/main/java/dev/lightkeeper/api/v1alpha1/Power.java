package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A Lightsail power in AWS's own words. */
public enum Power {
    @JsonProperty("nano")
    Nano,
    @JsonProperty("micro")
    Micro,
    @JsonProperty("small")
    Small,
    @JsonProperty("medium")
    Medium,
    @JsonProperty("large")
    Large,
    @JsonProperty("xlarge")
    Xlarge
}
