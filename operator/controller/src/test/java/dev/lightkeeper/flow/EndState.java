package dev.lightkeeper.flow;

import dev.lightkeeper.api.v1alpha1.Ec2Status;
import dev.lightkeeper.api.v1alpha1.RollStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.plan.RevisionRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** How a story has ended: all of the status, the revisions and AWS. When things happened is left out. */
final class EndState {
    private EndState() {}

    static List<String> of(Flow flow) {
        List<String> lines = new ArrayList<>();
        ServiceDeploymentStatus status = flow.store.status();
        lines.add("released " + flow.isReleased());
        status.conditions()
                .forEach(told -> lines.add("%s=%s/%s of %d: %s"
                        .formatted(
                                told.type(), told.status(), told.reason(), told.observedGeneration(), told.message())));
        status.checks()
                .forEach(check -> lines.add("check %s %s %s of version %d: %s"
                        .formatted(
                                check.type(),
                                check.name(),
                                check.status(),
                                check.deploymentVersion(),
                                check.message())));
        lines.add("revisions: current %s, update %s, verified %s"
                .formatted(status.currentRevision(), status.updateRevision(), status.lastVerifiedRevision()));
        lines.add("failed " + status.failed());
        lines.add("target " + status.target());
        lines.add("operation %s, rollout %s".formatted(status.operation(), status.rollout()));
        lines.add("foreign " + status.foreign());
        lines.add("handled " + status.handled());
        lines.add("plan %s %s".formatted(status.plan(), status.planHash()));
        lines.add("%s at %s, %d replicas".formatted(status.summary(), status.url(), status.replicas()));
        status.automaticActs().forEach(act -> lines.add("act %s of %s".formatted(act.kind(), act.revision())));
        status.history()
                .forEach(entry ->
                        lines.add("history %s %s %s".formatted(entry.revision(), entry.result(), entry.message())));
        if (status.lightsail() != null) {
            lines.add("lightsail %s, %s × %d (reached %d, declared %d), version %d, images %s, attachments %s"
                    .formatted(
                            status.lightsail().state(),
                            status.lightsail().power(),
                            status.lightsail().scale(),
                            status.lightsail().reachedScale(),
                            status.lightsail().declaredScale(),
                            status.lightsail().deploymentVersion(),
                            status.lightsail().images(),
                            status.lightsail().attachmentsDigest()));
        }
        if (flow.fleet != null) {
            hosts(flow, lines);
        }
        flow.store.revisions().stream().map(EndState::revision).forEach(lines::add);
        lines.add(flow.cloud.found().map(EndState::service).orElse("no service"));
        flow.cloud
                .audit()
                .forEach(mutation -> lines.add("did " + mutation.action().describe()));
        return lines;
    }

    /** Without the number of commands: one that never left the operator counts, too. */
    private static void hosts(Flow flow, List<String> lines) {
        Ec2Status seen = flow.store.status().ec2();
        RollStatus roll = seen == null ? null : seen.roll();
        if (roll != null) {
            lines.add("roll %d of %s (%s): %s, %s, serving %d %s, outstanding %s"
                    .formatted(
                            roll.number(),
                            roll.revision(),
                            roll.kind(),
                            roll.phase(),
                            roll.message(),
                            roll.servingNumber(),
                            roll.servingRevision(),
                            roll.command()));
            lines.add("hosts %s reached %s declared %s version %s images %s"
                    .formatted(
                            seen.scale(),
                            seen.reachedScale(),
                            seen.declaredScale(),
                            seen.deploymentVersion(),
                            seen.images()));
        }
        flow.store.status().hosts().forEach(host -> lines.add(host.toString()));
        lines.add("running " + flow.fleet.running());
        flow.fleet.audit().forEach(command -> lines.add("told " + command));
    }

    private static String revision(RevisionRecord record) {
        return "revision %s %s: AWS version %d, %s, fingerprint %s, contract %s, proved %s"
                .formatted(
                        record.number(),
                        record.content().images(),
                        record.awsVersion(),
                        record.result(),
                        record.fingerprint(),
                        record.contractHash(),
                        record.verifiedTime() != null);
    }

    private static String service(FakeService service) {
        return "service %s, %s × %d, content %s, %d versions, tags %s, domains %s"
                .formatted(
                        service.state(),
                        service.power(),
                        service.scale(),
                        Objects.hashCode(service.content()),
                        service.versions(),
                        service.tags(),
                        service.domains());
    }
}
