package dev.lightkeeper.simulators.kubernetes.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.storage.Store.RevisionGone;
import dev.lightkeeper.simulators.kubernetes.wire.GroupResource;
import dev.lightkeeper.simulators.kubernetes.wire.Trees;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StoreTest {
    private static final GroupResource THINGS = new GroupResource("", "things");
    private static final Duration AT_ONCE = Duration.ZERO;

    private final Store store = new Store(4);

    @Test
    void aWriterThatReadSomethingOlderLoses() {
        ObjectNode first = put("a/x", null, 1);
        put("a/x", first, 2);
        assertThat(store.put(THINGS, "a/x", first, thing(3))).isFalse();
        assertThat(store.remove(THINGS, "a/x", first)).isFalse();
        assertThat(store.put(THINGS, "a/x", null, thing(3))).isFalse();
    }

    @Test
    void aListAtARevisionIsWhatWasThereThen() throws RevisionGone {
        ObjectNode x = put("a/x", null, 1);
        put("a/y", null, 1);
        long then = store.revision();
        put("a/x", x, 2);
        assertThat(store.remove(THINGS, "a/y", Objects.requireNonNull(store.get(THINGS, "a/y"))))
                .isTrue();
        put("a/z", null, 1);
        var past = store.listAt(THINGS, "", then).objects();
        assertThat(past).containsOnlyKeys("a/x", "a/y");
        assertThat(past.get("a/x")).isSameAs(x);
    }

    @Test
    void whatIsForgottenIsNotGuessed() {
        long start = store.revision();
        for (int i = 0; i < 6; i++) {
            put("a/" + i, null, i);
        }
        assertThatThrownBy(() -> store.listAt(THINGS, "", start)).isInstanceOf(RevisionGone.class);
        assertThatThrownBy(() -> store.follow(THINGS, start)).isInstanceOf(RevisionGone.class);
        assertThatThrownBy(() -> store.follow(THINGS, store.revision() + 1)).isInstanceOf(RevisionGone.class);
    }

    @Test
    void aFollowerGetsWhatItMissedAndThenWhatComes() throws Exception {
        put("a/x", null, 1);
        long then = store.revision();
        put("a/y", null, 1);
        try (Subscription changes = store.follow(THINGS, then)) {
            put("a/z", null, 1);
            assertThat(Objects.requireNonNull(changes.next(AT_ONCE)).key()).isEqualTo("a/y");
            assertThat(Objects.requireNonNull(changes.next(AT_ONCE)).key()).isEqualTo("a/z");
            assertThat(changes.next(AT_ONCE)).isNull();
        }
    }

    @Test
    void closingTheStoreEndsItsFollowers() throws RevisionGone {
        Subscription changes = store.follow(THINGS, store.revision());
        store.close();
        assertThat(changes.ended()).isTrue();
    }

    private ObjectNode put(String key, @Nullable ObjectNode expected, int value) {
        ObjectNode thing = thing(value);
        assertThat(store.put(THINGS, key, expected, thing)).isTrue();
        return thing;
    }

    private static ObjectNode thing(int value) {
        ObjectNode thing = Trees.object().put("value", value);
        var _ = thing.putObject("metadata");
        return thing;
    }
}
