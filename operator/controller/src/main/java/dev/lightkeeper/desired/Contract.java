package dev.lightkeeper.desired;

import dev.lightkeeper.api.v1alpha1.Backoff;
import dev.lightkeeper.api.v1alpha1.Container;
import dev.lightkeeper.api.v1alpha1.Readiness;
import dev.lightkeeper.api.v1alpha1.RequiredEnv;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import dev.lightkeeper.api.v1alpha1.Verification;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * By what a release is judged. Stored with its revision; the names of the members are a stored format.
 *
 * @param requiredEnv by container name; a container without any is left out
 */
public record Contract(
        @Nullable Readiness readiness,
        @Nullable Verification verification,
        SortedMap<String, List<RequiredEnv>> requiredEnv) {
    private static final int DEFAULT_DEADLINE_SECONDS = 360;

    /** The defaults of the CRD, for a contract without a verification. */
    private static final Verification NOTHING_FURTHER = new Verification(
            DEFAULT_DEADLINE_SECONDS, 5, new Backoff(2, 2, 30), List.of(), List.of(), null, List.of(), List.of());

    public Contract {
        requiredEnv = requiredEnv == null ? new TreeMap<>() : requiredEnv;
    }

    /** The contract of a spec. */
    public static Contract of(ServiceDeploymentSpec spec) {
        SortedMap<String, List<RequiredEnv>> required = new TreeMap<>();
        for (Container container : Workloads.of(spec)) {
            if (!container.requiredEnv().isEmpty()) {
                required.put(container.name(), container.requiredEnv());
            }
        }
        return new Contract(spec.readiness(), spec.verification(), required);
    }

    /** What somebody else made is judged by readiness only: nothing says what else its authors expect of it. */
    public static Contract ofBaseline(@Nullable Readiness readiness) {
        return new Contract(readiness, null, new TreeMap<>());
    }

    /** The spec with this contract in the place of its own. */
    public ServiceDeploymentSpec in(ServiceDeploymentSpec spec) {
        return new ServiceDeploymentSpec(
                spec.accountRef(),
                spec.region(),
                spec.scale(),
                spec.minimumScale(),
                spec.lightsail(),
                spec.ec2(),
                spec.containers(),
                spec.publicEndpoint(),
                readiness,
                verification == null ? NOTHING_FURTHER : verification,
                spec.rollout(),
                spec.driftPolicy(),
                spec.managementPolicy(),
                spec.suspend(),
                spec.adoptionPolicy(),
                spec.deletionPolicy(),
                spec.revisionHistoryLimit());
    }

    /** Within how many seconds after its start a release has to prove itself. */
    public int deadlineSeconds() {
        return verification == null ? DEFAULT_DEADLINE_SECONDS : verification.deadlineSeconds();
    }
}
