package dev.lightkeeper.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Annotations;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.docs.Documents;
import dev.lightkeeper.docs.EvidenceReference;
import dev.lightkeeper.docs.EvidenceReference.Row;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each release of the catalogue comes to hosts: what is changed, what is told, and that the next one goes through. What is
 * measured meanwhile is shown by docs/evidence.md.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HostReleasesFlowTest {
    private final List<HostCase> bad = BadHostReleases.all();
    private final List<HostCase> good = GoodHostReleases.all();
    private final Map<HostCase, Measured> measured = new HashMap<>();

    List<HostCase> bad() {
        return bad;
    }

    List<HostCase> badOfWhichHostsHear() {
        return bad.stream().filter(release -> !release.sent().isEmpty()).toList();
    }

    List<HostCase> good() {
        return good;
    }

    @Order(1)
    @ParameterizedTest
    @MethodSource("good")
    void aGoodReleaseComesToEveryHostAndIsNeverCalledDegraded(HostCase release) {
        HostTrial trial = played(release);
        Flow flow = trial.flow;

        assertThat(flow.told("Ready", "Synced", "Available", "Stalled"))
                .as(flow.toString())
                .containsExactly("Ready=True/Verified", "Synced=True/InSync", "Available=True/Passing", "Stalled=-");
        assertThat(trial.measured.everDegraded()).isFalse();
        assertThat(trial.measured.rollbackOrdered()).as("taken back").isEmpty();
        assertThat(trial.measured.moves("Available")).isZero();
        trial.measured.assertCalm();
        assertThat(flow.store.status().failed()).isNull();
        assertThat(flow.store.status().readyReplicas())
                .isEqualTo(flow.manifest.resource(flow.store.status()).getSpec().scale());
        flow.assertQuiet();
    }

    @Order(1)
    @ParameterizedTest
    @MethodSource("bad")
    void aBadReleaseIsToldAndWhatServedServesOnUntilTheNextOne(HostCase release) {
        HostTrial trial = played(release);
        Flow flow = trial.flow;

        assertThat(flow.is("Ready", ConditionStatus.True, Reason.Verified)).isFalse();
        assertThat(HostCase.serving(flow)).isEqualTo(trial.servedBefore);
        told(release, flow);
        trial.measured.assertCalm();

        cure(flow);
        flow.set("/containers/0/env", "[]")
                .set("/containers/0/image", HostCase.LATER)
                .untilSteady();
        assertThat(HostCase.serving(flow)).hasSize(1).first().asString().endsWith("[" + HostCase.LATER + "]");
        assertThat(flow.fleet.mostOut()).isLessThanOrEqualTo(1);
        flow.assertQuiet();
    }

    /** From the first moment at which all is told that is told in the end. */
    @Order(2)
    @ParameterizedTest
    @MethodSource("badOfWhichHostsHear")
    void aBadReleaseThatIsBadNoMoreIsBroughtOnRequest(HostCase release) {
        String end = measured(release).conditions();
        Flow flow = release.begin();
        release.declared().accept(flow);
        release.happens().accept(flow);
        flow.until(() -> Scene.Seen.of(flow).conditionColumns().equals(end));
        cure(flow);
        flow.annotate(Annotations.RETRY_REQUESTED_AT, "now").untilSteady();
        assertThat(HostCase.serving(flow)).hasSize(1).first().asString().endsWith("[" + HostCase.NEW + "]");
        assertThat(flow.fleet.mostOut()).isLessThanOrEqualTo(1);
    }

    @Order(3)
    @Test
    void theDocumentShowsWhatWasMeasured() {
        Documents.assertGeneratedPart(
                EvidenceReference.FILE, "hosts", EvidenceReference.onHosts(rows(bad), rows(good)));
    }

    private List<Row> rows(List<HostCase> releases) {
        return releases.stream()
                .map(release -> new Row(release.section(), release.title(), "", measured(release)))
                .toList();
    }

    private Measured measured(HostCase release) {
        Measured known = measured.get(release);
        return known == null ? played(release).measured : known;
    }

    private HostTrial played(HostCase release) {
        HostTrial trial = new HostTrial(release);
        measured.put(release, trial.measured);
        return trial;
    }

    private static void cure(Flow flow) {
        flow.fleet.cureAll();
        flow.fleet.hosts().forEach(host -> host.owner = Flow.CLUSTER);
    }

    private static void told(HostCase release, Flow flow) {
        String messages = flow.message("Ready") + "\n" + flow.message("Stalled") + "\n" + flow.message("Reconciling");
        release.naming().forEach(words -> assertThat(messages).contains(words));
        if (!release.conditions().isEmpty()) {
            assertThat(Scene.Seen.of(flow).conditionColumns()).as(messages).isEqualTo(release.conditions());
        }
    }
}
