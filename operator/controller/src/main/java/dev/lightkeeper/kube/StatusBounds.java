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
import java.lang.reflect.Constructor;
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

    /** Annotations are parsed anew for every component that reflection hands out, and status is fitted in every run. */
    private static final ClassValue<Shape> SHAPES = new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
            return Shape.of(type);
        }
    };

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
        Shape shape = SHAPES.get(value.getClass());
        @Nullable Object[] members = new @Nullable Object[shape.members().size()];
        for (int i = 0; i < members.length; i++) {
            Member of = shape.members().get(i);
            String memberPath = path + "." + of.component().getName();
            Bounds bounds = of.bounds();
            Object before = read(of.component(), value);
            Object member = before == null ? null : fit(before, bounds, memberPath);
            if (member == null && before != null) {
                log.warn("left out of the status, since the CRD does not allow it: {}", memberPath);
            }
            if (member == null && bounds.required()) {
                return null;
            }
            members[i] = member;
        }
        return construct(shape.constructor(), members);
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
        boolean mismatch =
                bounds.pattern() != null && !bounds.pattern().matcher(cut).find();
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

    private static Record construct(Constructor<?> constructor, @Nullable Object[] members) {
        try {
            return (Record) constructor.newInstance(members);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("an API record accepts every value that fits its bounds", e);
        }
    }

    private record Member(RecordComponent component, Bounds bounds) {}

    /** What reflection tells of one record class. */
    private record Shape(List<Member> members, Constructor<?> constructor) {
        static Shape of(Class<?> type) {
            RecordComponent[] components = type.getRecordComponents();
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            try {
                return new Shape(
                        Arrays.stream(components)
                                .map(component -> new Member(component, Bounds.of(component)))
                                .toList(),
                        type.getDeclaredConstructor(types));
            } catch (NoSuchMethodException e) {
                throw new IllegalStateException("every record has its canonical constructor", e);
            }
        }
    }

    /** What the annotations of one member, list item or map value say. */
    private record Bounds(
            boolean required,
            long min,
            long max,
            java.util.regex.@Nullable Pattern pattern,
            double least,
            double most,
            List<String> keys,
            boolean set,
            List<Bounds> items) {

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
                    pattern == null ? null : java.util.regex.Pattern.compile(pattern.value()),
                    least == null ? Double.NEGATIVE_INFINITY : least.value(),
                    most == null ? Double.POSITIVE_INFINITY : most.value(),
                    keys,
                    set,
                    items(type));
        }

        private static <A extends Annotation> @Nullable A find(AnnotatedType type, Class<A> annotation) {
            return type.getAnnotation(annotation);
        }

        private static List<Bounds> items(AnnotatedType type) {
            return type instanceof AnnotatedParameterizedType parameterized
                    ? Arrays.stream(parameterized.getAnnotatedActualTypeArguments())
                            .map(item -> of(item, true, List.of(), false))
                            .toList()
                    : List.of();
        }

        /** The bounds of what the list (0) or the map (1) holds. */
        Bounds item(int argument) {
            return items.get(argument);
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
