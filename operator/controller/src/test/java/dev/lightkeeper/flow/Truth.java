package dev.lightkeeper.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.PublicDomainName;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.DesiredState.Release;
import dev.lightkeeper.desired.DesiredState.ResourceIdentity;
import dev.lightkeeper.desired.DesiredStep;
import dev.lightkeeper.observe.ServiceState;
import dev.lightkeeper.plan.RevisionRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What a status claims, held against what there is at this moment. For worlds in which reads are not stale. */
final class Truth {
    /** The pause after an activation in which probes prove nothing, and as many misses as readiness needs. */
    private static final Duration DETECTION = Duration.ofMinutes(4);

    private static final String NOT_READY = "what serves is not ready";

    private final Flow flow;
    private final DesiredStep declared;
    private boolean wasReady;
    private Instant notReadySince;

    Truth(Flow flow) {
        this.flow = flow;
        declared = new DesiredStep(flow.references, flow.parameters, flow.digester);
    }

    /** A status was written: it may say less than what is so, but nothing that is not so. */
    void told(ServiceDeploymentStatus status) {
        List<String> lies = new ArrayList<>();
        boolean ready = is(status, "Ready")
                && status.conditions().getFirst().observedGeneration() == flow.manifest.generation();
        if (ready) {
            contradictions(!wasReady).forEach(what -> lies.add("Ready, but " + what));
        }
        if (is(status, "Synced")) {
            contradictions(true).stream()
                    .filter(what -> !what.equals(NOT_READY))
                    .forEach(what -> lies.add("Synced, but " + what));
        }
        if (is(status, "Available")) {
            available(lies);
        } else {
            notReadySince = null;
        }
        if (status.lastVerifiedRevision() != null && !isVerified(status.lastVerifiedRevision())) {
            lies.add("revision %s is called verified and is not".formatted(status.lastVerifiedRevision()));
        }
        stalled(status, lies);
        wasReady = ready;
        assertThat(lies)
                .as("told %s%ncalls %s%n%s", status, flow.cloud.calls(), flow)
                .isEmpty();
    }

    /** A release that was activated a moment ago is not probed yet, and what was told of the one before stands so long. */
    private void available(List<String> lies) {
        if (flow.cloud.found().map(FakeService::images).orElse(List.of()).isEmpty()) {
            lies.add("Available, but nothing serves");
        }
        if (serves()) {
            notReadySince = null;
        } else if (notReadySince == null) {
            notReadySince = flow.clock.instant();
        } else if (flow.clock.instant().isAfter(notReadySince.plus(DETECTION))) {
            lies.add("Available, but what serves is not ready");
        }
    }

    private void stalled(ServiceDeploymentStatus status, List<String> lies) {
        Optional<RevisionRecord> kept =
                Optional.ofNullable(status.currentRevision()).map(flow.store::revision);
        boolean rolledBack = condition(status, "Stalled")
                .filter(stalled -> stalled.reason().equals(Reason.RolledBack.name()))
                .isPresent();
        boolean runs = flow.cloud
                .found()
                .map(FakeService::content)
                .filter(live -> kept.isPresent()
                        && live.digested(flow.digester).equals(kept.get().content()))
                .isPresent();
        if (rolledBack && !runs) {
            lies.add("RolledBack, but revision %s does not serve".formatted(status.currentRevision()));
        }
    }

    /**
     * What is not as the manifest says.
     *
     * @param all also what a generation that was Ready once does not lose Ready by
     */
    List<String> contradictions(boolean all) {
        List<String> found = new ArrayList<>();
        FakeService service = flow.cloud.found().orElse(null);
        ServiceDeploymentSpec spec = flow.manifest.resource(flow.store.status()).getSpec();
        Release release = desired(spec).release();
        if (service == null || service.state() == ServiceState.DISABLED) {
            found.add("there is no service, or it is disabled");
            return found;
        }
        if (release == null) {
            found.add("what is declared cannot be resolved");
            return found;
        }
        if (!release.content().equals(service.content())) {
            found.add("%s serves".formatted(service.images()));
        }
        if (!serves()) {
            found.add(NOT_READY);
        }
        if (all) {
            capacityAndAttachments(spec, release, service, found);
        }
        return found;
    }

    private static void capacityAndAttachments(
            ServiceDeploymentSpec spec, Release release, FakeService service, List<String> found) {
        if (!service.power().equals(release.power()) || service.scale() < spec.scale()) {
            found.add("capacity is %s × %d".formatted(service.power(), service.scale()));
        }
        for (PublicDomainName name : spec.lightsail().publicDomainNames()) {
            List<String> attached = service.domains().getOrDefault(name.certificateName(), List.of());
            if (!new HashSet<>(attached).equals(new HashSet<>(name.domainNames()))) {
                found.add("domains are " + service.domains());
            }
        }
        Map<String, String> tags = spec.lightsail().tags();
        if (tags != null && !service.tags().entrySet().containsAll(tags.entrySet())) {
            found.add("tags are " + service.tags());
        }
    }

    private boolean serves() {
        return flow.cloud
                .found()
                .filter(service -> service.state() != ServiceState.DISABLED)
                .filter(service ->
                        !service.images().isEmpty() && service.images().stream().noneMatch(flow.prober::isSick))
                .isPresent();
    }

    private boolean isVerified(String revision) {
        RevisionRecord record = flow.store.revision(revision);
        return record != null && record.result() == RevisionRecord.Result.Verified;
    }

    private DesiredState desired(ServiceDeploymentSpec spec) {
        return declared.resolve(
                new ResourceIdentity("shop", "api", "uid-1", flow.manifest.generation()),
                spec,
                flow.store.status().target(),
                Map.of(),
                false);
    }

    private static boolean is(ServiceDeploymentStatus status, String type) {
        return condition(status, type)
                .filter(condition -> condition.status() == ConditionStatus.True)
                .isPresent();
    }

    private static Optional<Condition> condition(ServiceDeploymentStatus status, String type) {
        return status.conditions().stream()
                .filter(condition -> Objects.equals(condition.type(), type))
                .findFirst();
    }
}
