package dev.lightkeeper.simulators.kubernetes.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lightkeeper.simulators.kubernetes.wire.Trees;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonPathTest {
    private static final JsonNode OBJECT = Trees.ownYaml("""
            metadata: {labels: {example.dev/a: x}}
            status:
              conditions:
              - {type: Synced, status: "False"}
              - {type: Ready, status: "True", count: 3}
            """.getBytes(StandardCharsets.UTF_8));

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                ".status.conditions[?(@.type==\"Ready\")].status,True",
                ".status.conditions[?(@.type!='Ready')].status,False",
                ".status.conditions[?(@.count==3)].type,Ready",
                ".status.conditions[?(@.count)].type,Ready",
                ".status.conditions[0].type,Synced",
                ".status.conditions[-1].type,Ready",
                ".status.conditions[*].type,Synced",
                "{.status.conditions[1].count},3",
                ".metadata.labels.example\\.dev/a,x",
                ".metadata.labels['example.dev/a'],x",
                ".metadata.missing,``",
            })
    void pathsOfPrinterColumnsFindTheirValue(String path, String value) {
        assertThat(JsonPath.of(path).text(OBJECT)).isEqualTo(value);
    }

    @Test
    void whatIsNoPathIsRefused() {
        assertThatThrownBy(() -> JsonPath.of(".a[")).isInstanceOf(IllegalArgumentException.class);
    }
}
