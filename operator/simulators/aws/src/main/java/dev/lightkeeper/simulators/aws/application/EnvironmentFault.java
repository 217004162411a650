package dev.lightkeeper.simulators.aws.application;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What an application does when its environment is not as it needs it. */
public enum EnvironmentFault {
    /** Names the variable and exits with 1. */
    @JsonProperty("exit")
    EXIT,
    /** Names the variable, listens, and never becomes ready. */
    @JsonProperty("neverReady")
    NEVER_READY
}
