package dev.lightkeeper.reconcile;

import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.DesiredState.Release;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.kube.RevisionStore;
import dev.lightkeeper.kube.StatusWriter;
import dev.lightkeeper.kube.StatusWriter.Outcome;
import dev.lightkeeper.plan.Plan;
import dev.lightkeeper.plan.Plan.RevisionMark;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The writes of one run. Not thread-safe: a run is one thread. */
final class KubernetesSession implements Session {
    private static final Logger log = LoggerFactory.getLogger(KubernetesSession.class);

    private final StatusWriter<ServiceDeployment, ServiceDeploymentStatus> writer;
    private final RevisionStore revisions;
    private final Consumer<Outcome.Written<ServiceDeployment>> written;
    private ServiceDeployment current;
    private boolean hasWritten;
    private final Set<RevisionMark> marked = new HashSet<>();

    /**
     * A session on {@code read}.
     *
     * @param written hears of every stored status, for the framework's cache
     */
    KubernetesSession(
            ServiceDeployment read,
            StatusWriter<ServiceDeployment, ServiceDeploymentStatus> writer,
            RevisionStore revisions,
            Consumer<Outcome.Written<ServiceDeployment>> written) {
        this.current = read;
        this.writer = writer;
        this.revisions = revisions;
        this.written = written;
    }

    /** The object as of the last write of this run. */
    ServiceDeployment current() {
        return current;
    }

    /** Whether this run has changed the object. */
    boolean hasWritten() {
        return hasWritten;
    }

    @Override
    public boolean storeRevision(DesiredState desired, String revision, Release release) {
        return stored(desired, revision, revisions.store(current, desired, revision, release));
    }

    @Override
    public boolean storeBaseline(DesiredState desired, Plan.Baseline baseline) {
        return stored(desired, Plan.Baseline.REVISION, revisions.storeBaseline(current, desired, baseline));
    }

    private static boolean stored(DesiredState desired, String revision, Optional<Failure> failure) {
        failure.ifPresent(why -> log.warn(
                "revision {} of {} is not stored: {}",
                revision,
                desired.resource().qualifiedName(),
                why.message()));
        return failure.isEmpty();
    }

    @Override
    public boolean writeAhead(ServiceDeploymentStatus status, List<RevisionMark> marks) {
        return mark(marks).isEmpty() && write(status, true) instanceof Outcome.Written;
    }

    /**
     * Writes down what became of revisions, each once a run. Goes before the status: one that says "verified" while its
     * revision does not would lose the way back.
     *
     * @return why not, where another run may succeed
     */
    Optional<Failure> mark(List<RevisionMark> marks) {
        for (RevisionMark mark : marks) {
            Optional<Failure> failure = marked.contains(mark) ? Optional.empty() : revisions.mark(current, mark);
            failure.ifPresent(why -> log.warn(
                    "revision {} of {}/{} is not marked: {}",
                    mark.revision(),
                    current.getMetadata().getNamespace(),
                    current.getMetadata().getName(),
                    why.message()));
            if (failure.filter(why -> why instanceof Failure.Transient || why instanceof Failure.Throttled)
                    .isPresent()) {
                return failure;
            }
            marked.add(mark);
        }
        return Optional.empty();
    }

    /** Writes the status of the end, or of the very beginning. */
    Outcome<ServiceDeployment> write(ServiceDeploymentStatus status) {
        return write(status, false);
    }

    private Outcome<ServiceDeployment> write(ServiceDeploymentStatus status, boolean locked) {
        Outcome<ServiceDeployment> outcome = writer.write(current, status, locked);
        if (outcome instanceof Outcome.Written<ServiceDeployment> done) {
            current = done.stored();
            hasWritten = true;
            written.accept(done);
        } else if (outcome instanceof Outcome.Conflict) {
            log.info(
                    "{}/{} has changed since it was read",
                    current.getMetadata().getNamespace(),
                    current.getMetadata().getName());
        }
        return outcome;
    }
}
