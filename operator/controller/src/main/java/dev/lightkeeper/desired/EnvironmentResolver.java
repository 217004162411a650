package dev.lightkeeper.desired;

import com.google.re2j.Pattern;
import dev.lightkeeper.api.v1alpha1.ConfigMapKeySelector;
import dev.lightkeeper.api.v1alpha1.Container;
import dev.lightkeeper.api.v1alpha1.EnvFromSource;
import dev.lightkeeper.api.v1alpha1.EnvVar;
import dev.lightkeeper.api.v1alpha1.EnvVarSource;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RequiredEnv;
import dev.lightkeeper.api.v1alpha1.SecretKeySelector;
import dev.lightkeeper.desired.Problem.Kind;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The environment of one container, resolved as a Pod's would be: envFrom in order, then env over it; a key of envFrom that
 * is no variable name is passed over. Then held against requiredEnv.
 */
final class EnvironmentResolver {
    private static final Pattern VARIABLE_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final References references;
    private final String namespace;
    private final Container container;
    private final List<Problem> problems;
    private boolean complete = true;

    EnvironmentResolver(References references, String namespace, Container container, List<Problem> problems) {
        this.references = references;
        this.namespace = namespace;
        this.container = container;
        this.problems = problems;
    }

    SortedMap<String, SecretText> resolve() {
        SortedMap<String, SecretText> environment = new TreeMap<>();
        container.envFrom().forEach(source -> addAll(source, environment));
        container.env().forEach(variable -> add(variable, environment));
        if (complete) {
            container.requiredEnv().forEach(required -> check(required, environment.get(required.name())));
        }
        return environment;
    }

    private void addAll(EnvFromSource source, SortedMap<String, SecretText> environment) {
        String prefix = source.prefix() == null ? "" : source.prefix();
        if (source.configMapRef() != null) {
            String what = "ConfigMap \"%s\"".formatted(source.configMapRef().name());
            Map<String, String> entries = take(
                    references.configMap(namespace, source.configMapRef().name()),
                    what,
                    isTrue(source.configMapRef().optional()));
            if (entries != null) {
                entries.forEach((key, value) -> put(environment, prefix + key, SecretText.of(value)));
            }
        }
        if (source.secretRef() != null) {
            String what = "Secret \"%s\"".formatted(source.secretRef().name());
            Map<String, SecretText> entries = take(
                    references.secret(namespace, source.secretRef().name()),
                    what,
                    isTrue(source.secretRef().optional()));
            if (entries != null) {
                entries.forEach((key, value) -> put(environment, prefix + key, value));
            }
        }
    }

    private static void put(SortedMap<String, SecretText> environment, String name, SecretText value) {
        if (VARIABLE_NAME.matches(name)) {
            environment.put(name, value);
        }
    }

    private void add(EnvVar variable, SortedMap<String, SecretText> environment) {
        EnvVarSource source = variable.valueFrom();
        if (variable.value() != null) {
            environment.put(variable.name(), SecretText.of(variable.value()));
        } else if (source != null && source.configMapKeyRef() != null) {
            ConfigMapKeySelector selector = source.configMapKeyRef();
            String object = "ConfigMap \"%s\"".formatted(selector.name());
            Map<String, String> entries =
                    take(references.configMap(namespace, selector.name()), object, isTrue(selector.optional()));
            if (entries != null) {
                String value = entries.get(selector.key());
                putKey(
                        environment,
                        variable,
                        value == null ? null : SecretText.of(value),
                        selector.key(),
                        object,
                        isTrue(selector.optional()));
            }
        } else if (source != null && source.secretKeyRef() != null) {
            SecretKeySelector selector = source.secretKeyRef();
            String object = "Secret \"%s\"".formatted(selector.name());
            Map<String, SecretText> entries =
                    take(references.secret(namespace, selector.name()), object, isTrue(selector.optional()));
            if (entries != null) {
                putKey(
                        environment,
                        variable,
                        entries.get(selector.key()),
                        selector.key(),
                        object,
                        isTrue(selector.optional()));
            }
        }
    }

    private void putKey(
            SortedMap<String, SecretText> environment,
            EnvVar variable,
            @Nullable SecretText value,
            String key,
            String object,
            boolean optional) {
        if (value != null) {
            environment.put(variable.name(), value);
        } else if (!optional) {
            missing("key \"%s\" of %s".formatted(key, object), variable.name());
        }
    }

    private <T> @Nullable T take(Reference<T> reference, String what, boolean optional) {
        return switch (reference) {
            case Reference.Found<T> found -> found.value();
            case Reference.Missing<T> ignored -> {
                if (!optional) {
                    missing(what, null);
                }
                yield null;
            }
            case Reference.Unreadable<T> unreadable -> {
                complete = false;
                problems.add(new Problem(
                        Kind.UNKNOWN,
                        Reason.ReferenceNotFound,
                        "%s cannot be read now (%s); nothing is changed until it can"
                                .formatted(what, unreadable.failure().message())));
                yield null;
            }
        };
    }

    private void missing(String what, @Nullable String variable) {
        complete = false;
        problems.add(new Problem(
                Kind.MISSING,
                Reason.ReferenceNotFound,
                "%s, which container \"%s\" refers to%s, does not exist; create it or remove the reference"
                        .formatted(what, container.name(), variable == null ? "" : " for " + variable)));
    }

    private void check(RequiredEnv required, @Nullable SecretText value) {
        String wrong = null;
        if (value == null) {
            wrong = "is not set";
        } else if (value.isEmpty()) {
            wrong = "is empty";
        } else if (required.pattern() != null
                && !Pattern.compile(required.pattern()).matcher(value.reveal()).find()) {
            wrong = "does not match %s".formatted(required.pattern());
        } else if (required.notPattern() != null
                && Pattern.compile(required.notPattern())
                        .matcher(value.reveal())
                        .find()) {
            wrong = "matches %s, which is not allowed".formatted(required.notPattern());
        }
        if (wrong != null) {
            problems.add(new Problem(
                    Kind.MISSING,
                    Reason.EnvironmentInvalid,
                    "required variable %s of container \"%s\" %s".formatted(required.name(), container.name(), wrong)));
        }
    }

    private static boolean isTrue(@Nullable Boolean flag) {
        return Boolean.TRUE.equals(flag);
    }
}
