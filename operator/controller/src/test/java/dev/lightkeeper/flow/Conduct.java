package dev.lightkeeper.flow;

import dev.lightkeeper.api.v1alpha1.HostStatus;
import dev.lightkeeper.api.v1alpha1.HostStep;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import dev.lightkeeper.plan.Action;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What the operator may tell hosts, by what it knows of them when it does: no more of them out at a time than declared, and
 * never fewer that work than declared; one alone before all others; and nothing that is somebody else's.
 */
final class Conduct {
    private final Consumer<String> offence;
    private int mostOut;

    Conduct(Consumer<String> offence) {
        this.offence = offence;
    }

    int mostOut() {
        return mostOut;
    }

    void sent(ServiceDeploymentSpec spec, Action.CommandHosts action, Map<String, FakeHost> hosts) {
        String words =
                "%s %s".formatted(action.command().verb(), action.command().instanceIds());
        for (String id : action.command().instanceIds()) {
            FakeHost host = hosts.get(id);
            if (host == null || !host.matches || (host.current != null && !host.owner.equals(Flow.CLUSTER))) {
                offence.accept("somebody else's host: " + words);
            }
        }
        if (Set.of("activate", "rollback").contains(action.command().verb())) {
            exchange(spec, action, words);
        }
    }

    private void exchange(ServiceDeploymentSpec spec, Action.CommandHosts action, String words) {
        Set<String> working = ids(action.hosts(), host -> Boolean.TRUE.equals(host.ready()));
        Set<String> taken = new HashSet<>(action.command().instanceIds());
        taken.retainAll(working);
        Set<String> out = ids(action.hosts(), Conduct::isOut);
        out.addAll(taken);
        mostOut = Math.max(mostOut, out.size());
        int maxUnavailable = Objects.requireNonNullElse(spec.ec2().maxUnavailable(), 1);
        if (!taken.isEmpty() && out.size() > maxUnavailable) {
            offence.accept("more than maxUnavailable hosts out: %s while %s".formatted(words, out));
        }
        int left = working.size() - taken.size();
        int least = Math.max(spec.minimumScale() - maxUnavailable, spec.scale() > 1 ? 1 : 0);
        if (!taken.isEmpty() && left < least) {
            offence.accept("only %d hosts left that work: %s, %s".formatted(left, words, action.hosts()));
        }
        boolean first = action.hosts().stream()
                .noneMatch(host -> host.step() == HostStep.Verified || host.step() == HostStep.TakenBack);
        boolean back = action.hosts().stream().anyMatch(host -> host.step() == HostStep.Failed);
        if (first && !back && action.command().instanceIds().size() > 1) {
            offence.accept("no canary: " + words);
        }
    }

    /** Switched over, or back, and not known to work. */
    private static boolean isOut(HostStatus host) {
        boolean there = "running".equals(host.state())
                || (HostStatus.UNREACHABLE.equals(host.state()) && host.step() != HostStep.Verified);
        return host.step() != null && there && host.step() != HostStep.Prepared && !Boolean.TRUE.equals(host.ready());
    }

    private static Set<String> ids(List<HostStatus> hosts, Predicate<HostStatus> which) {
        return hosts.stream().filter(which).map(HostStatus::instanceId).collect(Collectors.toSet());
    }
}
