package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;

/** Walks a record and its generated schema together and adds what the generator leaves out. */
final class RecordSchema {
    private RecordSchema() {}

    static void refine(Class<?> type, JSONSchemaProps schema) {
        withoutDuplicateRules(schema);
        for (RecordComponent component : type.getRecordComponents()) {
            JSONSchemaProps property = property(schema, wireName(component));
            MapList keys = component.getAnnotation(MapList.class);
            if (keys != null) {
                property.setXKubernetesListType("map");
                property.setXKubernetesListMapKeys(List.of(keys.value()));
            } else if (component.isAnnotationPresent(SetList.class)) {
                property.setXKubernetesListType("set");
            }
            refineValue(component.getAnnotatedType(), property);
        }
    }

    private static void refineValue(AnnotatedType annotated, JSONSchemaProps schema) {
        withoutDuplicateRules(schema);
        Type type = annotated.getType();
        if (type == Integer.class) {
            schema.setFormat("int32");
        } else if (type == Long.class) {
            schema.setFormat("int64");
        }
        bound(annotated, schema);
        if ("array".equals(schema.getType())) {
            if (schema.getXKubernetesListType() == null) {
                schema.setXKubernetesListType("atomic");
            }
            refineValue(lastArgument(annotated), schema.getItems().getSchema());
        } else if (type instanceof ParameterizedType) {
            refineValue(
                    lastArgument(annotated), schema.getAdditionalProperties().getSchema());
        } else if (type instanceof Class<?> nested && nested.isRecord()) {
            refine(nested, schema);
        }
    }

    /** The generator sees the bounds of a list's items, but not those of a list within a list. */
    private static void bound(AnnotatedType annotated, JSONSchemaProps schema) {
        Size size = annotated.getAnnotation(Size.class);
        if (size != null && "string".equals(schema.getType())) {
            schema.setMaxLength(size.max());
            schema.setMinLength(size.min() > 0 ? size.min() : null);
        } else if (size != null && "array".equals(schema.getType())) {
            schema.setMaxItems(size.max());
            schema.setMinItems(size.min() > 0 ? size.min() : null);
        }
        Pattern pattern = annotated.getAnnotation(Pattern.class);
        if (pattern != null) {
            schema.setPattern(pattern.value());
        }
        Min min = annotated.getAnnotation(Min.class);
        if (min != null) {
            schema.setMinimum(min.value());
        }
        Max max = annotated.getAnnotation(Max.class);
        if (max != null) {
            schema.setMaximum(max.value());
        }
    }

    static JSONSchemaProps property(JSONSchemaProps schema, String name) {
        return Objects.requireNonNull(schema.getProperties().get(name), () -> "no property " + name);
    }

    private static AnnotatedType lastArgument(AnnotatedType annotated) {
        AnnotatedType[] arguments = ((AnnotatedParameterizedType) annotated).getAnnotatedActualTypeArguments();
        return arguments[arguments.length - 1];
    }

    private static String wireName(RecordComponent component) {
        JsonProperty renamed = component.getAccessor().getAnnotation(JsonProperty.class);
        return renamed == null ? component.getName() : renamed.value();
    }

    /** A rule on a component is found on the field and on the accessor. */
    private static void withoutDuplicateRules(JSONSchemaProps schema) {
        List<ValidationRule> rules = schema.getXKubernetesValidations();
        if (rules != null) {
            schema.setXKubernetesValidations(new ArrayList<>(new LinkedHashSet<>(rules)));
        }
    }
}
