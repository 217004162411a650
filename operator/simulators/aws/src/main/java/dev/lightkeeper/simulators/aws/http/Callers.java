package dev.lightkeeper.simulators.aws.http;

import org.jspecify.annotations.Nullable;

/** Knows whose an access key is. */
@FunctionalInterface
public interface Callers {
    /**
     * {@return who signs with this key}
     *
     * @param accessKeyId the key
     * @param sessionToken the token sent beside it; null without
     * @throws ApiError with the codes of the JSON protocols, if the key is unknown or its session has ended
     */
    Caller identify(String accessKeyId, @Nullable String sessionToken);
}
