package dev.lightkeeper.desired;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a resource names many times is read once, as long as it is not large. */
class ReadOnceTest {
    private int reads;

    private ReadOnce of(String value) {
        return new ReadOnce(new References() {
            @Override
            public Reference<Map<String, String>> configMap(String namespace, String name) {
                reads++;
                return value.isEmpty() ? new Reference.Missing<>(name) : new Reference.Found<>(Map.of("key", value));
            }

            @Override
            public Reference<Map<String, SecretText>> secret(String namespace, String name) {
                reads++;
                return new Reference.Found<>(Map.of("key", SecretText.of(value)));
            }
        });
    }

    @Test
    void eachObjectIsAskedForOnce() {
        ReadOnce once = of("value");
        for (int i = 0; i < 3; i++) {
            assertThat(once.configMap("team", "a")).isEqualTo(new Reference.Found<>(Map.of("key", "value")));
            assertThat(once.secret("team", "a"))
                    .isEqualTo(new Reference.Found<>(Map.of("key", SecretText.of("value"))));
        }
        assertThat(reads).isEqualTo(2);
        assertThat(once.configMap("team", "b")).isEqualTo(new Reference.Found<>(Map.of("key", "value")));
        assertThat(reads).isEqualTo(3);
    }

    @Test
    void whatIsMissingIsNotAskedForAgain() {
        ReadOnce once = of("");
        assertThat(once.configMap("team", "a")).isEqualTo(once.configMap("team", "a"));
        assertThat(reads).isEqualTo(1);
    }

    @Test
    void whatIsLargeIsNotKept() {
        ReadOnce once = of("x".repeat(ReadOnce.MOST_KEPT / 2));
        for (int i = 0; i < 3; i++) {
            assertThat(once.configMap("team", "a")).isInstanceOf(Reference.Found.class);
            assertThat(once.secret("team", "b")).isInstanceOf(Reference.Found.class);
        }
        assertThat(reads).as("one kept, one read three times").isEqualTo(4);
    }
}
