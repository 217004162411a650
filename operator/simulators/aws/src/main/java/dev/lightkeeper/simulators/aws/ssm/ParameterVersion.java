package dev.lightkeeper.simulators.aws.ssm;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one PutParameter set.
 *
 * @param ciphertext what a SecureString shows without decryption; the value itself for other types
 * @param keyId for a SecureString only
 * @param labels changes when labels are moved
 */
record ParameterVersion(
        long number,
        String type,
        String value,
        String ciphertext,
        @Nullable String keyId,
        @Nullable String description,
        @Nullable String allowedPattern,
        String tier,
        String dataType,
        Instant modifiedAt,
        String modifiedBy,
        Set<String> labels) {
    static final String STRING = "String";
    static final String STRING_LIST = "StringList";
    static final String SECURE_STRING = "SecureString";

    boolean isSecure() {
        return type.equals(SECURE_STRING);
    }

    @Override
    public String toString() {
        return "ParameterVersion[" + number + "]";
    }
}
