package dev.lightkeeper.kube;

import dev.lightkeeper.failure.Failure;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer of a kind's status: server-side apply, whole, so that what the new status lacks disappears. Every write
 * carries a resource version: two operators can never overwrite each other's memory.
 *
 * @param <R> the kind
 * @param <S> its status
 */
public final class StatusWriter<R extends CustomResource<?, S>, S extends Record> {
    /** The field manager of everything that the operator applies. */
    public static final String FIELD_MANAGER = "lightkeeper";

    private static final Logger log = LoggerFactory.getLogger(StatusWriter.class);
    private static final int CONFLICTS_FORGIVEN = 3;
    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(FIELD_MANAGER)
            .withForce(true)
            .build();

    private final KubernetesClient client;
    private final Supplier<R> fresh;

    /** A writer for the kind that {@code fresh} makes empty objects of. */
    public StatusWriter(KubernetesClient client, Supplier<R> fresh) {
        this.client = client;
        this.fresh = fresh;
    }

    /**
     * What came of a write.
     *
     * @param <R> the kind
     */
    public sealed interface Outcome<R> {
        /**
         * It is stored.
         *
         * @param stored as the server answered it
         * @param replaced the version that it replaced, as the framework's cache wants to know
         */
        record Written<R>(R stored, R replaced) implements Outcome<R> {}

        /** The stored status says the same already; nothing was sent. */
        record Unchanged<R>() implements Outcome<R> {}

        /** The object is not the one that was read. Nothing was written. */
        record Conflict<R>() implements Outcome<R> {}

        /** Nothing was written, or nobody knows whether it was. */
        record Failed<R>(Failure failure) implements Outcome<R> {}
    }

    /**
     * Writes {@code status}, fitted into the CRD's bounds.
     *
     * @param read the object that the decision was made on
     * @param locked the write is a fence: it is always sent, and any change of the object since {@code read} is a conflict.
     *     Otherwise only a change of its status is: that somebody edited the spec meanwhile must not lose what was found out
     */
    public Outcome<R> write(R read, S status, boolean locked) {
        S fitted = StatusBounds.clamp(status);
        if (!locked && fitted.equals(read.getStatus())) {
            return new Outcome.Unchanged<>();
        }
        try {
            return locked ? apply(read, fitted) : applyUnlessStatusMoved(read, fitted);
        } catch (KubernetesClientException e) {
            return failed(read, e);
        }
    }

    private Outcome<R> applyUnlessStatusMoved(R read, S fitted) {
        R base = read;
        for (int conflicts = 0; ; conflicts++) {
            Outcome<R> outcome = apply(base, fitted);
            if (!(outcome instanceof Outcome.Conflict) || conflicts == CONFLICTS_FORGIVEN) {
                return outcome;
            }
            R now = client.resource(named(read)).get();
            if (now == null) {
                return new Outcome.Failed<>(new Failure.Terminal("404", "the object is gone: patch status"));
            }
            if (!sameStatus(now, read)) {
                return outcome;
            }
            base = now;
        }
    }

    private boolean sameStatus(R now, R read) {
        return Objects.equals(now.getMetadata().getUid(), read.getMetadata().getUid())
                && Objects.equals(now.getStatus(), read.getStatus());
    }

    private Outcome<R> apply(R base, S fitted) {
        R patch = named(base);
        patch.getMetadata().setResourceVersion(base.getMetadata().getResourceVersion());
        patch.setStatus(fitted);
        try {
            return new Outcome.Written<>(
                    client.resource(patch).subresource("status").patch(APPLY), base);
        } catch (KubernetesClientException e) {
            if (e.getCode() == 409) {
                return new Outcome.Conflict<>();
            }
            throw e;
        }
    }

    private R named(R object) {
        ObjectMeta name = new ObjectMetaBuilder()
                .withName(object.getMetadata().getName())
                .withNamespace(object.getMetadata().getNamespace())
                .build();
        R empty = fresh.get();
        empty.setMetadata(name);
        return empty;
    }

    private Outcome<R> failed(R read, KubernetesClientException e) {
        if (e.getCode() == 422) {
            log.error("the API server refused the status of {}: this is a bug", describe(read), e);
        }
        return new Outcome.Failed<>(ApiFailures.of(e, "patch " + read.getFullResourceName() + "/status"));
    }

    private static String describe(CustomResource<?, ?> object) {
        @Nullable String namespace = object.getMetadata().getNamespace();
        String name = object.getMetadata().getName();
        return namespace == null ? name : namespace + "/" + name;
    }
}
