package dev.lightkeeper.kube;

import dev.lightkeeper.api.v1alpha1.MapList;
import dev.lightkeeper.api.v1alpha1.SetList;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fits a status into the bounds of its CRD. The API server refuses a status with one value out of bounds as a whole, and
 * the operator would go silent. The bounds are the annotations of the API records, from which the CRD is generated.
 *
 * <p>Text is cut and lists are shortened at their end. What cannot be made to fit is left out: an optional member alone, a
 * required one with the record around it.
 */
final class StatusBounds {
    private static final Logger log = LoggerFactory.getLogger(StatusBounds.class);
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");
    private static final int ROOM_FOR_ELLIPSIS = 16;

    private StatusBounds() {}

    /** The nearest status that the CRD allows; equal to {@code status} when that one fits. Idempotent. */
    static <S extends Record> S clamp(S status) {
        Record fitted = fitRecord(status, status.getClass().getSimpleName());
        if (fitted == null) {
            throw new IllegalArgumentException(
                    status.getClass().getSimpleName() + " has required members at its top: it cannot be a status");
        }
        @SuppressWarnings("unchecked") // fitRecord builds the class of its argument
        S same = (S) fitted;
        return same;
    }

    private static @Nullable Record fitRecord(Record value, String path) {
        RecordComponent[] components = value.getClass().getRecordComponents();
        @Nullable Object[] members = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            RecordComponent component = components[i];
            String memberPath = path + "." + component.getName();
            Bounds bounds = Bounds.of(component);
            Object before = read(component, value);
            Object member = before == null ? null : fit(before, bounds, memberPath);
            if (member == null && before != null) {
                log.warn("left out of the status, since the CRD does not allow it: {}", memberPath);
            }
            if (member == null && bounds.required()) {
                return null;
            }
            members[i] = member;
        }
        return construct(value.getClass(), components, members);
    }

    private static @Nullable Object fit(Object value, Bounds bounds, String path) {
        return switch (value) {
            case String text -> fitText(text, bounds);
            case Integer number -> (int) bounds.within(number);
            case Long number -> bounds.within(number);
            case Instant time -> fitTime(time);
            case List<?> list -> fitList(list, bounds, path);
            case Map<?, ?> map -> fitMap(map, bounds, path);
            case Record nested -> fitRecord(nested, path);
            case Enum<?> word -> word;
            case Boolean flag -> flag;
            default -> throw new IllegalArgumentException(path + " has a type that no status may have");
        };
    }

    private static @Nullable String fitText(String text, Bounds bounds) {
        String cut = text;
        if (text.codePointCount(0, text.length()) > bounds.max()) {
            boolean ellipsis = bounds.pattern() == null && bounds.max() >= ROOM_FOR_ELLIPSIS;
            int kept = (int) bounds.max() - (ellipsis ? 1 : 0);
            cut = text.substring(0, text.offsetByCodePoints(0, kept)) + (ellipsis ? "…" : "");
        }
        cut = wellFormed(cut);
        boolean tooShort = cut.codePointCount(0, cut.length()) < bounds.min();
        boolean mismatch = bounds.pattern() != null
                && !java.util.regex.Pattern.compile(bounds.pattern())
                        .matcher(cut)
                        .find();
        return tooShort || mismatch ? null : cut;
    }

    /** A lone surrogate cannot be sent as UTF-8. */
    private static String wellFormed(String text) {
        if (text.codePoints().noneMatch(StatusBounds::isSurrogate)) {
            return text;
        }
        return text.codePoints()
                .map(point -> isSurrogate(point) ? '?' : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean isSurrogate(int point) {
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    }

    /** {@code metav1.Time} has whole seconds and four-digit years. */
    private static Instant fitTime(Instant time) {
        Instant bounded = time.isBefore(EARLIEST) ? EARLIEST : time.isAfter(LATEST) ? LATEST : time;
        return bounded.truncatedTo(ChronoUnit.SECONDS);
    }

    private static @Nullable List<Object> fitList(List<?> list, Bounds bounds, String path) {
        List<Object> fitted = new ArrayList<>();
        Set<Object> keys = new LinkedHashSet<>();
        for (Object item : list) {
            if (fitted.size() >= bounds.max()) {
                break;
            }
            Object member = fit(item, bounds.item(0), path + "[]");
            if (member == null) {
                log.warn("left out of the status, since the CRD does not allow it: {}[]", path);
            } else if (keys.add(bounds.key(member, fitted.size()))) {
                fitted.add(member);
            }
        }
        return fitted.size() < bounds.min() ? null : Collections.unmodifiableList(fitted);
    }

    private static Map<String, Object> fitMap(Map<?, ?> map, Bounds bounds, String path) {
        Map<String, Object> fitted = new LinkedHashMap<>();
        TreeMap<String, Object> sorted = new TreeMap<>();
        map.forEach((key, value) -> sorted.put(wellFormed(key.toString()), value));
        sorted.forEach((key, value) -> {
            Object member = fit(value, bounds.item(1), path + "{}");
            if (member != null && fitted.size() < bounds.max()) {
                fitted.put(key, member);
            }
        });
        return fitted;
    }

    private static @Nullable Object read(RecordComponent component, Record value) {
        try {
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("an API record is public and its accessors do not throw", e);
        }
    }

    private static Record construct(Class<?> type, RecordComponent[] components, @Nullable Object[] members) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return (Record) type.getDeclaredConstructor(types).newInstance(members);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("an API record accepts every value that fits its bounds", e);
        }
    }

    /** What the annotations of one member, list item or map value say. */
    private record Bounds(
            boolean required,
            long min,
            long max,
            @Nullable String pattern,
            double least,
            double most,
            List<String> keys,
            boolean set,
            AnnotatedType type) {

        static Bounds of(RecordComponent component) {
            MapList map = component.getAnnotation(MapList.class);
            return of(
                    component.getAnnotatedType(),
                    component.getAccessor().isAnnotationPresent(Required.class),
                    map == null ? List.of() : List.of(map.value()),
                    component.isAnnotationPresent(SetList.class));
        }

        private static Bounds of(AnnotatedType type, boolean required, List<String> keys, boolean set) {
            Size size = find(type, Size.class);
            Pattern pattern = find(type, Pattern.class);
            Min least = find(type, Min.class);
            Max most = find(type, Max.class);
            return new Bounds(
                    required,
                    size == null ? 0 : size.min(),
                    size == null ? Long.MAX_VALUE : size.max(),
                    pattern == null ? null : pattern.value(),
                    least == null ? Double.NEGATIVE_INFINITY : least.value(),
                    most == null ? Double.POSITIVE_INFINITY : most.value(),
                    keys,
                    set,
                    type);
        }

        private static <A extends Annotation> @Nullable A find(AnnotatedType type, Class<A> annotation) {
            return type.getAnnotation(annotation);
        }

        /** The bounds of what the list or the map holds. */
        Bounds item(int argument) {
            if (!(type instanceof AnnotatedParameterizedType parameterized)) {
                throw new IllegalStateException("a raw collection in the API: " + type);
            }
            return of(parameterized.getAnnotatedActualTypeArguments()[argument], true, List.of(), false);
        }

        long within(long number) {
            return number < least ? (long) least : number > most ? (long) most : number;
        }

        /** What identifies an item of a keyed list or a set; its place where there is no identity. */
        Object key(Object item, int place) {
            if (set) {
                return item;
            }
            if (keys.isEmpty() || !(item instanceof Record nested)) {
                return place;
            }
            return Arrays.stream(nested.getClass().getRecordComponents())
                    .filter(component -> keys.contains(component.getName()))
                    .map(component -> Objects.toString(read(component, nested)))
                    .toList();
        }
    }
}
