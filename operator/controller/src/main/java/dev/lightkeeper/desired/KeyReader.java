package dev.lightkeeper.desired;

import dev.lightkeeper.api.v1alpha1.ConfigMapKeySelector;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.SecretKeySelector;
import dev.lightkeeper.desired.Problem.Kind;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads referenced objects of one namespace and turns what is missing or unreadable into problems. */
final class KeyReader {
    private final References references;
    private final String namespace;
    private final List<Problem> problems;
    private final int problemsBefore;

    KeyReader(References references, String namespace, List<Problem> problems) {
        this.references = references;
        this.namespace = namespace;
        this.problems = problems;
        problemsBefore = problems.size();
    }

    /** Whether everything asked for so far was read or optional. */
    boolean complete() {
        return problems.size() == problemsBefore;
    }

    /** The entries of a ConfigMap; null when there are none to be had. */
    @Nullable
    Map<String, String> configMap(String name, boolean optional, String user) {
        return take(references.configMap(namespace, name), "ConfigMap \"%s\"".formatted(name), optional, user);
    }

    /** The entries of a Secret; null when there are none to be had. */
    @Nullable
    Map<String, SecretText> secret(String name, boolean optional, String user) {
        return take(references.secret(namespace, name), "Secret \"%s\"".formatted(name), optional, user);
    }

    /** One key of a ConfigMap. */
    @Nullable
    SecretText configMapKey(ConfigMapKeySelector selector, String user) {
        boolean optional = Boolean.TRUE.equals(selector.optional());
        Map<String, String> entries = configMap(selector.name(), optional, user);
        if (entries == null) {
            return null;
        }
        String value = entries.get(selector.key());
        return key(
                value == null ? null : SecretText.of(value),
                "key \"%s\" of ConfigMap \"%s\"".formatted(selector.key(), selector.name()),
                optional,
                user);
    }

    /** One key of a Secret. */
    @Nullable
    SecretText secretKey(SecretKeySelector selector, String user) {
        boolean optional = Boolean.TRUE.equals(selector.optional());
        Map<String, SecretText> entries = secret(selector.name(), optional, user);
        return entries == null
                ? null
                : key(
                        entries.get(selector.key()),
                        "key \"%s\" of Secret \"%s\"".formatted(selector.key(), selector.name()),
                        optional,
                        user);
    }

    private @Nullable SecretText key(@Nullable SecretText value, String what, boolean optional, String user) {
        if (value == null && !optional) {
            missing(what, user);
        }
        return value;
    }

    private <T> @Nullable T take(Reference<T> reference, String what, boolean optional, String user) {
        return switch (reference) {
            case Reference.Found<T> found -> found.value();
            case Reference.Missing<T> ignored -> {
                if (!optional) {
                    missing(what, user);
                }
                yield null;
            }
            case Reference.Unreadable<T> unreadable -> {
                problems.add(new Problem(
                        Kind.UNKNOWN,
                        Reason.ReferenceNotFound,
                        "%s cannot be read now (%s); nothing is changed until it can"
                                .formatted(what, unreadable.failure().message())));
                yield null;
            }
        };
    }

    private void missing(String what, String user) {
        problems.add(new Problem(
                Kind.MISSING,
                Reason.ReferenceNotFound,
                "%s, which %s refers to, does not exist; create it or remove the reference".formatted(what, user)));
    }
}
