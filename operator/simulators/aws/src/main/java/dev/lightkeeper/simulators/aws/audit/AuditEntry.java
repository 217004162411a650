package dev.lightkeeper.simulators.aws.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One request as the simulated AWS saw it. It never holds other values of the request than names and
 * SendCommand's Comment, only its keyed hash.
 *
 * @param sequence counts from 1 in order of arrival of the effect
 * @param time simulated time
 * @param account the account that the access key (or a wrong-account fault) led to; null when it led to none
 * @param accessKeyId the key that signed; null when the request was not signed
 * @param region from the credential scope; null when the request was not signed
 * @param service signing name, such as {@code lightsail}
 * @param operation such as {@code CreateContainerService}
 * @param target name of the resource that the request is about; null when it names none
 * @param invocationId {@code amz-sdk-invocation-id}, the same for all attempts of one SDK call; null without the header
 * @param attempt attempt number from {@code amz-sdk-request}; 1 without the header
 * @param requestHash the same for equal bodies within one world, worthless outside of it
 * @param status HTTP status; 0 when no answer was sent
 * @param outcome {@code OK}, or the error code as sent to the client
 * @param effect what it changed, also when the client never heard of it
 * @param fault the injected fault that it met; null without
 * @param comment SendCommand's Comment, the only value of a request that is kept; null without
 * @param requestBytes length of the body
 */
public record AuditEntry(
        long sequence,
        Instant time,
        @Nullable String account,
        @Nullable String accessKeyId,
        @Nullable String region,
        String service,
        String operation,
        @Nullable String target,
        @Nullable String invocationId,
        int attempt,
        String requestHash,
        int status,
        String outcome,
        Effect effect,
        @Nullable String fault,
        @Nullable String comment,
        int requestBytes) {

    /** {@return whether it changed anything} */
    public boolean isMutation() {
        return effect != Effect.NONE;
    }

    /** {@return whether the operation ran without an error, whatever became of the answer} */
    public boolean isOk() {
        return outcome.equals("OK");
    }
}
