package dev.lightkeeper.simulators.aws.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request as it arrived.
 *
 * @param authorization header; null without
 * @param target {@code X-Amz-Target}; null without
 * @param securityToken {@code X-Amz-Security-Token}; null without
 * @param invocationId {@code amz-sdk-invocation-id}; null without
 * @param sdkRequest {@code amz-sdk-request}; null without
 * @param body bytes
 */
@SuppressWarnings("ArrayRecordComponent")
record WireRequest(
        @Nullable String authorization,
        @Nullable String target,
        @Nullable String securityToken,
        @Nullable String invocationId,
        @Nullable String sdkRequest,
        byte[] body) {
    private static final Pattern ATTEMPT = Pattern.compile("attempt=(\\d{1,6})");

    int attempt() {
        Matcher matcher = sdkRequest == null ? null : ATTEMPT.matcher(sdkRequest);
        return matcher != null && matcher.find() ? Integer.parseInt(matcher.group(1)) : 1;
    }

    @Override
    public String toString() {
        return "WireRequest[" + target + ", " + body.length + " bytes]";
    }
}
