package dev.lightkeeper.simulators.kubernetes.resource;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lightkeeper.simulators.kubernetes.schema.StructuralSchema;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The latest schema of each version of each CRD. Compiling the rules of one is the dearest thing that this server does, and
 * a schema is needed twice when a CRD is written: to say what is wrong with it, and to serve its kind.
 */
public final class DefinedSchemas {
    private final Map<String, StructuralSchema> latest = new ConcurrentHashMap<>();

    /** Reads a schema and compiles its rules, unless that was done the last time. */
    StructuralSchema of(String crd, String version, JsonNode openApi) {
        String key = crd + "/" + version;
        StructuralSchema known = latest.get(key);
        if (known != null && known.openApi().equals(openApi)) {
            return known;
        }
        StructuralSchema read = StructuralSchema.of(openApi);
        latest.put(key, read);
        return read;
    }
}
