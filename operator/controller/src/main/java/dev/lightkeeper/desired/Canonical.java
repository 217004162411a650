package dev.lightkeeper.desired;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One text for a tree of records, lists, maps and scalars. Null and empty parts are left out and components are sorted, so
 * that a component added to a record by a later version changes no hash of a manifest that does not use it.
 */
public final class Canonical {
    /** Accessors by name, once for each type: every run of every resource hashes, and reflection gives copies. */
    private static final ClassValue<List<Method>> COMPONENTS = new ClassValue<>() {
        @Override
        protected List<Method> computeValue(Class<?> type) {
            return Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getAccessor)
                    .sorted(Comparator.comparing(Method::getName))
                    .toList();
        }
    };

    private Canonical() {}

    /** 32 hexadecimal digits that are equal for equal parts. */
    public static String hash(@Nullable Object... parts) {
        StringBuilder text = new StringBuilder();
        for (Object part : parts) {
            write(part, text);
            text.append('\n');
        }
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    private static void write(@Nullable Object value, StringBuilder out) {
        switch (value) {
            case null -> out.append('-');
            case Record part -> writeRecord(part, out);
            case List<?> list -> {
                out.append('[');
                list.forEach(item -> {
                    write(item, out);
                    out.append(',');
                });
                out.append(']');
            }
            case Map<?, ?> map -> {
                out.append('{');
                TreeMap<String, @Nullable Object> sorted = new TreeMap<>();
                map.forEach((key, item) -> sorted.put(String.valueOf(key), item));
                sorted.forEach((key, item) -> {
                    out.append(key.length()).append(':').append(key).append('=');
                    write(item, out);
                    out.append(',');
                });
                out.append('}');
            }
            default -> {
                String text = value.toString();
                out.append(text.length()).append(':').append(text);
            }
        }
    }

    private static void writeRecord(Record part, StringBuilder out) {
        out.append('(');
        for (Method component : COMPONENTS.get(part.getClass())) {
            Object value = read(component, part);
            if (!isEmpty(value)) {
                out.append(component.getName()).append('=');
                write(value, out);
                out.append(',');
            }
        }
        out.append(')');
    }

    private static @Nullable Object read(Method component, Record part) {
        try {
            return component.invoke(part);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("records of the API are public", e);
        }
    }

    private static boolean isEmpty(@Nullable Object value) {
        return value == null
                || (value instanceof Collection<?> collection && collection.isEmpty())
                || (value instanceof Map<?, ?> map && map.isEmpty());
    }
}
