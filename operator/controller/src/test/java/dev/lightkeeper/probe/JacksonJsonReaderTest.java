package dev.lightkeeper.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.verify.JsonReader.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JacksonJsonReaderTest {
    private final JacksonJsonReader reader = new JacksonJsonReader();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":\"up\"}|/a|up",
                "{\"a\":\"\\u0075p\"}|/a|up",
                "{\"a\":1.50}|/a|1.50",
                "{\"a\":1e400}|/a|1e400",
                "{\"a\":false}|/a|false",
                "{\"a\":null}|/a|null",
                "[1,[2,3]]|/1/0|2",
                "{\"0\":{\"\":7}}|/0/|7",
                "{\"a/b\":{\"c~d\":1}}|/a~1b/c~0d|1",
                "{\"a\":1,\"a\":2}|/a|2",
                "true|``|true",
                "\ufeff{\"a\":1}|/a|1",
            })
    void scalarIsFoundWithItsText(String body, String pointer, String text) {
        assertThat(reader.read(body, pointer)).isEqualTo(new Reading.Found(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"{\"a\":1}|/b", "[1]|/1", "[1]|/-", "{}|/a", "1|/a", "{\"a\":1}|a", "{\"a\":{\"b\":1}}|/b"})
    void pointerThatLeadsNowhereIsMissing(String body, String pointer) {
        assertThat(reader.read(body, pointer)).isEqualTo(new Reading.Missing());
    }

    @Test
    void objectsAndListsAreNoScalars() {
        assertThat(reader.read("{\"a\":{}}", "/a")).isEqualTo(new Reading.NotScalar());
        assertThat(reader.read("{\"a\":[1]}", "/a")).isEqualTo(new Reading.NotScalar());
        assertThat(reader.read("{}", "")).isEqualTo(new Reading.NotScalar());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "up",
                "<html>",
                "{\"a\":1",
                "{\"a\":1}}",
                "{\"a\":1} {\"a\":1}",
                "{\"a\":1} x",
                "{'a':1}",
                "NaN"
            })
    void whatIsNotOneWholeJsonTextIsNone(String body) {
        assertThat(reader.read(body, "/a")).isEqualTo(new Reading.NotJson());
    }

    @Test
    void nestingIsBounded() {
        assertThat(reader.read("[".repeat(30_000) + "]".repeat(30_000), "/0")).isEqualTo(new Reading.NotJson());
        assertThat(reader.read("[".repeat(50) + "1" + "]".repeat(50), "/0".repeat(50)))
                .isEqualTo(new Reading.Found("1"));
    }
}
