package dev.lightkeeper.simulators.aws.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One request, understood and authenticated.
 *
 * @param caller who asks; null only for operations that AWS takes unsigned
 * @param region from the credential scope
 * @param operation name of the operation
 * @param input the JSON body, or the parameters of a query request
 * @param asOf answer reads as things stood at this simulated time; null for the present
 */
public record Call(
        @Nullable Caller caller,
        String region,
        String operation,
        ObjectNode input,
        @Nullable Instant asOf) {

    /** {@return who asks, where the operation cannot be called unsigned} */
    public Caller signer() {
        if (caller == null) {
            throw new ApiError(400, "MissingAuthenticationTokenException", "Missing Authentication Token");
        }
        return caller;
    }

    @Override
    public String toString() {
        return "Call[" + operation + " in " + region + "]";
    }
}
