package dev.lightkeeper.kube;

import dev.lightkeeper.desired.Reference;
import dev.lightkeeper.failure.Failure;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** GET with its three answers as values. */
record Reads(KubernetesClient client) {
    /** What a GET said, before it is turned into the value that the caller wants. */
    record Got<K>(@Nullable K object, String what, @Nullable Failure failure) {
        <T> Reference<T> map(Function<K, T> value) {
            if (failure != null) {
                return new Reference.Unreadable<>(what, failure);
            }
            return object == null ? new Reference.Missing<>(what) : new Reference.Found<>(value.apply(object));
        }
    }

    <K extends HasMetadata> Got<K> namespaced(Class<K> kind, String plural, String namespace, String name) {
        String what = "%s \"%s\"".formatted(kind.getSimpleName(), name);
        return get(
                what,
                plural,
                () -> client.resources(kind)
                        .inNamespace(namespace)
                        .withName(name)
                        .get());
    }

    <K extends HasMetadata> Got<K> cluster(Class<K> kind, String plural, String name) {
        String what = "%s \"%s\"".formatted(kind.getSimpleName(), name);
        return get(what, plural, () -> client.resources(kind).withName(name).get());
    }

    private static <K> Got<K> get(String what, String plural, Supplier<@Nullable K> call) {
        try {
            return new Got<>(call.get(), what, null);
        } catch (KubernetesClientException e) {
            return new Got<>(null, what, ApiFailures.of(e, "get " + plural));
        }
    }
}
