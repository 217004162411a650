package dev.lightkeeper.kube;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lightkeeper.api.v1alpha1.FailedRevision;
import dev.lightkeeper.api.v1alpha1.OperationStatus;
import dev.lightkeeper.api.v1alpha1.RolloutStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.DesiredState.Release;
import dev.lightkeeper.desired.Reference;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.plan.Plan;
import dev.lightkeeper.plan.Plan.RevisionMark;
import dev.lightkeeper.plan.RevisionRecord;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.ControllerRevisionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Revisions as ControllerRevisions that their ServiceDeployment owns. Content is written once and never changed; what
 * became of it is in annotations.
 */
public final class RevisionStore {
    /** Label with the uid of the owner. */
    public static final String OWNER_UID = "lightkeeper.dev/service-deployment-uid";

    static final String NUMBER = "lightkeeper.dev/revision";

    private static final Logger log = LoggerFactory.getLogger(RevisionStore.class);
    private static final int NAME_LIMIT = 253;

    private final KubernetesClient client;

    /** A store in the API that {@code client} speaks to. */
    public RevisionStore(KubernetesClient client) {
        this.client = client;
    }

    /** All revisions of the resource, the oldest first. One that this version of the operator cannot read is left out. */
    public Reference<List<RevisionRecord>> list(ServiceDeployment owner) {
        try {
            return new Reference.Found<>(client
                    .apps()
                    .controllerRevisions()
                    .inNamespace(owner.getMetadata().getNamespace())
                    .withLabel(OWNER_UID, owner.getMetadata().getUid())
                    .list()
                    .getItems()
                    .stream()
                    .flatMap(stored -> read(stored).stream())
                    .sorted(Comparator.comparingLong(record -> ordinal(record.number())))
                    .toList());
        } catch (KubernetesClientException e) {
            return new Reference.Unreadable<>("the revisions", ApiFailures.of(e, "list controllerrevisions"));
        }
    }

    /**
     * Stores what is about to be deployed. Again with the same content it does nothing.
     *
     * @return empty when it is stored, else why not: then it must not be deployed
     */
    public Optional<Failure> store(ServiceDeployment owner, DesiredState desired, String number, Release release) {
        return store(owner, build(owner, number, RevisionData.of(desired, release)));
    }

    /** Stores what ran before the operator took the service over, as {@link #store} does. */
    public Optional<Failure> storeBaseline(ServiceDeployment owner, DesiredState desired, Plan.Baseline baseline) {
        ControllerRevision revision = build(
                owner,
                Plan.Baseline.REVISION,
                RevisionData.baseline(desired.spec().readiness(), baseline));
        revision.getMetadata().setAnnotations(Map.of(RevisionData.AWS_VERSION, String.valueOf(baseline.awsVersion())));
        return store(owner, revision);
    }

    private Optional<Failure> store(ServiceDeployment owner, ControllerRevision revision) {
        try {
            resource(revision).create();
            return Optional.empty();
        } catch (KubernetesClientException e) {
            return e.getCode() == 409
                    ? compareWithStored(owner, revision)
                    : Optional.of(ApiFailures.of(e, "create controllerrevisions"));
        }
    }

    private Optional<Failure> compareWithStored(ServiceDeployment owner, ControllerRevision wanted) {
        try {
            ControllerRevision stored = resource(wanted).get();
            if (stored == null) {
                resource(wanted).create();
                return Optional.empty();
            }
            String storedOwner = label(stored, OWNER_UID);
            if (storedOwner == null) {
                return taken(wanted, "is not a revision of Lightkeeper");
            }
            if (!storedOwner.equals(owner.getMetadata().getUid())) {
                // Left behind by an earlier object of the same name, which can no longer exist.
                log.info("removing {} of a deleted ServiceDeployment", name(wanted));
                List<StatusDetails> _ = resource(stored).delete();
                resource(wanted).create();
                return Optional.empty();
            }
            return sameContent(stored, wanted)
                    ? Optional.empty()
                    : taken(wanted, "holds other content; content of a revision never changes");
        } catch (KubernetesClientException e) {
            return Optional.of(ApiFailures.of(e, "create controllerrevisions"));
        }
    }

    /** One that this version cannot read is not the same. */
    private static boolean sameContent(ControllerRevision stored, ControllerRevision wanted) {
        try {
            return RevisionData.from(stored.getData())
                    .fingerprint()
                    .equals(RevisionData.from(wanted.getData()).fingerprint());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Optional<Failure> taken(ControllerRevision wanted, String why) {
        String message = "ControllerRevision \"%s\" %s".formatted(name(wanted), why);
        log.error("{}/{}", wanted.getMetadata().getNamespace(), message);
        return Optional.of(new Failure.Terminal("RevisionTaken", message));
    }

    /** Writes down what became of a revision; a null member of the mark is left as it is. */
    public Optional<Failure> mark(ServiceDeployment owner, RevisionMark mark) {
        String name = nameOf(owner.getMetadata().getName(), mark.revision());
        try {
            client.apps()
                    .controllerRevisions()
                    .inNamespace(owner.getMetadata().getNamespace())
                    .withName(name)
                    .patch(PatchContext.of(PatchType.JSON_MERGE), RevisionData.annotationPatch(mark));
            return Optional.empty();
        } catch (KubernetesClientException e) {
            return Optional.of(ApiFailures.of(e, "patch controllerrevisions"));
        }
    }

    /**
     * Removes what is beyond the limit: unverified ones first, then the oldest. What the status names is never removed and
     * does not count. A failure is logged; the next run tries again.
     *
     * @param records as read in this run
     */
    public void prune(
            ServiceDeployment owner, List<RevisionRecord> records, ServiceDeploymentStatus status, int historyLimit) {
        Set<String> named = named(status);
        List<RevisionRecord> old = records.stream()
                .filter(record -> !named.contains(record.number()))
                .toList();
        old.stream()
                .sorted(Comparator.comparing((RevisionRecord record) -> record.verifiedTime() != null)
                        .thenComparingLong(record -> ordinal(record.number())))
                .limit(Math.max(0, old.size() - historyLimit))
                .forEach(record -> remove(owner, record));
    }

    private void remove(ServiceDeployment owner, RevisionRecord record) {
        try {
            List<StatusDetails> _ = client.apps()
                    .controllerRevisions()
                    .inNamespace(owner.getMetadata().getNamespace())
                    .withName(nameOf(owner.getMetadata().getName(), record.number()))
                    .delete();
        } catch (KubernetesClientException e) {
            log.warn(
                    "revision {} of {}/{} could not be removed: {}",
                    record.number(),
                    owner.getMetadata().getNamespace(),
                    owner.getMetadata().getName(),
                    ApiFailures.of(e, "delete controllerrevisions").message());
        }
    }

    /** Revisions that a status refers to. */
    static Set<String> named(ServiceDeploymentStatus status) {
        FailedRevision failed = status.failed();
        RolloutStatus rollout = status.rollout();
        OperationStatus operation = status.operation();
        Set<String> named = new HashSet<>();
        Stream.of(
                        status.currentRevision(),
                        status.updateRevision(),
                        status.lastVerifiedRevision(),
                        failed == null ? null : failed.revision(),
                        rollout == null ? null : rollout.revision(),
                        rollout == null ? null : rollout.targetRevision(),
                        operation == null ? null : operation.revision())
                .filter(Objects::nonNull)
                .forEach(named::add);
        return named;
    }

    private static ControllerRevision build(ServiceDeployment owner, String number, RevisionData data) {
        return new ControllerRevisionBuilder()
                .withNewMetadata()
                .withName(nameOf(owner.getMetadata().getName(), number))
                .withNamespace(owner.getMetadata().getNamespace())
                .addToLabels("app.kubernetes.io/managed-by", "lightkeeper")
                .addToLabels(OWNER_UID, owner.getMetadata().getUid())
                .addToLabels(NUMBER, number)
                .addNewOwnerReference()
                .withApiVersion(owner.getApiVersion())
                .withKind(owner.getKind())
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid())
                .withController(true)
                .endOwnerReference()
                .endMetadata()
                .withRevision(ordinal(number))
                .withData(data.toData())
                .build();
    }

    private static Optional<RevisionRecord> read(ControllerRevision stored) {
        String number = label(stored, NUMBER);
        try {
            return number == null
                    ? Optional.empty()
                    : Optional.of(RevisionData.from(stored.getData())
                            .record(number, stored.getMetadata().getAnnotations()));
        } catch (IllegalArgumentException e) {
            log.warn(
                    "{}/{} cannot be read by this version", stored.getMetadata().getNamespace(), name(stored), e);
            return Optional.empty();
        }
    }

    private Resource<ControllerRevision> resource(ControllerRevision revision) {
        return client.apps()
                .controllerRevisions()
                .inNamespace(revision.getMetadata().getNamespace())
                .resource(revision);
    }

    private static @Nullable String label(ControllerRevision revision, String label) {
        return revision.getMetadata().getLabels() == null
                ? null
                : revision.getMetadata().getLabels().get(label);
    }

    private static String name(ControllerRevision revision) {
        return revision.getMetadata().getName();
    }

    /** {@code <resource>-<number>}; the resource's name is shortened to a prefix and a hash where that would be too long. */
    static String nameOf(String resource, String number) {
        String name = resource + "-" + number;
        if (name.length() <= NAME_LIMIT) {
            return name;
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(resource.getBytes(UTF_8));
            String tail = "-x" + HexFormat.of().formatHex(digest, 0, 8) + "-" + number;
            String head = resource.substring(0, NAME_LIMIT - tail.length());
            return head.replaceAll("[.-]+$", "") + tail;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** Numbers in their order; what is not a number (the baseline) came before them. */
    private static long ordinal(String number) {
        return number.matches("[0-9]{1,18}") ? Long.parseLong(number) : 0;
    }
}
