package dev.lightkeeper.desired;

import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.desired.Problem.Kind;

/**
 * What the variables and request headers of one resource may hold together, names and values in characters. It is more
 * than AWS takes, and keeps a resource that names large objects again and again from filling the memory of all.
 */
final class ValueBudget {
    static final int MOST = 256 * 1024;

    private int left = MOST;

    /** Whether there was room for it; where not, there is none for anything that follows. */
    boolean takes(String name, SecretText value) {
        left = (int) Math.max(
                -1L,
                left < 0 ? -1L : (long) left - name.length() - value.reveal().length());
        return !isSpent();
    }

    /** Then nothing more is to be read. */
    boolean isSpent() {
        return left < 0;
    }

    /** That {@code user}, a field of the resource, found no room. */
    static Problem exceededBy(String user) {
        return new Problem(
                Kind.MISSING,
                Reason.EnvironmentInvalid,
                "with %s the variables and headers of this resource are longer than %d characters together; take single keys, or refer to smaller objects"
                        .formatted(user, MOST));
    }
}
