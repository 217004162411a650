package dev.lightkeeper.simulators.kubernetes.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.lightkeeper.simulators.kubernetes.apply.FieldManagement.Writer;
import dev.lightkeeper.simulators.kubernetes.schema.StructuralSchema;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a recording cannot show, because times and the order of keys differ from run to run. */
class FieldManagementTest {
    private static final Instant EARLY = Instant.parse("2026-01-01T00:00:00.9Z");
    private static final Instant LATE = Instant.parse("2026-01-01T00:00:10.1Z");

    private final StructuralSchema schema = new WriteSequences().schema("Thing");

    @Test
    void anApplyThatChangesNothingReturnsTheLiveObjectWithItsTimes() throws Exception {
        ObjectNode live =
                FieldManagement.apply(null, thing("{image: x, things: [p]}"), writer("a", EARLY), false, schema);

        ObjectNode again =
                FieldManagement.apply(live, thing("{image: x, things: [p]}"), writer("a", LATE), true, schema);

        assertThat(again).isEqualTo(live);
        assertThat(times(live)).containsExactly("2026-01-01T00:00:00Z");
    }

    @Test
    void entriesAreSortedByOperationThenTimeThenManager() throws Exception {
        ObjectNode live = FieldManagement.apply(null, thing("{image: x}"), writer("z", EARLY), false, schema);
        live = FieldManagement.apply(live, thing("{enabled: true}"), writer("b", LATE), false, schema);
        live = FieldManagement.apply(live, thing("{list: [x]}"), writer("a", LATE), false, schema);
        ObjectNode updated = live.deepCopy();
        var _ = updated.withObjectProperty("spec").put("scale", 3);
        live = FieldManagement.update(live, updated, writer("0", EARLY), schema);

        assertThat(live.at("/metadata/managedFields"))
                .extracting(entry -> entry.get("manager").asText())
                .containsExactly("z", "a", "b", "0");
    }

    @Test
    void fieldsAreWrittenInTheirCanonicalOrder() throws Exception {
        ObjectNode live = FieldManagement.apply(
                null,
                thing(
                        "{things: [q, p], ports: [{port: 443}, {port: 80}, {port: 80, protocol: UDP}], groups: {g: {y: 1}}}"),
                writer("a", EARLY),
                false,
                schema);

        assertThat(live.at("/metadata/managedFields/0/fieldsV1/f:spec").toString())
                .isEqualTo("{\"f:groups\":{\"f:g\":{\".\":{},\"f:y\":{}}},\"f:ports\":{"
                        + "\"k:{\\\"port\\\":80,\\\"protocol\\\":\\\"TCP\\\"}\":{\".\":{},\"f:port\":{}},"
                        + "\"k:{\\\"port\\\":80,\\\"protocol\\\":\\\"UDP\\\"}\":{\".\":{},\"f:port\":{},\"f:protocol\":{}},"
                        + "\"k:{\\\"port\\\":443,\\\"protocol\\\":\\\"TCP\\\"}\":{\".\":{},\"f:port\":{}}},"
                        + "\"f:things\":{\"v:\\\"p\\\"\":{},\"v:\\\"q\\\"\":{}}}");
    }

    @Test
    void theOldestUpdatersAreJoinedWhenThereAreMoreThanTen() throws Exception {
        ObjectNode live = FieldManagement.update(null, thing("{labels: {k0: x}}"), writer("m0", EARLY), schema);
        for (int i = 1; i <= 11; i++) {
            ObjectNode updated = live.deepCopy();
            var _ = updated.withObject("/spec/labels").put("k" + i, "x");
            live = FieldManagement.update(live, updated, writer("m" + i, EARLY.plusSeconds(i)), schema);
        }

        JsonNode managedFields = live.at("/metadata/managedFields");
        assertThat(managedFields).hasSize(10);
        assertThat(managedFields.get(0).get("manager").asText()).isEqualTo("ancient-changes");
        assertThat(managedFields.get(0).at("/fieldsV1/f:spec/f:labels").toString())
                .isEqualTo("{\".\":{},\"f:k0\":{},\"f:k1\":{},\"f:k2\":{}}");
        assertThat(managedFields.get(0).get("time").asText()).isEqualTo("2026-01-01T00:00:02Z");
    }

    @Test
    void anUpdateWithAnItemThatHasNoPlaceKeepsTheOwnersForValidationToRefuseIt() throws Exception {
        ObjectNode live = FieldManagement.update(null, thing("{things: [p]}"), writer("a", EARLY), schema);

        ObjectNode updated = FieldManagement.update(live, thing("{things: [{x: y}]}"), writer("b", LATE), schema);

        assertThat(updated.at("/metadata/managedFields")).isEqualTo(live.at("/metadata/managedFields"));
        assertThat(updated.at("/spec/things/0/x").asText()).isEqualTo("y");
    }

    @Test
    void argumentsStayAsTheyAre() throws Exception {
        ObjectNode live = FieldManagement.apply(null, thing("{things: [p]}"), writer("a", EARLY), false, schema);
        ObjectNode liveBefore = live.deepCopy();
        ObjectNode applied = thing("{things: [q], any: {x: {y: z}}}");
        ObjectNode appliedBefore = applied.deepCopy();

        ObjectNode result = FieldManagement.apply(live, applied, writer("a", LATE), false, schema);
        var _ = result.withObject("/spec/any/x").put("y", "changed");

        assertThat(live).isEqualTo(liveBefore);
        assertThat(applied).isEqualTo(appliedBefore);
    }

    private static List<String> times(ObjectNode object) {
        List<String> times = new ArrayList<>();
        object.at("/metadata/managedFields")
                .forEach(entry -> times.add(entry.get("time").asText()));
        return times;
    }

    private static Writer writer(String manager, Instant time) {
        return new Writer(manager, "example.com/v1", "", time);
    }

    private static ObjectNode thing(String spec) throws IOException {
        return (ObjectNode) new YAMLMapper()
                .readTree("{apiVersion: example.com/v1, kind: Thing, metadata: {name: t}, spec: %s}".formatted(spec));
    }
}
