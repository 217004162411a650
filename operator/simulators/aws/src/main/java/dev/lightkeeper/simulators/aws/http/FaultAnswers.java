package dev.lightkeeper.simulators.aws.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.lightkeeper.simulators.aws.faults.Fault;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What clients get to see of an injected fault. */
final class FaultAnswers {
    private static final String FUTURE = "SIMULATED_FUTURE_STATE";
    private static final Set<String> STATES = Set.of("state", "Status", "StatusDetails", "PingStatus");
    private static final Set<String> INSTANCE_STATES = Set.of("instanceState", "currentState", "previousState");

    private FaultAnswers() {}

    /** The error that replaces the operation, or null when the fault lets the operation run. */
    static @Nullable ApiError refusal(Fault fault, ServiceApi api, String operation, @Nullable Caller caller) {
        return switch (fault.kind()) {
            case THROTTLE -> new ApiError(400, "ThrottlingException", "Rate exceeded");
            case SERVER_ERROR ->
                new ApiError(500, api.internalError(), "An internal error occurred. Please retry your request.");
            case TOO_MANY_REQUESTS -> new ApiError(429, "TooManyRequestsException", "Too Many Requests");
            case ERROR -> new ApiError(fault.status(), fault.errorCode(), fault.message());
            case DENIED ->
                new ApiError(
                        400,
                        "AccessDeniedException",
                        "User: " + (caller == null ? "anonymous" : caller.arn()) + " is not authorized to perform: "
                                + api.signingName() + ":" + operation + " on resource: *");
            case EXPIRED_TOKEN ->
                new ApiError(400, "ExpiredTokenException", "The security token included in the request is expired");
            case UNKNOWN_KEY ->
                new ApiError(
                        400, "UnrecognizedClientException", "The security token included in the request is invalid.");
            case TRY_AGAIN ->
                ApiError.invalidInput("The operation cannot be performed now. Please try again in a few minutes.");
            default -> null;
        };
    }

    static Reply unavailable() {
        return Reply.text(
                503,
                "text/html",
                "<html><head><title>503 Service Temporarily Unavailable</title></head>"
                        + "<body><center><h1>503 Service Temporarily Unavailable</h1></center></body></html>");
    }

    /** Makes an answer that a newer AWS might send. */
    static void fromTheFuture(ObjectNode body) {
        for (Map.Entry<String, JsonNode> member : body.properties()) {
            JsonNode value = member.getValue();
            if (STATES.contains(member.getKey()) && value.isTextual()) {
                member.setValue(TextNode.valueOf(FUTURE));
            } else if (INSTANCE_STATES.contains(member.getKey()) && value instanceof ObjectNode state) {
                state.put("name", FUTURE);
            } else if (value instanceof ObjectNode nested) {
                fromTheFuture(nested);
            } else if (value instanceof ArrayNode array) {
                array.forEach(element -> {
                    if (element instanceof ObjectNode nested) {
                        fromTheFuture(nested);
                    }
                });
            }
        }
    }
}
