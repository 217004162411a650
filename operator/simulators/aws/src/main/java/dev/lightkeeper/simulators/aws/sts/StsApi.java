package dev.lightkeeper.simulators.aws.sts;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.audit.Effect;
import dev.lightkeeper.simulators.aws.http.Answer;
import dev.lightkeeper.simulators.aws.http.ApiError;
import dev.lightkeeper.simulators.aws.http.Call;
import dev.lightkeeper.simulators.aws.http.Caller;
import dev.lightkeeper.simulators.aws.http.Protocol;
import dev.lightkeeper.simulators.aws.http.ServiceApi;
import dev.lightkeeper.simulators.aws.sts.Credentials.Role;
import dev.lightkeeper.simulators.aws.sts.Credentials.Session;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The Security Token Service, version 2011-06-15. */
public final class StsApi implements ServiceApi {
    /** The version that requests name. */
    public static final String VERSION = "2011-06-15";

    /** Every operation that is simulated. */
    public static final List<String> OPERATIONS =
            List.of("GetCallerIdentity", "AssumeRole", "AssumeRoleWithWebIdentity");

    private static final Pattern SESSION_NAME = Pattern.compile("[\\w+=,.@-]{2,64}");
    private static final int SHORTEST_SESSION = 900;
    private static final int LONGEST_SESSION = 43_200;

    private final Credentials credentials;

    /**
     * Creates the service.
     *
     * @param credentials keys and roles
     */
    public StsApi(Credentials credentials) {
        this.credentials = credentials;
    }

    @Override
    public String signingName() {
        return "sts";
    }

    @Override
    public Protocol protocol() {
        return Protocol.QUERY;
    }

    @Override
    public boolean isUnsigned(String operation) {
        return operation.equals("AssumeRoleWithWebIdentity");
    }

    @Override
    public @Nullable String target(ObjectNode input) {
        return input.path("RoleArn").textValue();
    }

    @Override
    public Answer call(Call call) {
        return switch (call.operation()) {
            case "GetCallerIdentity" -> identity(call.signer());
            case "AssumeRole" -> assume(call);
            case "AssumeRoleWithWebIdentity" -> assumeWithWebIdentity(call);
            default ->
                throw new ApiError(
                        400,
                        "InvalidAction",
                        "Could not find operation " + call.operation() + " for version " + VERSION);
        };
    }

    private static Answer identity(Caller caller) {
        return Answer.read(JsonNodeFactory.instance
                .objectNode()
                .put("Arn", caller.arn())
                .put("UserId", caller.userId())
                .put("Account", caller.account()));
    }

    private Answer assume(Call call) {
        Caller caller = call.signer();
        String arn = required(call, "RoleArn");
        Role role = credentials.role(
                arn, caller.account(), call.input().path("ExternalId").textValue());
        if (role == null) {
            throw new ApiError(
                    403,
                    "AccessDeniedException",
                    "User: " + caller.arn() + " is not authorized to perform: sts:AssumeRole on resource: " + arn);
        }
        return session(call, role);
    }

    /** Any token that is not empty is believed, unless it says {@code invalid} or {@code expired}. */
    private Answer assumeWithWebIdentity(Call call) {
        String arn = required(call, "RoleArn");
        String token = required(call, "WebIdentityToken");
        if (token.contains("expired")) {
            throw new ApiError(400, "ExpiredTokenException", "Token expired");
        }
        if (token.contains("invalid")) {
            throw new ApiError(400, "InvalidIdentityToken", "The token could not be verified");
        }
        Role role = credentials.role(arn, null, null);
        if (role == null) {
            throw new ApiError(403, "AccessDeniedException", "Not authorized to perform sts:AssumeRoleWithWebIdentity");
        }
        Answer answer = session(call, role);
        answer.body().put("SubjectFromWebIdentityToken", "system:serviceaccount:simulated");
        answer.body().put("Provider", "arn:aws:iam::" + role.account() + ":oidc-provider/simulated");
        answer.body().put("Audience", "sts.amazonaws.com");
        return answer;
    }

    private Answer session(Call call, Role role) {
        String name = required(call, "RoleSessionName");
        if (!SESSION_NAME.matcher(name).matches()) {
            throw new ApiError(400, "ValidationError", "The role session name is invalid: " + name);
        }
        Session session = credentials.open(role, name, life(call));
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("Credentials")
                .put("AccessKeyId", session.accessKeyId())
                .put("SecretAccessKey", session.secretAccessKey())
                .put("SessionToken", session.sessionToken())
                .put(
                        "Expiration",
                        session.expiresAt().truncatedTo(ChronoUnit.SECONDS).toString());
        body.putObject("AssumedRoleUser")
                .put("AssumedRoleId", session.caller().userId())
                .put("Arn", session.caller().arn());
        return new Answer(body, Effect.NONE);
    }

    private static Duration life(Call call) {
        String text = call.input().path("DurationSeconds").asText("3600");
        try {
            int seconds = Integer.parseInt(text);
            if (seconds >= SHORTEST_SESSION && seconds <= LONGEST_SESSION) {
                return Duration.ofSeconds(seconds);
            }
        } catch (NumberFormatException e) {
            throw new ApiError(400, "MalformedInput", "DurationSeconds is not a number");
        }
        throw new ApiError(
                400,
                "ValidationError",
                "DurationSeconds must be between " + SHORTEST_SESSION + " and " + LONGEST_SESSION);
    }

    private static String required(Call call, String name) {
        String value = call.input().path(name).asText();
        if (value.isEmpty()) {
            throw new ApiError(400, "ValidationError", "The parameter " + name + " is required");
        }
        return value;
    }
}
