package dev.lightkeeper.simulators.kubernetes.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.lightkeeper.simulators.kubernetes.schema.StructuralSchema;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** More patches are compared with a real server's results in the sequences of the package apply. */
class PatchesTest {
    @Test
    void mergeDeletesWithNullAndReplacesLists() throws Exception {
        ObjectNode object = yaml("{a: {b: 1, c: 2}, l: [1, 2], s: x}");

        assertThat(Patches.merge(object, yaml("{a: {b: null, d: {e: null, f: 3}}, l: [3], s: {t: u}}")))
                .isEqualTo(yaml("{a: {c: 2, d: {f: 3}}, l: [3], s: {t: u}}"));
        assertThat(object).isEqualTo(yaml("{a: {b: 1, c: 2}, l: [1, 2], s: x}"));
    }

    @Test
    void aFailingJsonOperationChangesNothing() throws Exception {
        ObjectNode object = yaml("{a: 1}");
        JsonNode patch =
                new YAMLMapper().readTree("[{op: replace, path: /a, value: 2}, {op: test, path: /a, value: 1}]");

        assertThatThrownBy(() -> Patches.json(object, patch))
                .isInstanceOfSatisfying(
                        PatchFailure.class,
                        failure -> assertThat(failure.status()).isEqualTo(422))
                .hasMessage("the server rejected our request due to an error in our request");
        assertThat(object).isEqualTo(yaml("{a: 1}"));
    }

    @Test
    void aWholeDocumentIsReplacedAndTestedByTheEmptyPointer() throws Exception {
        JsonNode patch = new YAMLMapper()
                .readTree("[{op: test, path: '', value: {a: 1}}, {op: replace, path: '', value: {b: 2}}]");

        assertThat(Patches.json(yaml("{a: 1}"), patch)).isEqualTo(yaml("{b: 2}"));
    }

    @Test
    void strategicMergeKeepsTheServersItemsWhereTheyWere() throws Exception {
        StructuralSchema schema = StructuralSchema.of(yaml("""
                        {type: object, properties: {list: {type: array, x-kubernetes-patch-strategy: merge,
                          x-kubernetes-patch-merge-key: name, items: {type: object}}}}
                        """));

        assertThat(Patches.strategic(
                        yaml("{list: [{name: a}, {name: server}, {name: b, v: 1}]}"),
                        yaml("{$setElementOrder/list: [{name: b}, {name: a}], list: [{name: b, v: 2}]}"),
                        schema))
                .isEqualTo(yaml("{list: [{name: server}, {name: b, v: 2}, {name: a}]}"));
    }

    private static ObjectNode yaml(String text) throws IOException {
        return (ObjectNode) new YAMLMapper().readTree(text);
    }
}
