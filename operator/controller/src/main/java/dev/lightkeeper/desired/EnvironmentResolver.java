package dev.lightkeeper.desired;

import com.google.re2j.Pattern;
import dev.lightkeeper.api.v1alpha1.Container;
import dev.lightkeeper.api.v1alpha1.EnvFromSource;
import dev.lightkeeper.api.v1alpha1.EnvVar;
import dev.lightkeeper.api.v1alpha1.EnvVarSource;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RequiredEnv;
import dev.lightkeeper.desired.Problem.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The environment of one container, resolved as a Pod's would be: envFrom in order, then env over it; a key of envFrom
 * that is no variable name is passed over. Then held against requiredEnv.
 */
final class EnvironmentResolver {
    private static final Pattern VARIABLE_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /** Matching takes time in proportion to it. */
    private static final int LONGEST_MATCHED = 16 * 1024;

    private final KeyReader reader;
    private final ParameterReader parameters;
    private final ValueBudget budget;
    private final Container container;
    private final List<Problem> problems;
    private final SortedMap<String, SecretText> environment = new TreeMap<>();
    private final Set<String> rotated = new TreeSet<>();
    private final boolean versionsOnly;

    EnvironmentResolver(
            References references,
            ParameterReader parameters,
            ValueBudget budget,
            String namespace,
            Container container,
            boolean versionsOnly,
            List<Problem> problems) {
        this.versionsOnly = versionsOnly;
        this.parameters = parameters;
        this.budget = budget;
        this.reader = new KeyReader(references, namespace, problems);
        this.container = container;
        this.problems = problems;
    }

    SortedMap<String, SecretText> resolve() {
        container.envFrom().forEach(this::addAll);
        container.env().forEach(this::add);
        if (reader.complete() && !budget.isSpent()) {
            container.requiredEnv().forEach(required -> check(required, environment.get(required.name())));
        }
        return environment;
    }

    private void addAll(EnvFromSource source) {
        if (budget.isSpent()) {
            return;
        }
        String prefix = source.prefix() == null ? "" : source.prefix();
        String user = "envFrom of container \"%s\"".formatted(container.name());
        if (source.configMapRef() != null) {
            Map<String, String> entries = reader.configMap(
                    source.configMapRef().name(),
                    Boolean.TRUE.equals(source.configMapRef().optional()),
                    user);
            putAll(prefix, entries, SecretText::of, false, user);
        }
        if (source.secretRef() != null) {
            Map<String, SecretText> entries = reader.secret(
                    source.secretRef().name(),
                    Boolean.TRUE.equals(source.secretRef().optional()),
                    user);
            putAll(prefix, entries, value -> value, true, user);
        }
        if (source.ssmPath() != null) {
            Map<String, SecretText> values = parameters.below(source.ssmPath().path(), user);
            putAll(prefix, values, value -> value, true, user);
        }
    }

    private <T> void putAll(
            String prefix,
            @Nullable Map<String, T> entries,
            Function<T, SecretText> text,
            boolean rotates,
            String user) {
        if (entries == null) {
            return;
        }
        for (Map.Entry<String, T> entry : entries.entrySet()) {
            String name = prefix + entry.getKey();
            if (VARIABLE_NAME.matches(name) && !put(name, text.apply(entry.getValue()), rotates, user)) {
                return;
            }
        }
    }

    /** The variables whose values come from Secrets and parameters. */
    Set<String> rotated() {
        return rotated;
    }

    /** Whether there was room for it. */
    private boolean put(String name, SecretText value, boolean rotates, String user) {
        if (!budget.takes(name, value)) {
            problems.add(ValueBudget.exceededBy(user));
            return false;
        }
        environment.put(name, value);
        if (rotates) {
            rotated.add(name);
        } else {
            rotated.remove(name);
        }
        return true;
    }

    private void add(EnvVar variable) {
        if (budget.isSpent()) {
            return;
        }
        String user = "env %s of container \"%s\"".formatted(variable.name(), container.name());
        SecretText value = value(variable, user);
        if (value != null) {
            EnvVarSource source = variable.valueFrom();
            boolean rotates = source != null && (source.secretKeyRef() != null || source.ssmParameterRef() != null);
            boolean _ = put(variable.name(), value, rotates, user);
        }
    }

    private @Nullable SecretText value(EnvVar variable, String user) {
        if (variable.value() != null) {
            return SecretText.of(variable.value());
        }
        if (variable.valueFrom() != null && variable.valueFrom().configMapKeyRef() != null) {
            return reader.configMapKey(variable.valueFrom().configMapKeyRef(), user);
        }
        if (variable.valueFrom() != null && variable.valueFrom().secretKeyRef() != null) {
            return reader.secretKey(variable.valueFrom().secretKeyRef(), user);
        }
        if (variable.valueFrom() != null && variable.valueFrom().ssmParameterRef() != null) {
            return parameters.value(variable.valueFrom().ssmParameterRef(), user);
        }
        return null;
    }

    private void check(RequiredEnv required, @Nullable SecretText value) {
        String wrong = null;
        if (value == null) {
            wrong = "is not set";
        } else if (versionsOnly && rotated.contains(required.name())) {
            // The host fetches the value itself; here only its version is known.
            return;
        } else if (value.isEmpty()) {
            wrong = "is empty";
        } else if ((required.pattern() != null || required.notPattern() != null)
                && value.reveal().length() > LONGEST_MATCHED) {
            wrong =
                    "is longer than the %d characters that a pattern is matched with; shorten it, or remove pattern and notPattern"
                            .formatted(LONGEST_MATCHED);
        } else if (required.pattern() != null
                && !RegularExpression.compile(required.pattern())
                        .matcher(value.reveal())
                        .find()) {
            wrong = "does not match %s".formatted(required.pattern());
        } else if (required.notPattern() != null
                && RegularExpression.compile(required.notPattern())
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
}
