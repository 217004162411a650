package dev.lightkeeper.sandbox;

import dev.lightkeeper.api.v1alpha1.AwsAccount;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;

/** The account and the region of AWS where a ServiceDeployment lives. */
record Home(AwsAccount account, String region) {
    /** Empty while its AwsAccount, or a region, is missing. */
    static Optional<Home> of(ServiceDeployment resource, KubernetesClient client) {
        AwsAccount account = client.resources(AwsAccount.class)
                .withName(resource.getSpec().accountName())
                .get();
        if (account == null) {
            return Optional.empty();
        }
        String own = resource.getSpec().region();
        return Optional.ofNullable(own == null ? account.getSpec().defaultRegion() : own)
                .map(region -> new Home(account, region));
    }
}
