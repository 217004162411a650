package dev.lightkeeper.simulators.aws.ec2;

import dev.lightkeeper.simulators.aws.http.ApiError;
import java.util.List;
import java.util.regex.Pattern;

/** Errors that several operations share. */
final class Refusals {
    private static final Pattern INSTANCE_ID = Pattern.compile("i-([0-9a-f]{8}|[0-9a-f]{17})");

    private Refusals() {}

    static ApiError invalidValue(String message) {
        return new ApiError(400, "InvalidParameterValue", message);
    }

    static ApiError combination(String message) {
        return new ApiError(400, "InvalidParameterCombination", message);
    }

    static ApiError notFound(List<String> ids) {
        return new ApiError(
                400,
                "InvalidInstanceID.NotFound",
                ids.size() == 1
                        ? "The instance ID '" + ids.getFirst() + "' does not exist"
                        : "The instance IDs '" + String.join(", ", ids) + "' do not exist");
    }

    static void checkIds(List<String> ids) {
        for (String id : ids) {
            if (!INSTANCE_ID.matcher(id).matches()) {
                throw new ApiError(400, "InvalidInstanceID.Malformed", "Invalid id: \"" + id + "\"");
            }
        }
    }

    /** A request that only asks whether it would be let through. */
    static ApiError dryRun() {
        return new ApiError(412, "DryRunOperation", "Request would have succeeded, but DryRun flag is set.");
    }
}
