package dev.lightkeeper.sandbox;

import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Every ServiceDeployment as the Kubernetes API tells of it: one watch, no polling. */
public final class Sightings implements AutoCloseable {
    private final SharedIndexInformer<ServiceDeployment> informer;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /** Hears of every version that the watch delivers. */
    @FunctionalInterface
    public interface Listener {
        /** Either is null: it is new, or it is gone. */
        void seen(@Nullable ServiceDeployment before, @Nullable ServiceDeployment now);
    }

    /** Watches all namespaces. */
    public Sightings(KubernetesClient client) {
        informer = client.resources(ServiceDeployment.class).inAnyNamespace().inform(new ResourceEventHandler<>() {
            @Override
            public void onAdd(ServiceDeployment resource) {
                tell(null, resource);
            }

            @Override
            public void onUpdate(ServiceDeployment before, ServiceDeployment now) {
                tell(before, now);
            }

            @Override
            public void onDelete(ServiceDeployment resource, boolean stateUnknown) {
                tell(resource, null);
            }
        });
    }

    private void tell(@Nullable ServiceDeployment before, @Nullable ServiceDeployment now) {
        listeners.forEach(listener -> listener.seen(before, now));
    }

    /** Adds a listener; closing what is returned takes it away. */
    public Runnable listen(Listener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** As it was seen last. */
    public Optional<ServiceDeployment> latest(String namespace, String name) {
        return Optional.ofNullable(informer.getStore().getByKey(namespace + "/" + name));
    }

    /** All, as they were seen last. */
    public List<ServiceDeployment> all() {
        return informer.getStore().list();
    }

    @Override
    public void close() {
        informer.close();
    }

    /** {@code namespace/name}. */
    public static String key(HasMetadata resource) {
        return resource.getMetadata().getNamespace() + "/"
                + resource.getMetadata().getName();
    }

    /** A condition, if there is one of that type. */
    public static Optional<Condition> condition(@Nullable ServiceDeployment resource, String type) {
        return resource == null || resource.getStatus() == null
                ? Optional.empty()
                : resource.getStatus().conditions().stream()
                        .filter(condition -> condition.type().equals(type))
                        .findFirst();
    }

    /** Whether the condition has that status. */
    public static boolean is(ServiceDeployment resource, String type, ConditionStatus status) {
        return condition(resource, type)
                .filter(condition -> condition.status() == status)
                .isPresent();
    }

    /** Whether the status tells about the spec as it is now. */
    public static boolean current(ServiceDeployment resource) {
        return resource.getStatus() != null
                && resource.getMetadata()
                        .getGeneration()
                        .equals(resource.getStatus().observedGeneration());
    }

    /** Ready for the spec as it is now. */
    public static boolean ready(ServiceDeployment resource) {
        return current(resource) && is(resource, "Ready", ConditionStatus.True);
    }
}
