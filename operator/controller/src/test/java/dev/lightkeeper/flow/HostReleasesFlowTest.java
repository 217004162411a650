package dev.lightkeeper.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Annotations;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each release of the catalogue comes to hosts: what is changed, what is told, and that the next one goes through. */
class HostReleasesFlowTest {
    private static final Duration LONG = Duration.ofMinutes(50);

    static Stream<HostCase> bad() {
        return BadHostReleases.all().stream();
    }

    static Stream<HostCase> good() {
        return GoodHostReleases.all().stream();
    }

    @ParameterizedTest
    @MethodSource("good")
    void aGoodReleaseComesToEveryHostAndIsNeverCalledDegraded(HostCase release) {
        Flow flow = release.begin();
        Journal journal = new Journal(flow);
        play(release, flow);

        assertThat(flow.told("Ready", "Synced", "Available", "Stalled"))
                .as(flow.toString())
                .containsExactly("Ready=True/Verified", "Synced=True/InSync", "Available=True/Passing", "Stalled=-");
        assertThat(journal.everDegraded()).isFalse();
        assertThat(journal.transitions()).doesNotContainKey("Available");
        assertThat(flow.store.status().failed()).isNull();
        assertThat(flow.store.status().readyReplicas())
                .isEqualTo(flow.manifest.resource(flow.store.status()).getSpec().scale());
        flow.assertQuiet();
    }

    @ParameterizedTest
    @MethodSource("bad")
    void aBadReleaseIsToldAndWhatServedServesOn(HostCase release) {
        Flow flow = release.begin();
        Set<String> before = HostCase.serving(flow);
        Journal journal = new Journal(flow);
        play(release, flow);

        assertThat(flow.is("Ready", ConditionStatus.True, Reason.Verified)).isFalse();
        assertThat(HostCase.serving(flow)).isEqualTo(before);
        told(release, flow);
        assertThat(journal.transitions().getOrDefault("Degraded", 0)).isLessThanOrEqualTo(2);
        assertThat(journal.transitions().getOrDefault("Stalled", 0)).isLessThanOrEqualTo(2);

        flow.fleet.cureAll();
        flow.fleet.hosts().forEach(host -> host.owner = Flow.CLUSTER);
        flow.set("/containers/0/env", "[]")
                .set("/containers/0/image", HostCase.LATER)
                .untilSteady();
        assertThat(HostCase.serving(flow)).hasSize(1).first().asString().endsWith("[" + HostCase.LATER + "]");
        assertThat(flow.fleet.mostOut()).isLessThanOrEqualTo(1);
        flow.assertQuiet();
    }

    @ParameterizedTest
    @MethodSource("bad")
    void aBadReleaseThatIsBadNoMoreIsBroughtOnRequest(HostCase release) {
        Flow flow = release.begin();
        play(release, flow);
        flow.fleet.cureAll();
        flow.fleet.hosts().forEach(host -> host.owner = Flow.CLUSTER);
        if (release.sent().isEmpty()) {
            return;
        }
        flow.annotate(Annotations.RETRY_REQUESTED_AT, "now").untilSteady();
        assertThat(HostCase.serving(flow)).hasSize(1).first().asString().endsWith("[" + HostCase.NEW + "]");
        assertThat(flow.fleet.mostOut()).isLessThanOrEqualTo(1);
    }

    private static void play(HostCase release, Flow flow) {
        int before = flow.fleet.audit().size();
        release.declared().accept(flow);
        release.happens().accept(flow);
        flow.pass(LONG);
        List<String> sent = flow.calls().subList(before, flow.calls().size());
        assertThat(release.isWhatWasSent(sent)).as("sent %s; %s", sent, flow).isTrue();
    }

    private static void told(HostCase release, Flow flow) {
        String messages = flow.message("Ready") + "\n" + flow.message("Stalled") + "\n" + flow.message("Reconciling");
        release.naming().forEach(words -> assertThat(messages).contains(words));
        if (!release.conditions().isEmpty()) {
            assertThat(String.join(" | ", Scene.Seen.of(flow).columns().subList(0, 5)))
                    .as(messages)
                    .isEqualTo(release.conditions());
        }
    }
}
