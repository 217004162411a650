package dev.lightkeeper.reconcile;

import dev.lightkeeper.act.Executor;
import dev.lightkeeper.act.IntentLog;
import dev.lightkeeper.act.Results;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.DesiredState.Release;
import dev.lightkeeper.desired.DesiredState.ResourceIdentity;
import dev.lightkeeper.desired.DesiredStep;
import dev.lightkeeper.desired.Problem;
import dev.lightkeeper.desired.Template;
import dev.lightkeeper.observe.LiveState;
import dev.lightkeeper.observe.Observer;
import dev.lightkeeper.plan.History;
import dev.lightkeeper.plan.Memory;
import dev.lightkeeper.plan.Plan;
import dev.lightkeeper.plan.Planner;
import dev.lightkeeper.plan.RevisionRecord;
import dev.lightkeeper.plan.hosts.HostView;
import dev.lightkeeper.status.StatusStep;
import dev.lightkeeper.status.Told;
import dev.lightkeeper.verify.Contracts;
import dev.lightkeeper.verify.Verdict;
import dev.lightkeeper.verify.Verifier;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The whole program: six steps, data flowing one way. */
public final class Pipeline implements Run {
    private final DesiredStep desiredStep;
    private final Observer observer;
    private final Planner planner;
    private final Executor executor;
    private final Verifier verifier;
    private final StatusStep statusStep;
    private final InstantSource clock;
    private final Recollection recollection;
    private final Trace trace;

    /**
     * Wires the steps.
     *
     * @param driftHeldUntil see {@link History#driftHeldUntil()}
     */
    public Pipeline(
            DesiredStep desiredStep,
            Observer observer,
            Planner planner,
            Executor executor,
            Verifier verifier,
            StatusStep statusStep,
            Breaker breaker,
            InstantSource clock,
            @Nullable Instant driftHeldUntil,
            Trace trace) {
        this.trace = trace;
        this.desiredStep = desiredStep;
        this.observer = observer;
        this.planner = planner;
        this.executor = executor;
        this.verifier = verifier;
        this.statusStep = statusStep;
        this.clock = clock;
        recollection = new Recollection(driftHeldUntil, breaker);
    }

    @Override
    public RunResult run(ServiceDeployment resource, List<RevisionRecord> revisions, Session session) {
        return trace.run(
                resource,
                () -> steps(resource, revisions, session),
                result -> result.told().status().conditions());
    }

    private RunResult steps(ServiceDeployment resource, List<RevisionRecord> revisions, Session session) {
        Instant now = clock.instant();
        History history = recollection.history(resource, revisions, verifier);

        DesiredState desired = trace.step(
                "resolve",
                () -> withKept(
                        desiredStep.resolve(
                                identity(resource),
                                resource.getSpec(),
                                history.memory().target(),
                                history.requests(),
                                resource.isMarkedForDeletion()),
                        history));
        LiveState live = desired.has(Problem.Kind.INVALID)
                ? LiveState.notLooked()
                : trace.step("observe", () -> look(desired, history, now));
        Plan plan = trace.step("plan", () -> planner.plan(desired, live, history, now));
        Intents intents = new Intents(session, history, desired, live, plan, now);
        Results results = trace.step("act", () -> executor.execute(desired, plan, intents));
        Verdict verdict = trace.step(
                "verify",
                () -> verifier.verify(contracts(desired, results.memory(), history), live, plan, results, history));
        Told told = trace.step("tell", () -> statusStep.tell(history, desired, live, plan, results, verdict, now));

        recollection.remember(desired, plan, results, verdict, history, now);
        if (plan.released()) {
            forget(desired.resource().uid());
        }
        return new RunResult(
                told,
                results.done(),
                plan.marks(),
                NextRun.after(plan, results, verdict, history, clock.instant()),
                plan.released(),
                intents.refused);
    }

    private LiveState look(DesiredState desired, History history, Instant now) {
        return HostView.of(
                observer.look(recollection.look(desired, history)),
                desired,
                history,
                planner.clusterUid(),
                now,
                planner.slowLook());
    }

    private DesiredState withKept(DesiredState desired, History history) {
        Memory memory = history.memory();
        RevisionRecord kept = memory.keepsOlder() && !desired.absent() && !desired.has(Problem.Kind.INVALID)
                ? history.byNumber(memory.currentRevision()).orElse(null)
                : null;
        Template template = kept == null ? null : kept.template();
        return kept == null || template == null
                ? desired
                : desired.keeping(desiredStep.kept(
                        desired, template, kept.contract(), kept.contractHash(), memory.target(), history.requests()));
    }

    private Contracts contracts(DesiredState desired, Memory memory, History history) {
        return Contracts.of(
                judged(desired, memory.olderServing(), history),
                judged(desired, memory.rolledOlder(), history),
                memory.rolledRevision() != null);
    }

    /** By the contract that a revision was stored with; by the spec's where there is no such revision. */
    private DesiredState judged(DesiredState desired, @Nullable String revision, History history) {
        return history.byNumber(revision)
                .map(kept -> desiredStep.judgedBy(desired, kept.contract(), kept.contractHash()))
                .orElse(desired);
    }

    private static ResourceIdentity identity(ServiceDeployment resource) {
        ObjectMeta metadata = resource.getMetadata();
        return new ResourceIdentity(
                metadata.getNamespace(), metadata.getName(), metadata.getUid(), metadata.getGeneration());
    }

    private void forget(String uid) {
        recollection.forget(uid);
        desiredStep.forget(uid);
        executor.forget(uid);
        verifier.forget(uid);
    }

    /** Writes intents as a whole status, so that none in between is ever half a truth. */
    private final class Intents implements IntentLog {
        private final Session session;
        private final History history;
        private final DesiredState desired;
        private final LiveState live;
        private final Plan plan;
        private final Instant now;
        private boolean refused;

        Intents(Session session, History history, DesiredState desired, LiveState live, Plan plan, Instant now) {
            this.session = session;
            this.history = history;
            this.desired = desired;
            this.live = live;
            this.plan = plan;
            this.now = now;
        }

        @Override
        public boolean storeRevision(String revision, Release release) {
            DesiredState kept = desired.kept();
            Release today = kept == null ? null : kept.release();
            boolean ofKept = today != null && today.fingerprint().equals(release.fingerprint());
            return note(session.storeRevision(kept != null && ofKept ? kept : desired, revision, release));
        }

        @Override
        public boolean storeBaseline(Plan.Baseline baseline) {
            return note(session.storeBaseline(desired, baseline));
        }

        @Override
        public boolean writeAhead(Memory memory) {
            Results intended = new Results(List.of(), memory, null);
            Verdict before = new Verdict(history.checks(), null);
            return note(session.writeAhead(
                    statusStep.intend(history, desired, live, plan, intended, before, now), plan.marks()));
        }

        private boolean note(boolean written) {
            refused |= !written;
            return written;
        }
    }
}
