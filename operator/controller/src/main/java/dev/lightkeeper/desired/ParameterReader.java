package dev.lightkeeper.desired;

import dev.lightkeeper.api.v1alpha1.Container;
import dev.lightkeeper.api.v1alpha1.Ec2Target;
import dev.lightkeeper.api.v1alpha1.EnvFromSource;
import dev.lightkeeper.api.v1alpha1.EnvVar;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import dev.lightkeeper.api.v1alpha1.SsmParameterSelector;
import dev.lightkeeper.api.v1alpha1.TargetStatus;
import dev.lightkeeper.desired.DesiredState.ResourceIdentity;
import dev.lightkeeper.desired.Problem.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The parameters of one resource, read together; turns what is missing, refused or unreadable into problems. */
final class ParameterReader {
    private final Parameters answers;
    private final List<Problem> problems;

    private ParameterReader(Parameters answers, List<Problem> problems) {
        this.answers = answers;
        this.problems = problems;
    }

    /** Asks for everything that the containers refer to; asks nobody where that is nothing. */
    static ParameterReader of(
            ParameterStore store,
            ResourceIdentity resource,
            ServiceDeploymentSpec spec,
            @Nullable TargetStatus pinned,
            Map<String, String> requests,
            List<Problem> problems) {
        Set<ParameterKey> parameters = new HashSet<>();
        Set<String> paths = new HashSet<>();
        for (Container container : Workloads.of(spec)) {
            for (EnvVar variable : container.env()) {
                if (variable.valueFrom() != null && variable.valueFrom().ssmParameterRef() != null) {
                    parameters.add(ParameterKey.of(variable.valueFrom().ssmParameterRef()));
                }
            }
            for (EnvFromSource source : container.envFrom()) {
                if (source.ssmPath() != null) {
                    paths.add(source.ssmPath().path());
                }
            }
        }
        credentials(spec).values().forEach(name -> parameters.add(new ParameterKey(name, null)));
        if (parameters.isEmpty() && paths.isEmpty()) {
            return new ParameterReader(Parameters.NONE, problems);
        }
        String occasion = resource.generation() + " " + new TreeMap<>(requests);
        return new ParameterReader(
                store.read(new ParameterQuery(resource, spec, pinned, occasion, parameters, paths)), problems);
    }

    /**
     * Sees that the parameters are there, and allowed, which hosts log in with where they fetch a release: whoever could
     * name any would have it sent to a registry or repository of their own.
     */
    void check(ServiceDeploymentSpec spec) {
        credentials(spec)
                .forEach((field, name) -> take(
                        answers.values().get(new ParameterKey(name, null)),
                        "parameter \"%s\"".formatted(name),
                        false,
                        field));
    }

    /** By the field that names it. */
    private static Map<String, String> credentials(ServiceDeploymentSpec spec) {
        Map<String, String> names = new TreeMap<>();
        Ec2Target target = spec.ec2();
        if (target != null && target.registryCredentials() != null) {
            names.put(
                    "ec2.registryCredentials.passwordParameter",
                    target.registryCredentials().passwordParameter());
        }
        if (target != null && target.source() != null && target.source().credentialsParameter() != null) {
            names.put("ec2.source.credentialsParameter", target.source().credentialsParameter());
        }
        return names;
    }

    /** The value of one parameter; null when there is none to be had. */
    @Nullable
    SecretText value(SsmParameterSelector reference, String user) {
        ParameterKey key = ParameterKey.of(reference);
        return take(
                answers.values().get(key),
                "parameter \"%s\"".formatted(key.text()),
                Boolean.TRUE.equals(reference.optional()),
                user);
    }

    /** The values below a path by the last part of their names; null when there are none to be had. */
    @Nullable
    Map<String, SecretText> below(String path, String user) {
        return take(answers.paths().get(path), "any parameter directly below \"%s\"".formatted(path), false, user);
    }

    private <T> @Nullable T take(@Nullable Parameter<T> answer, String what, boolean optional, String user) {
        switch (answer) {
            case Parameter.Found<T>(T value) -> {
                return value;
            }
            case Parameter.Missing<T>() -> {
                if (!optional) {
                    problems.add(new Problem(
                            Kind.MISSING,
                            Reason.ReferenceNotFound,
                            "%s, which %s refers to, does not exist in Parameter Store; create it or remove the reference"
                                    .formatted(what, user)));
                }
            }
            case Parameter.Refused<T>(Reason reason, String message) ->
                problems.add(new Problem(Kind.REFUSED, reason, message));
            case Parameter.Unreadable<T>(var failure) ->
                problems.add(new Problem(
                        Kind.UNKNOWN,
                        Reason.ReferenceNotFound,
                        "%s cannot be read now (%s); nothing is changed until it can"
                                .formatted(what, failure.message())));
            case null -> throw new IllegalStateException("the store left " + what + " unanswered");
        }
        return null;
    }
}
