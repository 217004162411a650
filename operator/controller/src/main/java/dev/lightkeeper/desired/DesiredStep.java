package dev.lightkeeper.desired;

import dev.lightkeeper.api.v1alpha1.Container;
import dev.lightkeeper.api.v1alpha1.EndpointCheck;
import dev.lightkeeper.api.v1alpha1.Enforcement;
import dev.lightkeeper.api.v1alpha1.HealthCheck;
import dev.lightkeeper.api.v1alpha1.HttpHeader;
import dev.lightkeeper.api.v1alpha1.Power;
import dev.lightkeeper.api.v1alpha1.PublicEndpoint;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RequiredEnv;
import dev.lightkeeper.api.v1alpha1.SecretKeySelector;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import dev.lightkeeper.api.v1alpha1.TargetStatus;
import dev.lightkeeper.desired.Content.ContainerContent;
import dev.lightkeeper.desired.Content.EndpointContent;
import dev.lightkeeper.desired.DesiredState.Release;
import dev.lightkeeper.desired.DesiredState.ResourceIdentity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Turns a spec and what it refers to into a {@link DesiredState}. */
public final class DesiredStep {
    private static final String HOSTS = "hosts";

    private final References references;
    private final ParameterStore parameters;
    private final Digester digester;

    /** References are read at each resolution; nothing is kept here between them. */
    public DesiredStep(References references, ParameterStore parameters, Digester digester) {
        this.references = references;
        this.parameters = parameters;
        this.digester = digester;
    }

    /**
     * Resolves a spec as the API server stored it.
     *
     * @param pinned the account and region that the service was first found in; null before
     * @param requests annotation to value of what people asked for; a new one has parameters read anew
     * @param absent the resource is being deleted; then no reference is read and nothing is checked
     */
    public DesiredState resolve(
            ResourceIdentity resource,
            ServiceDeploymentSpec spec,
            @Nullable TargetStatus pinned,
            Map<String, String> requests,
            boolean absent) {
        String contractHash = contractHash(spec);
        if (absent) {
            return new DesiredState(resource, spec, null, contractHash, ProbeHeaders.NONE, List.of(), true);
        }
        References once = new ReadOnce(references);
        ValueBudget budget = new ValueBudget();
        List<Problem> problems = new ArrayList<>(SpecRules.check(resource, spec));
        if (!problems.isEmpty() || (spec.lightsail() == null && spec.ec2() == null)) {
            ProbeHeaders headers = probeHeaders(once, budget, resource.namespace(), spec, problems);
            return new DesiredState(resource, spec, null, contractHash, headers, problems, false);
        }
        ParameterReader reader = ParameterReader.of(parameters, resource, spec, pinned, requests, problems);
        reader.check(spec);
        SortedMap<String, ContainerContent> containers = new TreeMap<>();
        Map<String, Set<String>> rotated = new HashMap<>();
        HostTemplate onHosts = spec.ec2() == null ? null : HostTemplate.of(spec.ec2());
        for (Container container : Workloads.of(spec)) {
            EnvironmentResolver resolver = new EnvironmentResolver(
                    once, reader, budget, resource.namespace(), container, onHosts != null, problems);
            SortedMap<String, SecretText> environment = resolver.resolve();
            rotated.put(container.name(), resolver.rotated());
            SortedMap<Integer, String> ports = new TreeMap<>();
            container
                    .ports()
                    .forEach(port -> ports.put(
                            port.containerPort(), String.valueOf(onHosts == null ? port.protocol() : port.hostPort())));
            containers.put(
                    container.name(),
                    new ContainerContent(container.image(), command(container, onHosts), environment, ports));
        }
        ProbeHeaders headers = probeHeaders(once, budget, resource.namespace(), spec, problems);
        Release release = null;
        if (problems.isEmpty()) {
            Content content = new Content(containers, endpoint(spec));
            DigestedContent digested = content.digested(digester);
            // Hosts have no power that a release could ask for.
            String power =
                    spec.lightsail() == null ? HOSTS : powerId(spec.lightsail().power());
            release = new Release(
                    content,
                    digested,
                    power,
                    digested.fingerprint(power),
                    digested.without(rotated).fingerprint(power),
                    digested.only(rotated));
        }
        return new DesiredState(resource, spec, release, contractHash, headers, problems, false);
    }

    /**
     * The same as another contract judges it: an older revision that is kept live, while the spec's is failed or held, is
     * judged by the one that is stored with it. A Secret that its headers name and that is gone is left out.
     */
    public DesiredState judgedBy(DesiredState desired, Contract contract, String contractHash) {
        ServiceDeploymentSpec spec = contract.in(desired.spec());
        ProbeHeaders headers = probeHeaders(
                new ReadOnce(references), new ValueBudget(), desired.resource().namespace(), spec, new ArrayList<>());
        return new DesiredState(
                desired.resource(),
                spec,
                desired.release(),
                contractHash,
                headers,
                desired.problems(),
                desired.absent());
    }

    /**
     * An older revision that is kept live, while the spec's is failed or held, with what its sources say now. Its release is
     * null while it cannot be resolved.
     */
    public DesiredState kept(
            DesiredState desired,
            Template template,
            Contract contract,
            String contractHash,
            @Nullable TargetStatus pinned,
            Map<String, String> requests) {
        ServiceDeploymentSpec spec = contract.in(template.in(desired.spec()));
        DesiredState today = resolve(desired.resource(), spec, pinned, requests, false);
        return new DesiredState(
                today.resource(), spec, today.release(), contractHash, today.probeHeaders(), today.problems(), false);
    }

    /** The resource is gone. */
    public void forget(String uid) {
        parameters.forget(uid);
    }

    private static ProbeHeaders probeHeaders(
            References once, ValueBudget budget, String namespace, ServiceDeploymentSpec spec, List<Problem> problems) {
        Map<String, SecretText> readiness = spec.readiness() == null
                ? Map.of()
                : headers(once, budget, namespace, spec.readiness().headers(), "readiness", problems);
        Map<String, Map<String, SecretText>> endpoints = new TreeMap<>();
        Map<String, String> obstacles = new TreeMap<>();
        for (EndpointCheck endpoint : spec.verification().endpoints()) {
            List<Problem> missing = new ArrayList<>();
            String user = "verification.endpoints[%s]".formatted(endpoint.name());
            endpoints.put(endpoint.name(), headers(once, budget, namespace, endpoint.headers(), user, missing));
            if (endpoint.enforcement() != Enforcement.Advisory) {
                problems.addAll(missing);
            } else if (!missing.isEmpty()) {
                obstacles.put(endpoint.name(), missing.getFirst().message());
            }
        }
        return new ProbeHeaders(readiness, endpoints, obstacles);
    }

    private static Map<String, SecretText> headers(
            References once,
            ValueBudget budget,
            String namespace,
            List<HttpHeader> declared,
            String user,
            List<Problem> problems) {
        Map<String, SecretText> headers = new TreeMap<>();
        for (HttpHeader header : declared) {
            String field = "%s.headers[%s]".formatted(user, header.name());
            SecretText value = null;
            if (header.value() != null) {
                value = SecretText.of(header.value());
            } else if (header.valueFrom() != null && !budget.isSpent()) {
                SecretKeySelector selector = header.valueFrom().secretKeyRef();
                value = new KeyReader(once, namespace, problems).secretKey(selector, field);
            }
            if (budget.isSpent() || (value != null && !budget.takes(header.name(), value))) {
                problems.add(ValueBudget.exceededBy(field));
            } else if (value != null) {
                headers.put(header.name(), value);
            }
        }
        return headers;
    }

    /** On hosts, how it is run is a part of what is run: another user or another build is another release. */
    private static List<String> command(Container container, @Nullable HostTemplate onHosts) {
        if (onHosts == null) {
            return container.command();
        }
        List<String> command = new ArrayList<>(container.command());
        command.addFirst(onHosts.settings());
        return command;
    }

    /** AWS's word for a power. */
    private static String powerId(@Nullable Power power) {
        return String.valueOf(power).toLowerCase(Locale.ROOT);
    }

    private static @Nullable EndpointContent endpoint(ServiceDeploymentSpec spec) {
        PublicEndpoint endpoint = spec.publicEndpoint();
        if (endpoint == null) {
            return null;
        }
        String name = endpoint.containerName() != null
                ? endpoint.containerName()
                : spec.containers().getFirst().name();
        Integer port = endpoint.containerPort();
        if (port == null) {
            port = spec.containers().stream()
                    .filter(container -> container.name().equals(name))
                    .findFirst()
                    .orElseThrow()
                    .ports()
                    .getFirst()
                    .containerPort();
        }
        HealthCheck check = endpoint.healthCheck();
        return new EndpointContent(
                name,
                port,
                check.path(),
                check.successCodes(),
                check.intervalSeconds(),
                check.timeoutSeconds(),
                check.healthyThreshold(),
                check.unhealthyThreshold());
    }

    private static String contractHash(ServiceDeploymentSpec spec) {
        SortedMap<String, List<RequiredEnv>> required = new TreeMap<>();
        Workloads.of(spec).forEach(container -> required.put(container.name(), container.requiredEnv()));
        return Canonical.hash(spec.readiness(), spec.verification(), required);
    }

    /** A problem whose message names the field and the fix. */
    static Problem invalid(Reason reason, String message) {
        return new Problem(Problem.Kind.INVALID, reason, message);
    }
}
