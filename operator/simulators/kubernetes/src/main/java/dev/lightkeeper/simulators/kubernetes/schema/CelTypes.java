package dev.lightkeeper.simulators.kubernetes.schema;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a rule may ask of {@code self}: a schema as CEL types. Fields whose type is open do not exist for rules. */
final class CelTypes {
    private static final Pattern CHARACTERS = Pattern.compile("[a-zA-Z_./-][a-zA-Z0-9_./-]*");
    private static final Set<String> RESERVED = Set.of(
            "true",
            "false",
            "null",
            "in",
            "as",
            "break",
            "const",
            "continue",
            "else",
            "for",
            "function",
            "if",
            "import",
            "let",
            "loop",
            "package",
            "namespace",
            "return",
            "var",
            "void",
            "while");

    private final List<CelType> structs = new ArrayList<>();
    private final @Nullable CelType self;

    CelTypes(StructuralSchema schema, boolean isResource) {
        this.self = declare("selfType", schema, isResource);
    }

    /** The type of {@code self}; null when rules cannot be written for it. */
    @Nullable
    CelType self() {
        return self;
    }

    CelTypeProvider provider() {
        return new Provider(ImmutableList.copyOf(structs));
    }

    private record Provider(ImmutableList<CelType> types) implements CelTypeProvider {
        @Override
        public Optional<CelType> findType(String typeName) {
            return types.stream().filter(type -> type.name().equals(typeName)).findFirst();
        }
    }

    private @Nullable CelType declare(String name, StructuralSchema schema, boolean isResource) {
        if (schema.isIntOrString()) {
            return SimpleType.DYN;
        }
        return switch (schema.type()) {
            case "array" -> {
                CelType items = child(name + ".@items", schema.items());
                yield items == null ? null : ListType.create(items);
            }
            case "object" -> {
                if (schema.additionalProperties() == null || isResource) {
                    yield struct(name, schema, isResource);
                }
                CelType values = child(name + ".@values", schema.additionalProperties());
                yield values == null ? null : MapType.create(SimpleType.STRING, values);
            }
            case "string" ->
                switch (schema.openApi().path("format").asText("")) {
                    case "byte" -> SimpleType.BYTES;
                    case "duration" -> SimpleType.DURATION;
                    case "date", "date-time" -> SimpleType.TIMESTAMP;
                    default -> SimpleType.STRING;
                };
            case "boolean" -> SimpleType.BOOL;
            case "number" -> SimpleType.DOUBLE;
            case "integer" -> SimpleType.INT;
            default -> isResource ? struct(name, schema, true) : null;
        };
    }

    private @Nullable CelType child(String name, @Nullable StructuralSchema schema) {
        return schema == null ? null : declare(name, schema, schema.isEmbeddedResource());
    }

    private CelType struct(String name, StructuralSchema schema, boolean isResource) {
        Map<String, CelType> fields = new LinkedHashMap<>();
        schema.properties().forEach((field, property) -> {
            CelType type = child(name + "." + field, property);
            String escaped = escape(field);
            if (type != null && escaped != null) {
                fields.put(escaped, type);
            }
        });
        if (isResource) {
            fields.put("apiVersion", SimpleType.STRING);
            fields.put("kind", SimpleType.STRING);
            ImmutableMap<String, CelType> metadata =
                    ImmutableMap.of("name", SimpleType.STRING, "generateName", SimpleType.STRING);
            fields.put("metadata", register(name + ".@metadata", metadata));
        }
        return register(name, ImmutableMap.copyOf(fields));
    }

    private CelType register(String name, ImmutableMap<String, CelType> fields) {
        CelType type = StructType.create(name, fields.keySet(), field -> Optional.ofNullable(fields.get(field)));
        structs.add(type);
        return type;
    }

    /** A field's name as a CEL identifier; null when it cannot be one. */
    static @Nullable String escape(String name) {
        if (!CHARACTERS.matcher(name).matches()) {
            return null;
        }
        if (RESERVED.contains(name)) {
            return "__" + name + "__";
        }
        return name.replace("__", "__underscores__")
                .replace(".", "__dot__")
                .replace("-", "__dash__")
                .replace("/", "__slash__");
    }
}
