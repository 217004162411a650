package dev.lightkeeper.simulators.aws.application;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A catalogue as it is written: applications by name, which others can be like, and images that are such applications. */
final class CatalogueFile {
    private final BehaviourFields yaml = new BehaviourFields();

    @JsonProperty
    private Map<String, ObjectNode> applications = Map.of();

    @JsonProperty
    private Map<String, ObjectNode> defaults = Map.of();

    @JsonProperty
    private List<ObjectNode> images = List.of();

    static CatalogueFile read(InputStream in) throws IOException {
        YAMLMapper mapper = YAMLMapper.builder()
                .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                .build();
        return mapper.readValue(in, CatalogueFile.class);
    }

    List<CatalogueEntry> entries() {
        List<CatalogueEntry> entries = new ArrayList<>();
        for (ObjectNode image : images) {
            ObjectNode fields = image.deepCopy();
            JsonNode patterns = fields.remove("match");
            if (patterns == null || !patterns.isArray() || patterns.isEmpty()) {
                throw new IllegalArgumentException("Each of 'images' needs 'match', a list of patterns");
            }
            Behaviour behaviour = resolve(fields);
            patterns.forEach(pattern -> entries.add(new CatalogueEntry(new Glob(pattern.asText()), behaviour)));
        }
        return entries;
    }

    /** What images without an entry do, by kind: {@code stored} or {@code public}. */
    @Nullable
    Behaviour byDefault(String kind) {
        ObjectNode fields = defaults.get(kind);
        return fields == null ? null : resolve(fields);
    }

    private Behaviour resolve(ObjectNode fields) {
        return yaml.behaviour(inherit(fields, applications.size()));
    }

    private ObjectNode inherit(ObjectNode fields, int generations) {
        ObjectNode own = fields.deepCopy();
        JsonNode like = own.remove("like");
        if (like == null) {
            return own;
        }
        ObjectNode parent = applications.get(like.asText());
        if (parent == null || generations == 0) {
            throw new IllegalArgumentException(
                    "like: there is no application " + like.asText() + ", or it is like itself");
        }
        return yaml.overlay(inherit(parent, generations - 1), own);
    }
}
