package dev.lightkeeper.status;

import dev.lightkeeper.api.v1alpha1.CheckStatus;
import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.Container;
import dev.lightkeeper.api.v1alpha1.Ec2Status;
import dev.lightkeeper.api.v1alpha1.HostStatus;
import dev.lightkeeper.api.v1alpha1.LightsailStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.api.v1alpha1.Summary;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.observe.LiveDeployment;
import dev.lightkeeper.observe.LiveService;
import dev.lightkeeper.observe.LiveState;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.plan.Memory;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A status in the making: starts as the old one, so that what a run did not learn stays as it was. */
final class StatusDraft {
    private final ServiceDeploymentStatus old;
    private long generation;
    private List<Condition> conditions;
    private List<CheckStatus> checks;
    private List<String> plan;
    private @Nullable String planHash;
    private Memory memory;
    private @Nullable String url;
    private @Nullable Summary summary;
    private @Nullable Integer replicas;
    private @Nullable LightsailStatus lightsail;
    private @Nullable Ec2Status ec2;
    private List<HostStatus> hosts;
    private @Nullable Integer readyReplicas;
    private @Nullable String cost;

    StatusDraft(ServiceDeploymentStatus old) {
        this.old = old;
        generation = old.observedGeneration() == null ? -1 : old.observedGeneration();
        conditions = old.conditions();
        checks = old.checks();
        plan = old.plan();
        planHash = old.planHash();
        memory = Memory.of(old);
        url = old.url();
        summary = old.summary();
        replicas = old.replicas();
        lightsail = old.lightsail();
        ec2 = old.ec2();
        hosts = old.hosts();
        readyReplicas = old.readyReplicas();
        cost = old.estimatedMonthlyCostUsd();
    }

    StatusDraft observedGeneration(long seen) {
        generation = seen;
        return this;
    }

    StatusDraft conditions(List<Condition> list) {
        conditions = list;
        return this;
    }

    StatusDraft checks(List<CheckStatus> list) {
        checks = list;
        return this;
    }

    StatusDraft plan(List<String> lines, @Nullable String hash) {
        plan = lines;
        planHash = hash;
        return this;
    }

    StatusDraft memory(Memory remembered) {
        memory = remembered;
        return this;
    }

    /** What AWS showed in this run; nothing changes when it showed nothing. */
    StatusDraft live(LiveState live, DesiredState desired, Memory remembered) {
        int wanted = desired.spec().scale();
        if (desired.spec().runsOnHosts()) {
            onHosts(live, wanted, remembered);
            return this;
        }
        switch (live.ours(remembered.arn())) {
            case Observed.Present<LiveService>(LiveService service) -> {
                url = service.url();
                replicas = service.scale();
                List<String> images = images(service.current());
                summary = new Summary(String.join(",", images), "%d/%d".formatted(service.scale(), wanted));
                cost = cost(live, service);
                lightsail = new LightsailStatus(
                        service.state().name(),
                        service.power(),
                        service.scale(),
                        reachedScale(service.scale(), wanted),
                        remembered.served().scaleRaisedTime(),
                        remembered.served().attachmentsDigest(),
                        remembered.served().leftChange(),
                        wanted,
                        remembered.deploymentVersion(),
                        remembered.activeTime(),
                        images,
                        newest(live, desired),
                        service.ecrImagePullerRoleArn());
            }
            case Observed.Absent<LiveService> ignored -> {
                url = null;
                replicas = 0;
                summary = new Summary(null, "0/%d".formatted(wanted));
                lightsail = null;
                cost = null;
            }
            case Observed.Unknown<LiveService> ignored -> {}
        }
        return this;
    }

    private void onHosts(LiveState live, int wanted, Memory remembered) {
        Integer scale = old.ec2() == null ? null : old.ec2().scale();
        List<String> images = old.ec2() == null ? List.of() : old.ec2().images();
        if (live.service() instanceof Observed.Present<LiveService>(LiveService service)) {
            url = service.url().isEmpty() ? null : service.url();
            scale = (int)
                    remembered.hosts().stream().filter(HostStatus::mayServe).count();
            images = images(service.current());
            replicas = scale;
            summary = new Summary(String.join(",", images), "%d/%d".formatted(scale, wanted));
        }
        hosts = remembered.hosts();
        // Where no host is asked by itself, none is known to be ready or not.
        readyReplicas = hosts.stream().allMatch(host -> host.ready() == null)
                ? null
                : Integer.valueOf((int) hosts.stream()
                        .filter(host -> Boolean.TRUE.equals(host.ready()))
                        .count());
        Integer before = old.ec2() == null ? null : old.ec2().reachedScale();
        Integer reached = scale != null && scale >= wanted
                ? Integer.valueOf(wanted)
                : before == null ? null : Integer.valueOf(Math.min(before, wanted));
        ec2 = new Ec2Status(
                scale,
                reached,
                wanted,
                remembered.deploymentVersion(),
                remembered.activeTime(),
                images,
                remembered.roll());
    }

    /** A price list that could not be read leaves the cost as it was, as long as it is about the same capacity. */
    private @Nullable String cost(LiveState live, LiveService service) {
        LightsailStatus before = old.lightsail();
        boolean sameCapacity = before != null
                && service.power().equals(before.power())
                && Objects.equals(service.scale(), before.scale());
        return live.costs().prices() instanceof Observed.Unknown && sameCapacity
                ? old.estimatedMonthlyCostUsd()
                : live.costs()
                        .monthly(service.power(), service.scale())
                        .map(BigDecimal::toPlainString)
                        .orElse(null);
    }

    private @Nullable Integer reachedScale(int scale, int wanted) {
        if (scale >= wanted) {
            return wanted;
        }
        Integer before = old.lightsail() == null ? null : old.lightsail().reachedScale();
        return before == null ? null : Integer.valueOf(Math.min(before, wanted));
    }

    /** What could not be read is as it was. */
    private List<String> newest(LiveState live, DesiredState desired) {
        if (!(live.pushedImages() instanceof Observed.Present<Set<String>>(Set<String> pushed))) {
            return old.lightsail() == null ? List.of() : old.lightsail().newestImages();
        }
        return StoredImage.among(desired.spec().containers().stream()
                        .map(Container::image)
                        .toList())
                .stream()
                .flatMap(image -> image.newest(pushed).stream())
                .map(StoredImage::toString)
                .distinct()
                .toList();
    }

    private static List<String> images(@Nullable LiveDeployment deployment) {
        return deployment == null ? List.of() : deployment.content().images();
    }

    ServiceDeploymentStatus build() {
        return new ServiceDeploymentStatus(
                generation,
                conditions,
                url,
                summary,
                replicas,
                readyReplicas,
                memory.currentRevision(),
                memory.updateRevision(),
                memory.lastVerifiedRevision(),
                memory.failed(),
                memory.target(),
                lightsail,
                ec2,
                hosts,
                memory.foreign(),
                memory.rollout(),
                memory.operation(),
                memory.automaticActs(),
                checks,
                memory.history(),
                plan,
                planHash,
                cost,
                memory.handled());
    }
}
