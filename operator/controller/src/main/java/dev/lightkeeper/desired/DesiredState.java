package dev.lightkeeper.desired;

import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted, resolved.
 *
 * @param resource which resource asks
 * @param spec the spec as read
 * @param release null when {@link #problems()} leave no release to speak of
 * @param contractHash identity of readiness, verification and requiredEnv
 * @param probeHeaders the request headers of the checks
 * @param problems in the order found; empty when the release may be rolled out
 * @param absent the resource is being deleted: nothing is wanted any more
 * @param kept the older revision that is kept live instead, as its template comes out today and judged by its own contract;
 *     null while the spec's is, or nothing is known of its template
 */
public record DesiredState(
        ResourceIdentity resource,
        ServiceDeploymentSpec spec,
        @Nullable Release release,
        String contractHash,
        ProbeHeaders probeHeaders,
        List<Problem> problems,
        boolean absent,
        @Nullable DesiredState kept) {
    /** What is wanted while no older revision is kept. */
    public DesiredState(
            ResourceIdentity resource,
            ServiceDeploymentSpec spec,
            @Nullable Release release,
            String contractHash,
            ProbeHeaders probeHeaders,
            List<Problem> problems,
            boolean absent) {
        this(resource, spec, release, contractHash, probeHeaders, problems, absent, null);
    }

    public DesiredState {
        problems = List.copyOf(problems);
    }

    /**
     * The Kubernetes resource.
     *
     * @param uid of the object, new after a re-creation
     */
    public record ResourceIdentity(String namespace, String name, String uid, long generation) {
        /** {@code namespace/name}, as in the ownership tag. */
        public String qualifiedName() {
            return namespace + "/" + name;
        }
    }

    /**
     * Template and values, ready to be sent.
     *
     * @param fingerprint equal for releases that are the same; see {@link DigestedContent#fingerprint}
     * @param declared as fingerprint, but whatever the values of Secrets and parameters are: machines rotate those at
     *     night, and that makes no other release of one that failed
     * @param sourceDigests keyed digest of each value that comes from a Secret or parameter, by {@code container/NAME}
     */
    public record Release(
            Content content,
            DigestedContent digested,
            String power,
            String fingerprint,
            String declared,
            Map<String, String> sourceDigests) {
        public Release {
            sourceDigests = Map.copyOf(sourceDigests);
        }

        /** A release without Secrets and parameters. */
        public Release(Content content, DigestedContent digested, String power, String fingerprint, String declared) {
            this(content, digested, power, fingerprint, declared, Map.of());
        }
    }

    /** The same while an older revision is kept. */
    public DesiredState keeping(DesiredState older) {
        return new DesiredState(resource, spec, release, contractHash, probeHeaders, problems, absent, older);
    }

    /** Whether a problem of this kind was found. */
    public boolean has(Problem.Kind kind) {
        return problems.stream().anyMatch(problem -> problem.kind() == kind);
    }

    /** Whether no problem of another kind was found. */
    public boolean hasOnly(Problem.Kind kind) {
        return problems.stream().allMatch(problem -> problem.kind() == kind);
    }

    /** The tags that the user asked for. */
    public Map<String, String> tags() {
        return spec.lightsail() == null ? Map.of() : spec.lightsail().tags();
    }
}
