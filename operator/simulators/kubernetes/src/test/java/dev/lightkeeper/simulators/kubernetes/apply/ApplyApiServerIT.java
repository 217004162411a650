package dev.lightkeeper.simulators.kubernetes.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.apply.WriteSequences.Sequence;
import dev.lightkeeper.simulators.kubernetes.apply.WriteSequences.Write;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The judge of server-side apply, of ownership and of the patches is a real kube-apiserver. */
class ApplyApiServerIT {
    private static final Path RECORDED =
            Path.of("src/test/resources/dev/lightkeeper/simulators/kubernetes/apply/recorded.json");
    private static final int RANDOM_SEQUENCES = Integer.getInteger("apply.sequences", 150);
    private static final long SEED = Long.getLong("apply.seed", 1);

    private static @Nullable RealServer server;

    private final WriteSequences resources = new WriteSequences();

    @BeforeAll
    static void start() throws IOException {
        server = RealServer.start();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void allSequencesEndAsOnARealServer() throws IOException {
        List<String> differences = new ArrayList<>();
        ObjectNode recorded = WriteSequences.JSON.createObjectNode();
        int number = 0;
        for (Sequence sequence : resources.sequences()) {
            differences.addAll(run(sequence, "n-" + number++, recorded.putArray(sequence.name())));
        }
        if (Boolean.getBoolean("apply.record")) {
            StringBuilder lines = new StringBuilder();
            recorded.properties().forEach(sequence -> {
                lines.append(lines.isEmpty() ? "{" : ",").append("\n\"" + sequence.getKey() + "\":[");
                String separator = "\n";
                for (JsonNode step : sequence.getValue()) {
                    lines.append(separator).append(step);
                    separator = ",\n";
                }
                lines.append("]");
            });
            var _ = Files.writeString(RECORDED, lines.append("}\n"));
        }
        assertThat(differences).isEmpty();
    }

    @Test
    void randomSequencesEndAsOnARealServer() throws IOException {
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < RANDOM_SEQUENCES; i++) {
            Sequence sequence = new RandomSequences(SEED + i).next("seed " + (SEED + i));
            differences.addAll(run(sequence, "r-" + i, WriteSequences.JSON.createArrayNode()));
        }
        assertThat(differences).isEmpty();
    }

    private List<String> run(Sequence sequence, String name, ArrayNode steps) throws IOException {
        RealServer real = Objects.requireNonNull(server);
        PureServer pure = new PureServer(resources.schema(sequence.kind()), sequence);
        List<String> differences = new ArrayList<>();
        ObjectNode live = null;
        for (Write write : sequence.writes()) {
            JsonNode request = WriteSequences.request(
                    sequence, write, name, live == null ? WriteSequences.JSON.createObjectNode() : live);
            Outcome outcome = real.write(sequence, write, name, request);
            ObjectNode stored = real.read(sequence, name);
            boolean changed = !Objects.equals(live, stored);
            Outcome theirs = outcome.succeeded() && stored != null ? new Outcome(outcome.status(), stored) : outcome;
            ObjectNode step = steps.addObject().put("status", theirs.status()).put("changed", changed);
            step.set("body", theirs.succeeded() ? Outcome.masked(theirs.body()) : theirs.body());
            if (!outcome.isInvalid()) {
                Outcome ours;
                try {
                    ours = pure.write(write, request, live, theirs.succeeded() ? stored : null);
                } catch (RuntimeException | AssertionError e) {
                    differences.add("%s\n%s\non %s:\nfailed with %s".formatted(sequence.name(), write, live, e));
                    live = stored;
                    continue;
                }
                for (String difference : Judgement.differences(sequence.kind(), live, theirs, ours, changed)) {
                    differences.add("%s\n%s\non %s:\n%s".formatted(sequence.name(), write, live, difference));
                }
            }
            live = stored;
        }
        return differences;
    }
}
