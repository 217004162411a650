package dev.lightkeeper.ec2;

import dev.lightkeeper.api.v1alpha1.Container;
import dev.lightkeeper.api.v1alpha1.ContainerPort;
import dev.lightkeeper.api.v1alpha1.Ec2Runtime;
import dev.lightkeeper.api.v1alpha1.Ec2Target;
import dev.lightkeeper.api.v1alpha1.GitSource;
import dev.lightkeeper.api.v1alpha1.Logging;
import dev.lightkeeper.api.v1alpha1.Pm2Process;
import dev.lightkeeper.api.v1alpha1.RegistryCredentials;
import dev.lightkeeper.api.v1alpha1.RollPhase;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import dev.lightkeeper.desired.Content.ContainerContent;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.DesiredState.Release;
import dev.lightkeeper.desired.DesiredState.ResourceIdentity;
import dev.lightkeeper.desired.HostTemplate;
import dev.lightkeeper.plan.Action;
import dev.lightkeeper.plan.hosts.RollRules;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The requests of a roll. A release travels with {@code inspect} and {@code prepare} only. */
final class HostRelease {
    private static final Duration BRINGING = Duration.ofMinutes(30);
    private static final Duration USUAL = Duration.ofMinutes(10);

    /** More than that AWS does not take. */
    private static final Duration LONGEST = Duration.ofDays(2);

    /** The default of the script, too. */
    private static final int GRACE = 30;

    private final String clusterUid;

    HostRelease(String clusterUid) {
        this.clusterUid = clusterUid;
    }

    /** How a service is called on its hosts. */
    static String service(ResourceIdentity resource) {
        return resource.namespace() + "." + resource.name();
    }

    ScriptRequest request(DesiredState desired, Action.CommandHosts action) {
        String verb = action.command().verb();
        boolean back = action.roll().phase() == RollPhase.TakingBack;
        String revision = back ? action.roll().servingRevision() : action.roll().revision();
        ScriptRequest request = ScriptRequest.of(verb)
                .line("service", service(desired.resource()))
                .line("operation", action.command().operationId())
                .line("owner", clusterUid);
        if (verb.equals(RollRules.REMOVE)) {
            return request;
        }
        request.maybe("revision", revision);
        if (verb.equals(RollRules.ROLLBACK)) {
            return request;
        }
        DesiredState source = action.source() == null ? desired : action.source();
        Ec2Target target = Objects.requireNonNull(source.spec().ec2(), "only services on hosts are told so");
        request.line("fingerprint", action.fingerprint())
                .line("runtime", String.valueOf(target.runtime()))
                .line("runAs", target.runAs())
                .maybe("gracePeriod", target.terminationGracePeriodSeconds());
        Release release = source.release();
        if (!verb.equals(RollRules.ACTIVATE) && release != null) {
            content(request, source, target, release);
        }
        return request;
    }

    /**
     * How long the script may take. Processes are stopped one after another, each with its whole grace, and what fails is
     * stopped once more on the way back.
     *
     * @param desired what the resource declares now; what is stopped, or what is started, may be of the action's source
     */
    static Duration mayRun(DesiredState desired, Action.CommandHosts action) {
        return switch (action.command().verb()) {
            case RollRules.PREPARE -> BRINGING;
            case RollRules.ACTIVATE, RollRules.ROLLBACK, RollRules.REMOVE -> {
                Duration stopping = Stream.ofNullable(action.source())
                        .map(source -> stopping(source.spec()))
                        .reduce(stopping(desired.spec()), (one, other) -> one.compareTo(other) > 0 ? one : other);
                Duration whole = USUAL.plus(stopping.multipliedBy(2));
                yield whole.compareTo(LONGEST) > 0 ? LONGEST : whole;
            }
            default -> USUAL;
        };
    }

    private static Duration stopping(ServiceDeploymentSpec spec) {
        Ec2Target target = spec.ec2();
        Integer grace = target == null ? null : target.terminationGracePeriodSeconds();
        int processes = target == null || target.runtime() != Ec2Runtime.Pm2
                ? spec.containers().size()
                : target.processes().stream()
                        .mapToInt(process -> Objects.requireNonNullElse(process.instances(), 1))
                        .sum();
        return Duration.ofSeconds((long) Objects.requireNonNullElse(grace, GRACE) * processes);
    }

    private static void content(ScriptRequest request, DesiredState source, Ec2Target target, Release release) {
        if (target.runtime() == Ec2Runtime.Pm2) {
            checkout(request, target);
            target.processes().forEach(process -> process(request, process, release));
        } else {
            RegistryCredentials credentials = target.registryCredentials();
            if (credentials != null) {
                request.line("registryUser", credentials.username())
                        .line("registryParameter", credentials.passwordParameter());
            }
            logging(request, HostTemplate.of(target).logging());
            source.spec().containers().forEach(container -> container(request, container, release));
        }
    }

    private static void container(ScriptRequest request, Container container, Release release) {
        request.line("container", container.name())
                .line("image", container.image())
                .each("argument", container.command());
        for (ContainerPort port : container.ports()) {
            Integer published = port.hostPort() == null ? port.containerPort() : port.hostPort();
            request.line("port", "%d:%d".formatted(published, port.containerPort()));
        }
        variables(request, container.name(), release);
    }

    private static void logging(ScriptRequest request, @Nullable Logging logging) {
        if (logging != null) {
            request.line("logDriver", logging.driver());
            logging.options().forEach((name, value) -> request.line("logOption", name + "=" + value));
        }
    }

    private static void checkout(ScriptRequest request, Ec2Target target) {
        GitSource source = target.source();
        if (source != null) {
            request.line("repository", source.repository())
                    .line("commit", source.revision())
                    .maybe("credentialsParameter", source.credentialsParameter());
        }
        for (List<String> step : target.build()) {
            request.line("build", "").each("argument", step);
        }
        request.each("executable", target.executables());
    }

    private static void process(ScriptRequest request, Pm2Process process, Release release) {
        request.line("process", process.name())
                .line("script", process.script())
                .maybe("instances", process.instances())
                .maybe("port", process.port());
        variables(request, process.name(), release);
    }

    /** A parameter goes as its name and version; the host fetches the value. */
    private static void variables(ScriptRequest request, String container, Release release) {
        ContainerContent content = release.content().containers().get(container);
        if (content == null) {
            return;
        }
        content.environment().forEach((name, value) -> {
            // On hosts, nothing but parameters is a source whose values rotate.
            if (release.sourceDigests().containsKey("%s/%s".formatted(container, name))) {
                request.line("parameter", name).line("from", value.reveal());
            } else {
                request.line("env", name).line("value", value.reveal());
            }
        });
    }
}
