package dev.lightkeeper.simulators.kubernetes.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.apply.WriteSequences.Sequence;
import dev.lightkeeper.simulators.kubernetes.apply.WriteSequences.Write;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What a real kube-apiserver answered, as {@link ApplyApiServerIT} recorded it, is what the functions answer. */
class ApplyTest {
    private final WriteSequences resources = new WriteSequences();
    private final JsonNode recorded = WriteSequences.resource("recorded.json");

    @TestFactory
    Stream<DynamicTest> everySequenceEndsAsRecorded() {
        List<Sequence> sequences = resources.sequences();
        return IntStream.range(0, sequences.size())
                .mapToObj(i -> DynamicTest.dynamicTest(
                        sequences.get(i).name(), () -> endsAsRecorded(sequences.get(i), "n-" + i)));
    }

    private void endsAsRecorded(Sequence sequence, String name) {
        JsonNode steps = recorded.path(sequence.name());
        assertThat(steps).hasSameSizeAs(sequence.writes());
        PureServer pure = new PureServer(resources.schema(sequence.kind()), sequence);
        ObjectNode live = null;
        for (int i = 0; i < steps.size(); i++) {
            Write write = sequence.writes().get(i);
            JsonNode step = steps.get(i);
            Outcome theirs = new Outcome(step.get("status").asInt(), step.get("body"));
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
