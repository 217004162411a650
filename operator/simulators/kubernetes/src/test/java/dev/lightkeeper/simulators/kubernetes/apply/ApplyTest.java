package dev.lightkeeper.simulators.kubernetes.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.apply.WriteSequences.Sequence;
import dev.lightkeeper.simulators.kubernetes.apply.WriteSequences.Write;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What a real kube-apiserver answered, as {@link ApplyApiServerIT} recorded it, is what the functions answer. */
class ApplyTest {
    private final WriteSequences resources = new WriteSequences();
    private final JsonNode recorded = WriteSequences.resource("recorded.json");

    @TestFactory
    Stream<DynamicTest> everySequenceEndsAsRecorded() {
        return resources.sequences().stream()
                .map(sequence -> DynamicTest.dynamicTest(sequence.name(), () -> endsAsRecorded(sequence)));
    }

    private void endsAsRecorded(Sequence sequence) {
        JsonNode steps = recorded.path(sequence.name());
        assertThat(steps).hasSameSizeAs(sequence.writes());
        PureServer pure = new PureServer(resources.schema(sequence.kind()), sequence);
        ObjectNode live = null;
        for (int i = 0; i < steps.size(); i++) {
            Write write = sequence.writes().get(i);
            JsonNode step = steps.get(i);
            Outcome theirs = new Outcome(step.get("status").asInt(), step.get("body"));
            String name = live == null
                    ? theirs.body().at("/metadata/name").asText("n")
                    : live.at("/metadata/name").asText();
            JsonNode request = WriteSequences.request(
                    sequence, write, name, live == null ? WriteSequences.JSON.createObjectNode() : live);
            ObjectNode stored = theirs.succeeded() ? (ObjectNode) theirs.body() : null;
            Outcome ours = pure.write(write, request, live, stored);
            assertThat(Judgement.differences(
                            sequence.kind(),
                            live,
                            theirs,
                            ours,
                            step.get("changed").asBoolean()))
                    .as("write %d: %s", i + 1, write)
                    .isEmpty();
            live = stored == null ? live : stored;
        }
    }
}
