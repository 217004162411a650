package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** metav1.LabelSelectorRequirement. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "(self.operator in ['In', 'NotIn']) == (has(self.values) && size(self.values) > 0)",
        message = "In and NotIn need values; Exists and DoesNotExist have none")
public record LabelExpression(
        @JsonPropertyDescription("The label's key.") @Required @Size(min = 1, max = 317)
        String key,

        @JsonPropertyDescription("In, NotIn, Exists or DoesNotExist.") @Required @Nullable
        LabelOperator operator,

        @JsonPropertyDescription("Values for In and NotIn.") @Size(max = 50) @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<@Size(max = 63) String> values) {

    public LabelExpression {
        values = values == null ? List.of() : List.copyOf(values);
    }
}
