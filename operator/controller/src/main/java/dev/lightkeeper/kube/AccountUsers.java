package dev.lightkeeper.kube;

import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.desired.Reference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Finds the ServiceDeployments that name an account. Asks the API, not a cache: an account must not be let go by mistake. */
public final class AccountUsers {
    private final KubernetesClient client;
    private final Set<String> namespaces;

    /** Looks in {@code namespaces}, or in all when there are none. */
    public AccountUsers(KubernetesClient client, Set<String> namespaces) {
        this.client = client;
        this.namespaces = Set.copyOf(namespaces);
    }

    /** Those that name {@code account}, in the order of namespace and name. */
    public Reference<List<ServiceDeployment>> of(String account) {
        try {
            return new Reference.Found<>(all().filter(user -> names(user, account))
                    .sorted(Comparator.comparing(AccountUsers::place))
                    .toList());
        } catch (KubernetesClientException e) {
            return new Reference.Unreadable<>(
                    "the ServiceDeployments of the account", ApiFailures.of(e, "list servicedeployments"));
        }
    }

    private Stream<ServiceDeployment> all() {
        var resources = client.resources(ServiceDeployment.class);
        return namespaces.isEmpty()
                ? resources.inAnyNamespace().list().getItems().stream()
                : namespaces.stream().flatMap(namespace -> resources.inNamespace(namespace).list().getItems().stream());
    }

    private static boolean names(ServiceDeployment user, String account) {
        return user.getSpec() != null && account.equals(user.getSpec().accountName());
    }

    private static String place(ServiceDeployment user) {
        return user.getMetadata().getNamespace() + "/" + user.getMetadata().getName();
    }
}
