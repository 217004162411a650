package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A label selector; without members it selects every namespace. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NamespaceSelector(
        @JsonPropertyDescription("Labels that must all be there with these values.")
        @Size(max = 20)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        Map<String, @Size(max = 63) String> matchLabels,

        @JsonPropertyDescription("Further conditions that must all hold.")
        @Size(max = 20)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<LabelExpression> matchExpressions) {

    public NamespaceSelector {
        matchLabels = matchLabels == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(matchLabels));
        matchExpressions = matchExpressions == null ? List.of() : List.copyOf(matchExpressions);
    }
}
