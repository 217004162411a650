package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Exactly one member is set. Immutable: a host that left the selection would keep an orphaned release. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(value = "has(self.tags) != has(self.instanceIds)", message = "set exactly one of tags and instanceIds")
@ValidationRule(
        value = "self == oldSelf",
        message = "spec.ec2.hosts.select is immutable: hosts that left it would "
                + "keep the service for ever; create another ServiceDeployment")
public record HostSelector(
        @ValidationRule(
                value = "self.all(k, size(k) >= 1 && size(k) <= 128)",
                message = "tag keys have 1 to 128 characters")
        @JsonPropertyDescription(
                "Tags that an instance must all carry. It must carry access.ec2.instanceTags of the AwsAccount, too.")
        @Size(min = 1, max = 10)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        Map<String, @Size(max = 256) String> tags,

        @JsonPropertyDescription("The instances by id.")
        @Size(min = 1, max = 50)
        @SetList
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<@Size(max = 19) @Pattern("^i-([0-9a-f]{8}|[0-9a-f]{17})$") String> instanceIds) {

    public HostSelector {
        tags = tags == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(tags));
        instanceIds = instanceIds == null ? List.of() : List.copyOf(instanceIds);
    }
}
