package dev.lightkeeper.simulators.aws.application;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens when a node pulls an image. */
public enum Pull {
    /** It is there and runs on this platform. */
    @JsonProperty("ok")
    OK,
    /** There is no such image; nothing but node starts appears in the log. */
    @JsonProperty("notFound")
    NOT_FOUND,
    /** It was not built for linux/amd64: it is pulled and cannot be executed. */
    @JsonProperty("wrongArchitecture")
    WRONG_ARCHITECTURE,
    /** The registry refuses; looks like an image that is not there. */
    @JsonProperty("denied")
    DENIED
}
