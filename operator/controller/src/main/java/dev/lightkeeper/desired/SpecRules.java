package dev.lightkeeper.desired;

import static dev.lightkeeper.desired.DesiredStep.invalid;

import dev.lightkeeper.api.v1alpha1.Container;
import dev.lightkeeper.api.v1alpha1.ContainerPort;
import dev.lightkeeper.api.v1alpha1.CorsCheck;
import dev.lightkeeper.api.v1alpha1.Ec2Runtime;
import dev.lightkeeper.api.v1alpha1.Ec2Target;
import dev.lightkeeper.api.v1alpha1.EndpointCheck;
import dev.lightkeeper.api.v1alpha1.Expectation;
import dev.lightkeeper.api.v1alpha1.ForbiddenLogPattern;
import dev.lightkeeper.api.v1alpha1.HeaderAssertion;
import dev.lightkeeper.api.v1alpha1.HttpHeader;
import dev.lightkeeper.api.v1alpha1.LogMilestone;
import dev.lightkeeper.api.v1alpha1.Pm2Process;
import dev.lightkeeper.api.v1alpha1.Readiness;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RequiredEnv;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import dev.lightkeeper.api.v1alpha1.Verification;
import dev.lightkeeper.desired.DesiredState.ResourceIdentity;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the schema could not refuse, and what this version of the operator does not do. */
final class SpecRules {
    /** Lightsail's limit for the value of a tag. */
    private static final int TAG_VALUE_LIMIT = 256;

    private SpecRules() {}

    static List<Problem> check(ResourceIdentity resource, ServiceDeploymentSpec spec) {
        List<Problem> problems = new ArrayList<>();
        unknownValues(spec, problems);
        hosts(spec, problems);
        patterns(spec, problems);
        if (resource.qualifiedName().length() > TAG_VALUE_LIMIT) {
            problems.add(invalid(
                    Reason.InvalidSpec,
                    "namespace and name together are longer than the %d characters of an ownership tag; use a shorter name"
                            .formatted(TAG_VALUE_LIMIT - 1)));
        }
        return problems;
    }

    private static void unknownValues(ServiceDeploymentSpec spec, List<Problem> problems) {
        known(spec.driftPolicy(), "spec.driftPolicy", problems);
        known(spec.managementPolicy(), "spec.managementPolicy", problems);
        known(spec.adoptionPolicy(), "spec.adoptionPolicy", problems);
        known(spec.deletionPolicy(), "spec.deletionPolicy", problems);
        known(spec.rollout().onFailure(), "spec.rollout.onFailure", problems);
        known(spec.verification().randomPathControl(), "spec.verification.randomPathControl", problems);
        Verification verification = spec.verification();
        for (EndpointCheck endpoint : verification.endpoints()) {
            known(endpoint.method(), "spec.verification.endpoints[].method", problems);
            known(endpoint.enforcement(), "spec.verification.endpoints[].enforcement", problems);
        }
        for (CorsCheck cors : verification.cors()) {
            known(cors.method(), "spec.verification.cors[].method", problems);
            known(cors.enforcement(), "spec.verification.cors[].enforcement", problems);
        }
        verification
                .logMilestones()
                .forEach(it -> known(it.enforcement(), "spec.verification.logMilestones[].enforcement", problems));
        verification
                .forbiddenLogPatterns()
                .forEach(it ->
                        known(it.enforcement(), "spec.verification.forbiddenLogPatterns[].enforcement", problems));
        if (spec.lightsail() != null) {
            known(spec.lightsail().power(), "spec.lightsail.power", problems);
            known(spec.lightsail().ecrImagePuller(), "spec.lightsail.ecrImagePuller", problems);
        }
        for (Container container : spec.containers()) {
            container.ports().forEach(port -> known(port.protocol(), "spec.containers[].ports[].protocol", problems));
        }
    }

    private static void known(@Nullable Object value, String field, List<Problem> problems) {
        if (value == null) {
            problems.add(invalid(
                    Reason.UnknownValue,
                    "%s has a value that this version does not know; upgrade the operator or change the value"
                            .formatted(field)));
        }
    }

    private static void hosts(ServiceDeploymentSpec spec, List<Problem> problems) {
        Ec2Target target = spec.ec2();
        if (target == null) {
            return;
        }
        known(target.runtime(), "spec.ec2.runtime", problems);
        if (target.hosts() == null || target.hosts().select() == null) {
            problems.add(invalid(Reason.InvalidSpec, "spec.ec2.hosts.select is required: name tags or instanceIds"));
        }
        if (target.runtime() == Ec2Runtime.Pm2 && target.registryCredentials() != null) {
            problems.add(invalid(
                    Reason.InvalidSpec,
                    "spec.ec2.registryCredentials are for Docker and Podman; Pm2 pulls no image: remove them"));
        }
        LoggingRules.refusals(spec, target).forEach(message -> problems.add(invalid(Reason.InvalidSpec, message)));
        for (Container container : Workloads.of(spec)) {
            container
                    .env()
                    .forEach(variable -> refuse(
                            variable.valueFrom() != null && variable.valueFrom().secretKeyRef() != null,
                            "secretKeyRef of variable %s".formatted(variable.name()),
                            problems));
            container
                    .envFrom()
                    .forEach(source -> refuse(source.secretRef() != null, "a secretRef of envFrom", problems));
        }
        Readiness readiness = spec.readiness();
        ProbeSite site = new ProbeSite(spec);
        if (readiness != null && site.onHosts() && readiness.port() == null) {
            problems.add(invalid(
                    Reason.InvalidSpec,
                    "readiness.port is required where hosts are asked themselves; set it, or ec2.publicUrl"));
        }
        if (readiness != null && site.provesHosts()) {
            ofItsOwn("readiness", readiness.port(), readiness.headers(), spec, problems);
        }
        if (site.onHosts()) {
            spec.verification()
                    .endpoints()
                    .forEach(endpoint -> ofItsOwn(
                            "verification.endpoints[%s]".formatted(endpoint.name()),
                            endpoint.port(),
                            endpoint.headers(),
                            spec,
                            problems));
        }
    }

    /** What is asked of hosts themselves travels through commands, and reaches all that listens there. */
    private static void ofItsOwn(
            String check,
            @Nullable Integer port,
            List<HttpHeader> headers,
            ServiceDeploymentSpec spec,
            List<Problem> problems) {
        if (headers.stream().anyMatch(header -> header.valueFrom() != null)) {
            problems.add(invalid(
                    Reason.InvalidSpec,
                    "%s.headers[].valueFrom is refused where hosts are asked themselves: the value would be kept in SSM's command history"
                            .formatted(check)));
        }
        if (port != null && !portsOfItsOwn(spec).contains(port)) {
            problems.add(invalid(
                    Reason.InvalidSpec,
                    "%s.port %d is none that the service declares to listen on: hosts are asked at a hostPort of its containers, or a port of its processes, only"
                            .formatted(check, port)));
        }
    }

    private static Set<Integer> portsOfItsOwn(ServiceDeploymentSpec spec) {
        Stream<Integer> ofContainers = spec.containers().stream()
                .flatMap(container -> container.ports().stream())
                .map(ContainerPort::hostPort);
        Stream<Integer> ofProcesses = spec.ec2() == null
                ? Stream.empty()
                : spec.ec2().processes().stream().map(Pm2Process::port);
        return Stream.concat(ofContainers, ofProcesses).filter(Objects::nonNull).collect(Collectors.toSet());
    }

    private static void refuse(boolean used, String what, List<Problem> problems) {
        if (used) {
            problems.add(invalid(
                    Reason.InvalidSpec,
                    "%s is refused on EC2, since the value would travel through commands; put it into SSM Parameter Store and use ssmParameterRef or ssmPath"
                            .formatted(what)));
        }
    }

    private static void patterns(ServiceDeploymentSpec spec, List<Problem> problems) {
        for (Container container : Workloads.of(spec)) {
            for (RequiredEnv required : container.requiredEnv()) {
                String where = "requiredEnv %s of container \"%s\"".formatted(required.name(), container.name());
                compiles(required.pattern(), where + ".pattern", problems);
                compiles(required.notPattern(), where + ".notPattern", problems);
            }
        }
        Readiness readiness = spec.readiness();
        if (readiness != null) {
            path(readiness.path(), "readiness.path", problems);
            expectation(readiness.expect(), "readiness", problems);
        }
        for (EndpointCheck endpoint : spec.verification().endpoints()) {
            String where = "verification.endpoints[%s]".formatted(endpoint.name());
            path(endpoint.path(), where + ".path", problems);
            expectation(endpoint.expect(), where, problems);
        }
        for (CorsCheck cors : spec.verification().cors()) {
            path(cors.path(), "verification.cors[%s].path".formatted(cors.name()), problems);
        }
        for (LogMilestone milestone : spec.verification().logMilestones()) {
            String where = "verification.logMilestones[%s]".formatted(milestone.name());
            compiles(milestone.pattern(), where + ".pattern", problems);
            compiles(milestone.after(), where + ".after", problems);
        }
        for (ForbiddenLogPattern pattern : spec.verification().forbiddenLogPatterns()) {
            String where = "verification.forbiddenLogPatterns[%s].pattern".formatted(pattern.name());
            compiles(pattern.pattern(), where, problems);
        }
    }

    private static void expectation(@Nullable Expectation expect, String where, List<Problem> problems) {
        if (expect != null) {
            for (HeaderAssertion header : expect.headers()) {
                compiles(header.pattern(), "%s.expect.headers[%s].pattern".formatted(where, header.name()), problems);
            }
        }
    }

    private static void path(String path, String where, List<Problem> problems) {
        try {
            URI _ = new URI(path);
        } catch (URISyntaxException e) {
            problems.add(invalid(
                    Reason.InvalidSpec,
                    "%s is not a path of a URL: %s; write special characters as %%XX".formatted(where, e.getReason())));
        }
    }

    private static void compiles(@Nullable String pattern, String where, List<Problem> problems) {
        String refusal = pattern == null ? null : RegularExpression.refusal(pattern);
        if (refusal != null) {
            problems.add(invalid(Reason.InvalidSpec, where + " " + refusal));
        }
    }
}
