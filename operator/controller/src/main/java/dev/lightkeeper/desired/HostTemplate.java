package dev.lightkeeper.desired;

import dev.lightkeeper.api.v1alpha1.Ec2Runtime;
import dev.lightkeeper.api.v1alpha1.Ec2Target;
import dev.lightkeeper.api.v1alpha1.GitSource;
import dev.lightkeeper.api.v1alpha1.Logging;
import dev.lightkeeper.api.v1alpha1.Pm2Process;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of {@code spec.ec2} belongs to a release, rather than to where it runs. The names of the members are a stored
 * format.
 */
public record HostTemplate(
        @Nullable Ec2Runtime runtime,
        String runAs,
        Integer terminationGracePeriodSeconds,
        @Nullable GitSource source,
        List<List<String>> build,
        List<Pm2Process> processes,
        List<String> executables,
        @Nullable Logging logging) {
    public HostTemplate {
        build = build == null ? List.of() : List.copyOf(build);
        processes = processes == null ? List.of() : List.copyOf(processes);
        executables = executables == null ? List.of() : List.copyOf(executables);
    }

    /** The template of a target, with what its log options leave to {@code logGroup} and to defaults. */
    public static HostTemplate of(Ec2Target target) {
        return new HostTemplate(
                target.runtime(),
                target.runAs(),
                target.terminationGracePeriodSeconds(),
                target.source(),
                target.build(),
                target.processes(),
                target.executables(),
                LoggingRules.effective(target));
    }

    /** The target with this in the place of its own. */
    Ec2Target in(Ec2Target target) {
        return new Ec2Target(
                target.hosts(),
                runtime,
                runAs,
                target.maxUnavailable(),
                terminationGracePeriodSeconds,
                target.publicUrl(),
                LoggingRules.logGroup(logging, target.logGroup()),
                logging,
                target.registryCredentials(),
                source,
                build,
                processes,
                executables);
    }

    /** What decides how the containers or processes are run, besides themselves. */
    String settings() {
        String settings = Canonical.hash(
                runtime,
                runAs,
                terminationGracePeriodSeconds,
                source == null ? null : source.credentialsParameter(),
                build,
                executables);
        // What declares no logging is the release that it was before there was such a field.
        return logging == null ? settings : Canonical.hash(settings, logging);
    }
}
