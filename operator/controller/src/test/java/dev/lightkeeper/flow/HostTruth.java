package dev.lightkeeper.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RollStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.plan.RevisionRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What a status claims of a service on hosts, held against what there is at this moment. */
final class HostTruth {
    /** Hosts are asked every minute, and three answers in a row have to be wrong. */
    private static final Duration DETECTION = Duration.ofMinutes(6);

    /** So long AWS may be silent before that is told. */
    private static final Duration SILENCE = Duration.ofMinutes(11);

    private final Flow flow;
    private final Map<String, Instant> wrongSince = new HashMap<>();

    HostTruth(Flow flow) {
        this.flow = flow;
    }

    /** A status was written: it may be late by as long as it takes to find out, but nothing that it says is not so. */
    void told(ServiceDeploymentStatus status) {
        List<String> lies = new ArrayList<>();
        ServiceDeploymentSpec spec = flow.manifest.resource(status).getSpec();
        boolean current = status.observedGeneration() == flow.manifest.generation();
        late("Ready", is(status, "Ready") && current, differing(spec), lies);
        late("Synced", is(status, "Synced") && current, differing(spec), lies);
        late("Available", is(status, "Available"), tooFew(spec, status), lies);
        status.hosts().stream()
                .filter(host -> !flow.fleet.host(host.instanceId()).matches)
                .forEach(host -> lies.add("told of a host that is not its own: " + host));
        if (status.lastVerifiedRevision() != null) {
            RevisionRecord record = flow.store.revision(status.lastVerifiedRevision());
            if (record == null || record.result() != RevisionRecord.Result.Verified) {
                lies.add("revision %s is called verified and is not".formatted(status.lastVerifiedRevision()));
            }
        }
        boolean rolledBack = condition(status, "Stalled")
                .filter(stalled -> stalled.reason().equals(Reason.RolledBack.name()))
                .isPresent();
        boolean there =
                flow.fleet.hosts().stream().anyMatch(host -> Objects.equals(host.current, status.currentRevision()));
        if (rolledBack && !there) {
            lies.add("RolledBack, but revision %s runs nowhere".formatted(status.currentRevision()));
        }
        assertThat(lies).as("told %s%n%s", status, flow).isEmpty();
    }

    private void late(String what, boolean claimed, Optional<String> wrong, List<String> lies) {
        if (!claimed || wrong.isEmpty()) {
            wrongSince.remove(what);
            return;
        }
        Instant since = wrongSince.computeIfAbsent(what, key -> flow.clock.instant());
        if (flow.clock.instant().isAfter(since.plus(DETECTION).plus(SILENCE))) {
            lies.add("%s, but %s".formatted(what, wrong.get()));
        }
    }

    /** What runs otherwise than declared, where anything runs. */
    Optional<String> differing(ServiceDeploymentSpec spec) {
        String image = spec.containers().getFirst().image();
        List<String> serving = flow.fleet.hosts().stream()
                .filter(host -> host.matches && host.answers() && host.current != null)
                .filter(host -> !List.copyOf(host.running.values()).equals(List.of(image)))
                .map(host -> "%s runs %s".formatted(host.id, host.running.values()))
                .toList();
        return serving.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", serving));
    }

    private Optional<String> tooFew(ServiceDeploymentSpec spec, ServiceDeploymentStatus status) {
        RollStatus roll = status.ec2() == null ? null : status.ec2().roll();
        int away = roll != null && roll.goesOn()
                ? Objects.requireNonNullElse(spec.ec2().maxUnavailable(), 1)
                : 0;
        long needed = Math.max(1, spec.minimumScale() - away);
        long working = flow.fleet.hosts().stream().filter(this::works).count();
        return working >= needed ? Optional.empty() : Optional.of("only %d hosts work".formatted(working));
    }

    /** Whether it would answer well. */
    boolean works(FakeHost host) {
        return host.matches
                && host.answers()
                && !host.sick
                && !host.running.isEmpty()
                && host.running.values().stream().noneMatch(flow.fleet::isSick);
    }

    private static boolean is(ServiceDeploymentStatus status, String type) {
        return condition(status, type)
                .filter(condition -> condition.status() == ConditionStatus.True)
                .isPresent();
    }

    private static Optional<Condition> condition(ServiceDeploymentStatus status, String type) {
        return status.conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst();
    }
}
