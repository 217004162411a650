package dev.lightkeeper.kube;

import dev.lightkeeper.api.v1alpha1.AwsAccount;
import dev.lightkeeper.desired.Reference;
import io.fabric8.kubernetes.client.KubernetesClient;

/** Finds accounts by name, with one GET each time: narrowed access holds from the next run on. */
public final class AwsAccountDirectory {
    private final Reads reads;

    /** Reads through {@code client}. */
    public AwsAccountDirectory(KubernetesClient client) {
        this.reads = new Reads(client);
    }

    /** The AwsAccount of that name. */
    public Reference<AwsAccount> find(String name) {
        return reads.cluster(AwsAccount.class, "awsaccounts", name).map(account -> account);
    }
}
