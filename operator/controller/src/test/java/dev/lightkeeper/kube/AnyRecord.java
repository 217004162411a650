package dev.lightkeeper.kube;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Fills API records with anything that their types allow, well out of bounds. */
final class AnyRecord {
    private static final List<String> TEXTS = List.of(
            "",
            "Ready",
            "two words",
            "über 😀 \u0000",
            "\ud83d",
            "123456789012",
            "a".repeat(5_000),
            "😀".repeat(2_000),
            "A".repeat(129));

    private final RandomGenerator random;

    AnyRecord(RandomGenerator random) {
        this.random = random;
    }

    <R extends Record> R of(Class<R> type) {
        return type.cast(record(type, 0));
    }

    private Object record(Class<?> type, int depth) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        @Nullable Object[] values = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = random.nextInt(8) == 0 ? null : value(components[i].getGenericType(), depth + 1);
        }
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " does not take " + Arrays.toString(values), e);
        }
    }

    private Object value(Type type, int depth) {
        if (type instanceof ParameterizedType parameterized) {
            Type held = parameterized.getActualTypeArguments()[parameterized.getActualTypeArguments().length - 1];
            int size = random.nextInt(10) == 0 && depth < 3 ? 120 : random.nextInt(4);
            return parameterized.getRawType() == Map.class ? map(held, size, depth) : list(held, size, depth);
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isRecord()) {
            return record(plain, depth);
        }
        if (plain.isEnum()) {
            return plain.getEnumConstants()[random.nextInt(plain.getEnumConstants().length)];
        }
        return switch (plain.getSimpleName()) {
            case "String" ->
                random.nextInt(3) == 0 ? "Word" + random.nextInt(5) : TEXTS.get(random.nextInt(TEXTS.size()));
            case "Integer" -> random.nextInt();
            case "Long" -> random.nextLong();
            case "Boolean" -> random.nextBoolean();
            case "Instant" ->
                random.nextInt(5) == 0
                        ? Instant.MAX
                        : random.nextInt(5) == 0
                                ? Instant.MIN
                                : Instant.ofEpochSecond(random.nextInt(), random.nextInt(999));
            default -> throw new IllegalArgumentException("no value for " + plain);
        };
    }

    private List<Object> list(Type held, int size, int depth) {
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            list.add(value(held, depth + 1));
        }
        return list;
    }

    private Map<String, Object> map(Type held, int size, int depth) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            map.put("key" + random.nextInt(1000), value(held, depth + 1));
        }
        return map;
    }
}
