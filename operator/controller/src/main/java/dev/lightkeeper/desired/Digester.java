package dev.lightkeeper.desired;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keyed digests (HMAC-SHA-256, 32 hexadecimal characters) of values that must be compared later but not stored. The key
 * is made once by the operator and kept in a Secret, so that a stored digest of a short value cannot be guessed.
 */
public final class Digester {
    private final SecretKeySpec key;

    /** A digester with the given key of at least 16 bytes. */
    public Digester(byte[] key) {
        if (key.length < 16) {
            throw new IllegalArgumentException("a digest key has at least 16 bytes, this one has " + key.length);
        }
        this.key = new SecretKeySpec(key, "HmacSHA256");
    }

    /** The digest of {@code value} in a context (such as container and variable name), so that equal values differ. */
    public String digest(String context, String value) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(context.getBytes(UTF_8));
            mac.update((byte) 0);
            return HexFormat.of().formatHex(mac.doFinal(value.getBytes(UTF_8)), 0, 16);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has HmacSHA256", e);
        }
    }
}
