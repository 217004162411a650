package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is allowed on EC2 hosts. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Ec2Access(
        @ValidationRule(
                value = "self.all(k, size(k) >= 1 && size(k) <= 128)",
                message = "tag keys have 1 to 128 characters")
        @JsonPropertyDescription("Tags that every host must carry before it is touched.")
        @Required
        @Size(min = 1, max = 10)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        Map<String, @Size(max = 256) String> instanceTags,

        @JsonPropertyDescription("Users of the host that services may run as.")
        @Required
        @Size(min = 1, max = 20)
        @SetList
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<@Size(min = 1, max = 32) @Pattern("^[a-z_][a-z0-9_-]*$") String> runAsUsers,

        @JsonPropertyDescription("Whether ec2.build may run commands on hosts. Default false.") @Default("false")
        Boolean allowBuildCommands,

        @JsonPropertyDescription("Patterns of the CloudWatch Logs groups that ec2.logGroup and ec2.logging may name: * "
                + "stands for any characters, {namespace} for the namespace of the ServiceDeployment. Not set: none.")
        @Size(max = 20)
        @SetList
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<@Size(min = 1, max = 512) String> logGroups) {

    public Ec2Access {
        instanceTags = instanceTags == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(instanceTags));
        logGroups = logGroups == null ? List.of() : List.copyOf(logGroups);
        runAsUsers = runAsUsers == null ? List.of() : List.copyOf(runAsUsers);
    }
}
