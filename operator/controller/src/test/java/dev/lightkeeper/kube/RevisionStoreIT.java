package dev.lightkeeper.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.Cluster;
import dev.lightkeeper.EmbeddedKubernetes;
import dev.lightkeeper.Manifests;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.desired.Content;
import dev.lightkeeper.desired.Contract;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.Digester;
import dev.lightkeeper.desired.ProbeHeaders;
import dev.lightkeeper.desired.Reference;
import dev.lightkeeper.desired.SecretText;
import dev.lightkeeper.desired.Template;
import dev.lightkeeper.plan.Plan;
import dev.lightkeeper.plan.Plan.RevisionMark;
import dev.lightkeeper.plan.RevisionRecord;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class RevisionStoreIT {
    private static final Digester DIGESTER = new Digester(new byte[32]);
    private static final Instant VERIFIED = Instant.parse("2026-01-02T03:04:05Z");

    private KubernetesClient client;
    private String namespace;
    private RevisionStore store;

    Cluster cluster() {
        return EmbeddedKubernetes.shared();
    }

    @BeforeAll
    void startServer() {
        Cluster cluster = cluster();
        cluster.installCrds();
        client = cluster.client();
        namespace = cluster.newNamespace(client);
        store = new RevisionStore(client);
    }

    @AfterAll
    void closeClient() {
        if (client != null) {
            client.close();
        }
    }

    @Test
    void whatIsStoredIsReadAgainAndHoldsNoValue() {
        ServiceDeployment owner = create("read-again");

        assertThat(store.store(owner, desired(owner), "1", release("s3cret"))).isEmpty();

        assertThat(list(owner)).singleElement().satisfies(record -> {
            DesiredState.Release deployed = release("s3cret");
            assertThat(record)
                    .isEqualTo(new RevisionRecord(
                            "1",
                            deployed.fingerprint(),
                            deployed.declared(),
                            deployed.digested(),
                            "nano",
                            "contract",
                            Contract.of(desired(owner).spec()),
                            Template.of(desired(owner).spec()),
                            null,
                            null,
                            null));
        });
        assertThat(client.getKubernetesSerialization().asJson(revision("read-again-1")))
                .doesNotContain("s3cret")
                .contains("/health/ready");
        assertThat(revision("read-again-1").getMetadata().getOwnerReferences())
                .singleElement()
                .satisfies(reference -> assertThat(reference.getUid())
                        .isEqualTo(owner.getMetadata().getUid()));
    }

    @Test
    void aBaselineIsStoredOnceWithItsVersionAndJudgedByReadinessOnly() {
        ServiceDeployment owner = create("adopted");
        DesiredState.Release found = release("s3cret");
        Plan.Baseline baseline = new Plan.Baseline(found.digested(), "micro", 7);

        assertThat(store.storeBaseline(owner, desired(owner), baseline)).isEmpty();
        assertThat(store.storeBaseline(owner, desired(owner), baseline)).isEmpty();

        assertThat(list(owner)).singleElement().satisfies(record -> {
            assertThat(record.number()).isEqualTo("baseline");
            assertThat(record.content()).isEqualTo(found.digested());
            assertThat(record.power()).isEqualTo("micro");
            assertThat(record.awsVersion()).isEqualTo(7L);
            assertThat(record.result()).isNull();
        });
        assertThat(client.getKubernetesSerialization().asJson(revision("adopted-baseline")))
                .contains("/health/ready")
                .doesNotContain("s3cret", "requiredEnv\":{\"");
    }

    @Test
    void storingAgainChangesNothingAndOtherContentIsRefused() {
        ServiceDeployment owner = create("again");

        assertThat(store.store(owner, desired(owner), "1", release("a"))).isEmpty();
        assertThat(store.store(owner, desired(owner), "1", release("a"))).isEmpty();
        assertThat(store.store(owner, desired(owner), "1", release("b"))).isPresent();
        assertThat(list(owner)).hasSize(1);
    }

    @Test
    void aRevisionThatAnEarlierObjectOfTheNameLeftBehindIsReplaced() {
        ServiceDeployment earlier = create("reborn");
        assertThat(store.store(earlier, desired(earlier), "1", release("a"))).isEmpty();
        client.resource(earlier).delete();
        ServiceDeployment owner = create("reborn");

        assertThat(list(owner)).isEmpty();
        assertThat(store.store(owner, desired(owner), "1", release("b"))).isEmpty();
        assertThat(list(owner)).hasSize(1);
    }

    @Test
    void marksAreKeptBesideTheContent() {
        ServiceDeployment owner = create("marked");
        assertThat(store.store(owner, desired(owner), "1", release("a"))).isEmpty();

        assertThat(store.mark(owner, new RevisionMark("1", null, 12L, null))).isEmpty();
        assertThat(store.mark(owner, new RevisionMark("1", RevisionRecord.Result.Verified, null, VERIFIED)))
                .isEmpty();

        assertThat(list(owner)).singleElement().satisfies(record -> {
            assertThat(record.awsVersion()).isEqualTo(12L);
            assertThat(record.result()).isEqualTo(RevisionRecord.Result.Verified);
            assertThat(record.verifiedTime()).isEqualTo(VERIFIED);
        });
        assertThat(store.mark(owner, new RevisionMark("7", null, 12L, null))).isPresent();
    }

    @Test
    void unverifiedOnesAreRemovedFirstAndNamedOnesNever() {
        ServiceDeployment owner = create("pruned");
        for (int number = 1; number <= 11; number++) {
            assertThat(store.store(owner, desired(owner), Integer.toString(number), release("v" + number)))
                    .isEmpty();
        }
        for (String verified : List.of("1", "3", "9")) {
            assertThat(store.mark(owner, new RevisionMark(verified, RevisionRecord.Result.Verified, 1L, VERIFIED)))
                    .isEmpty();
        }
        var status = Manifests.status(1, ConditionStatus.True, "");
        var naming = new dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus(
                status.observedGeneration(),
                status.conditions(),
                null,
                null,
                null,
                null,
                "11",
                "11",
                "2",
                null,
                null,
                null,
                null,
                List.of(),
                null,
                null,
                null,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null,
                null,
                Map.of());

        store.prune(owner, list(owner), naming, 4);

        assertThat(list(owner)).extracting(RevisionRecord::number).containsExactly("1", "2", "3", "9", "10", "11");
    }

    @Test
    void aLongNameIsShortenedAndStaysUnique() {
        String a = "a".repeat(240) + ".example";
        String b = "a".repeat(240) + ".exbmple";

        assertThat(RevisionStore.nameOf(a, "123456"))
                .hasSizeLessThanOrEqualTo(253)
                .endsWith("-123456");
        assertThat(RevisionStore.nameOf(a, "123456")).isNotEqualTo(RevisionStore.nameOf(b, "123456"));
        assertThat(RevisionStore.nameOf("api", "12")).isEqualTo("api-12");
    }

    private ServiceDeployment create(String name) {
        return client.resource(Manifests.serviceDeployment(namespace, name)).create();
    }

    private List<RevisionRecord> list(ServiceDeployment owner) {
        return ((Reference.Found<List<RevisionRecord>>) store.list(owner)).value();
    }

    private ControllerRevision revision(String name) {
        return client.apps()
                .controllerRevisions()
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    private static DesiredState desired(ServiceDeployment owner) {
        return new DesiredState(
                new DesiredState.ResourceIdentity(
                        owner.getMetadata().getNamespace(),
                        owner.getMetadata().getName(),
                        owner.getMetadata().getUid(),
                        1),
                owner.getSpec(),
                null,
                "contract",
                ProbeHeaders.NONE,
                List.of(),
                false);
    }

    private static DesiredState.Release release(String value) {
        TreeMap<String, SecretText> environment = new TreeMap<>();
        environment.put("DATABASE_URL", SecretText.of(value));
        TreeMap<Integer, String> ports = new TreeMap<>();
        ports.put(3697, "HTTP");
        TreeMap<String, Content.ContainerContent> containers = new TreeMap<>();
        containers.put("api", new Content.ContainerContent(":api.r.1", List.of("run"), environment, ports));
        Content content =
                new Content(containers, new Content.EndpointContent("api", 3697, "/health/live", "200", 10, 5, 2, 2));
        return new DesiredState.Release(
                content,
                content.digested(DIGESTER),
                "nano",
                content.digested(DIGESTER).fingerprint("nano"),
                "declared");
    }
}
