package dev.lightkeeper.desired;

import dev.lightkeeper.api.v1alpha1.SsmParameterSelector;
import org.jspecify.annotations.Nullable;

/**
 * One parameter of SSM Parameter Store, at one of its versions.
 *
 * @param selector a version or a label; null means the newest version
 */
public record ParameterKey(String name, @Nullable String selector) {
    /** What a manifest refers to. */
    public static ParameterKey of(SsmParameterSelector reference) {
        return new ParameterKey(
                reference.name(),
                reference.version() == null
                        ? reference.label()
                        : reference.version().toString());
    }

    /** Whether the value cannot change while the parameter exists: a label begins with no digit, and a version only with one. */
    public boolean isFixed() {
        return selector != null && Character.isDigit(selector.charAt(0));
    }

    /** {@code name}, {@code name:version} or {@code name:label}, as AWS writes it. */
    public String text() {
        return selector == null ? name : name + ":" + selector;
    }
}
