package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an answer must look like; all members that are set must hold. Without status (and without absent) the
 * status must be 200 to 299.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.absent) || !self.absent || (!has(self.maxLatencyMillis) && (!has(self.status) || "
                + "size(self.status) == 0) && (!has(self.headers) || size(self.headers) == 0) && (!has(self.json) "
                + "|| size(self.json) == 0) && (!has(self.containsText) || size(self.containsText) == 0))",
        message = "expect.absent excludes all other expectations: remove them, or remove absent")
public record Expectation(
        @JsonPropertyDescription("HTTP status codes that are accepted. Not set means 200 to 299.")
        @Size(max = 20)
        @SetList
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<@Min(100) @Max(599) Integer> status,

        @JsonPropertyDescription("Response headers that must be there and match.")
        @Size(max = 20)
        @MapList("name")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<HeaderAssertion> headers,

        @JsonPropertyDescription("Values that must be found in a JSON body.")
        @Size(max = 20)
        @MapList("pointer")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<JsonAssertion> json,

        @JsonPropertyDescription("Texts that must all be found in the body.")
        @Size(max = 20)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<@Size(min = 1, max = 256) String> containsText,

        @JsonPropertyDescription("The longest time in milliseconds that an answer may take.")
        @Min(1)
        @Max(60000)
        @Nullable
        Integer maxLatencyMillis,

        @JsonPropertyDescription("True means that the path must not exist: 404 or 410, and not the page that "
                + "the service answers to every path. Excludes all other expectations.")
        @Nullable
        Boolean absent) {

    public Expectation {
        status = status == null ? List.of() : List.copyOf(status);
        headers = headers == null ? List.of() : List.copyOf(headers);
        json = json == null ? List.of() : List.copyOf(json);
        containsText = containsText == null ? List.of() : List.copyOf(containsText);
    }
}
