package dev.lightkeeper.simulators.aws.sts;

import dev.lightkeeper.simulators.aws.http.ApiError;
import dev.lightkeeper.simulators.aws.http.Caller;
import dev.lightkeeper.simulators.aws.http.Callers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Access keys and roles of one world. Secrets are handed out but never checked. Sessions end in real time, because
 * clients compare their expiry with their own clocks.
 */
public final class Credentials implements Callers {
    private final Clock realTime;
    private final Random random;
    private final Map<String, Key> keys = new HashMap<>();
    private final Map<String, Role> roles = new HashMap<>();

    private record Key(
            Caller caller, @Nullable String token, @Nullable Instant expiresAt) {}

    /**
     * A role that can be assumed.
     *
     * @param arn {@code arn:aws:iam::<account>:role/<name>}
     * @param externalId that callers have to send; null when none is asked for
     * @param trustedAccount whose callers may assume it; null for all
     */
    public record Role(
            String arn,
            @Nullable String externalId,
            @Nullable String trustedAccount) {
        String account() {
            return arn.split(":", -1)[4];
        }

        String name() {
            return arn.substring(arn.lastIndexOf('/') + 1);
        }
    }

    /**
     * Credentials of a session.
     *
     * @param accessKeyId starts with ASIA
     * @param secretAccessKey not checked by anyone here
     * @param sessionToken goes with every request
     * @param expiresAt real time
     * @param caller who they make the client
     */
    public record Session(
            String accessKeyId, String secretAccessKey, String sessionToken, Instant expiresAt, Caller caller) {
        @Override
        public String toString() {
            return "Session[" + accessKeyId + " of " + caller.arn() + " until " + expiresAt + "]";
        }
    }

    /**
     * Creates an empty set.
     *
     * @param realTime by which sessions end
     * @param random for keys and tokens
     */
    public Credentials(Clock realTime, Random random) {
        this.realTime = realTime;
        this.random = random;
    }

    /**
     * Adds an access key of an IAM user.
     *
     * @param account twelve digits
     * @param accessKeyId the key
     */
    public synchronized void addKey(String account, String accessKeyId) {
        Caller caller = new Caller(account, "arn:aws:iam::" + account + ":user/simulator", "AIDASIMULATEDUSER0001");
        keys.put(accessKeyId, new Key(caller, null, null));
    }

    /** {@return one of the access keys that is not a session's} */
    public synchronized String anyKey() {
        return keys.entrySet().stream()
                .filter(e -> e.getValue().token() == null)
                .map(Map.Entry::getKey)
                .sorted()
                .findFirst()
                .orElseThrow();
    }

    /**
     * Makes an access key unknown.
     *
     * @param accessKeyId the key
     */
    public synchronized void removeKey(String accessKeyId) {
        keys.remove(accessKeyId);
    }

    /**
     * Adds a role, or replaces it.
     *
     * @param role the role
     */
    public synchronized void addRole(Role role) {
        roles.put(role.arn(), role);
    }

    /** Ends all sessions: their keys answer that the token is expired. */
    public synchronized void expireSessions() {
        Instant now = realTime.instant();
        keys.replaceAll((id, key) -> key.token() == null ? key : new Key(key.caller(), key.token(), now));
    }

    @Override
    public synchronized Caller identify(String accessKeyId, @Nullable String sessionToken) {
        Key key = keys.get(accessKeyId);
        if (key == null || (key.token() != null && !key.token().equals(sessionToken))) {
            throw new ApiError(
                    400, "UnrecognizedClientException", "The security token included in the request is invalid.");
        }
        if (key.expiresAt() != null && !realTime.instant().isBefore(key.expiresAt())) {
            throw new ApiError(400, "ExpiredTokenException", "The security token included in the request is expired");
        }
        return key.caller();
    }

    /** The role, or null if there is none or the caller may not assume it. */
    synchronized @Nullable Role role(String arn, @Nullable String callerAccount, @Nullable String externalId) {
        Role role = roles.get(arn);
        if (role == null
                || (role.externalId() != null && !role.externalId().equals(externalId))
                || (role.trustedAccount() != null && !role.trustedAccount().equals(callerAccount))) {
            return null;
        }
        return role;
    }

    synchronized Session open(Role role, String sessionName, Duration life) {
        String id = "ASIA" + randomHex(8).toUpperCase(Locale.ROOT);
        Caller caller = new Caller(
                role.account(),
                "arn:aws:sts::" + role.account() + ":assumed-role/" + role.name() + "/" + sessionName,
                "AROASIMULATEDROLE0001:" + sessionName);
        Session session = new Session(
                id,
                randomHex(20),
                "simulated-" + randomHex(32),
                realTime.instant().plus(life),
                caller);
        keys.put(id, new Key(caller, session.sessionToken(), session.expiresAt()));
        return session;
    }

    private String randomHex(int bytes) {
        byte[] value = new byte[bytes];
        random.nextBytes(value);
        return HexFormat.of().formatHex(value);
    }
}
