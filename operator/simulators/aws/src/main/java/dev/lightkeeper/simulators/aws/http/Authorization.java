package dev.lightkeeper.simulators.aws.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a SigV4 {@code Authorization} header says. The signature itself is not verified: the simulator knows no secrets.
 *
 * @param accessKeyId whose key
 * @param region of the credential scope
 * @param service of the credential scope
 */
public record Authorization(String accessKeyId, String region, String service) {
    private static final Pattern FORM = Pattern.compile(
            "AWS4-HMAC-SHA256\\s+Credential=([^/,\\s]+)/\\d{8}/([^/,\\s]+)/([^/,\\s]+)/aws4_request\\s*,"
                    + "\\s*SignedHeaders=[^,\\s]+\\s*,\\s*Signature=[0-9a-f]{64}\\s*");

    /**
     * {@return the header's content}
     *
     * @param header value of the header; null when absent
     * @throws ApiError if it is absent or not SigV4
     */
    public static Authorization parse(@Nullable String header) {
        if (header == null || header.isBlank()) {
            throw new ApiError(400, "MissingAuthenticationTokenException", "Missing Authentication Token");
        }
        Matcher matcher = FORM.matcher(header);
        if (!matcher.matches()) {
            throw new ApiError(
                    400,
                    "IncompleteSignatureException",
                    "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters.");
        }
        return new Authorization(matcher.group(1), matcher.group(2), matcher.group(3));
    }
}
