package dev.lightkeeper;

import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.plan.RevisionRecord;
import dev.lightkeeper.reconcile.Run;
import dev.lightkeeper.reconcile.RunResult;
import dev.lightkeeper.reconcile.Session;
import dev.lightkeeper.status.Notice;
import dev.lightkeeper.status.Told;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/** A pipeline that says Ready and remembers what it was given. */
final class CountingRun implements Run {
    final Map<String, List<ServiceDeployment>> seen = new ConcurrentHashMap<>();
    volatile Duration nextRun = Duration.ofHours(1);
    volatile boolean released;
    volatile String failing = "";
    volatile IntFunction<String> message = _ -> "all is well";
    volatile BooleanSupplier before = () -> true;

    @Override
    public RunResult run(ServiceDeployment resource, List<RevisionRecord> revisions, Session session) {
        String name = resource.getMetadata().getName();
        List<ServiceDeployment> runs = seen.computeIfAbsent(name, _ -> new CopyOnWriteArrayList<>());
        runs.add(resource);
        if (!before.getAsBoolean() || failing.equals(name)) {
            throw new IllegalStateException("a bug");
        }
        boolean first = runs.size() == 1;
        return new RunResult(
                new Told(
                        Manifests.status(
                                resource.getMetadata().getGeneration(),
                                ConditionStatus.True,
                                message.apply(runs.size())),
                        first ? List.of(new Notice(false, Reason.Verified, "it works")) : List.of()),
                List.of(),
                List.of(),
                Instant.now().plus(nextRun),
                released,
                false);
    }
}
