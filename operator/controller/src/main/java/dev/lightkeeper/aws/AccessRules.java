package dev.lightkeeper.aws;

import dev.lightkeeper.api.v1alpha1.AccountAccess;
import dev.lightkeeper.api.v1alpha1.Ec2Access;
import dev.lightkeeper.api.v1alpha1.Ec2Target;
import dev.lightkeeper.api.v1alpha1.LabelExpression;
import dev.lightkeeper.api.v1alpha1.LabelOperator;
import dev.lightkeeper.api.v1alpha1.LogGroup;
import dev.lightkeeper.api.v1alpha1.NamespaceSelector;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who may use an account for what. Deny by default: a rule that is absent, or not understood, allows nothing. */
final class AccessRules {
    private final @Nullable AccountAccess access;

    AccessRules(@Nullable AccountAccess access) {
        this.access = access;
    }

    /** Whether the answer depends on the namespace's labels. */
    boolean needsLabels() {
        NamespaceSelector selector = access == null ? null : access.namespaces();
        return selector != null
                && !(selector.matchLabels().isEmpty()
                        && selector.matchExpressions().isEmpty());
    }

    boolean allowsNamespace(Map<String, String> labels) {
        NamespaceSelector selector = access == null ? null : access.namespaces();
        return selector != null
                && selector.matchLabels().entrySet().stream()
                        .allMatch(wanted -> wanted.getValue().equals(labels.get(wanted.getKey())))
                && selector.matchExpressions().stream().allMatch(expression -> holds(expression, labels));
    }

    boolean allowsService(String namespace, String serviceName) {
        return access != null
                && access.serviceNamePatterns().stream()
                        .anyMatch(pattern -> matches(pattern.replace("{namespace}", namespace), serviceName));
    }

    boolean allowsParameter(String namespace, String name) {
        return allows(namespace, name);
    }

    /** Whether whatever stands directly below the path is allowed: only a wildcard can match the wildcard put after it. */
    boolean allowsParametersBelow(String namespace, String path) {
        return allows(namespace, path.endsWith("/") ? path + "*" : path + "/*");
    }

    /** AWS has one ARN for a name with a slash at its beginning and the same name without. */
    private boolean allows(String namespace, String name) {
        String absolute = name.startsWith("/") ? name : "/" + name;
        return access != null
                && access.parameterPaths().stream()
                        .anyMatch(pattern -> matches(pattern.replace("{namespace}", namespace), absolute));
    }

    /** Why the account does not let hosts be used so; empty when it does. */
    Optional<String> refusesHosts(String namespace, Ec2Target target) {
        Ec2Access hosts = access == null ? null : access.ec2();
        if (hosts == null || hosts.instanceTags().isEmpty()) {
            return Optional.of("has no access.ec2, so no hosts may be used");
        }
        if (!hosts.runAsUsers().contains(target.runAs())) {
            return Optional.of("does not allow user \"%s\" in access.ec2.runAsUsers".formatted(target.runAs()));
        }
        if (!target.build().isEmpty() && !Boolean.TRUE.equals(hosts.allowBuildCommands())) {
            return Optional.of("does not allow ec2.build (access.ec2.allowBuildCommands)");
        }
        Optional<String> group = logGroups(target)
                .filter(name -> hosts.logGroups().stream()
                        .noneMatch(pattern -> matches(pattern.replace("{namespace}", namespace), name)))
                .findFirst();
        if (group.isPresent()) {
            return group.map(name -> "does not allow log group \"%s\" to namespace \"%s\" in access.ec2.logGroups"
                    .formatted(name, namespace));
        }
        String url = target.publicUrl();
        String host = url == null ? null : URI.create(url).getHost();
        return url == null || (access != null && access.probeHosts().contains(host))
                ? Optional.empty()
                : Optional.of("does not list host \"%s\" of ec2.publicUrl in access.probeHosts".formatted(host));
    }

    /** Those that are read from or written into. */
    private static Stream<String> logGroups(Ec2Target target) {
        return Stream.of(
                        Optional.ofNullable(target.logGroup()).map(LogGroup::name),
                        Optional.ofNullable(target.logging())
                                .map(logging -> logging.options().get("awslogs-group")))
                .flatMap(Optional::stream);
    }

    /** Tags without which an instance is never touched; empty when none may be. */
    Map<String, String> instanceTags() {
        return access == null || access.ec2() == null ? Map.of() : access.ec2().instanceTags();
    }

    boolean allowsDeletion() {
        return access != null && Boolean.TRUE.equals(access.allowDeletion());
    }

    boolean allowsAdoption() {
        return access != null && Boolean.TRUE.equals(access.allowAdoption());
    }

    private static boolean holds(LabelExpression expression, Map<String, String> labels) {
        @Nullable String value = labels.get(expression.key());
        @Nullable LabelOperator operator = expression.operator();
        if (operator == null) {
            return false;
        }
        return switch (operator) {
            case In -> value != null && expression.values().contains(value);
            case NotIn -> value == null || !expression.values().contains(value);
            case Exists -> value != null;
            case DoesNotExist -> value == null;
        };
    }

    /** Whether {@code text} is {@code pattern} with each {@code *} replaced by any characters, also none. */
    static boolean matches(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int resume = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = t;
            } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
