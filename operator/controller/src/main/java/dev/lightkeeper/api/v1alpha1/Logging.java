package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Where a container engine puts what containers print, in the words of Docker Compose. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Logging(
        @JsonPropertyDescription("The log driver, as the runtime calls it. Docker: json-file, local, journald, awslogs "
                + "or none. Podman: k8s-file, journald or none.")
        @Required
        @Size(min = 1, max = 32)
        @Pattern("^[a-z0-9][a-z0-9-]*$")
        String driver,

        @ValidationRule(
                value = "self.all(k, k.matches('^[a-z][a-z0-9-]{0,63}$'))",
                message = "names of log options have lower-case letters, digits and dashes: max-size")
        @JsonPropertyDescription(
                "Options of the driver, all as strings, for example max-size: 10m and max-file: \"3\". "
                        + "Those that docs/hosts.md lists for the driver are allowed. With awslogs, group and stream "
                        + "follow from ec2.logGroup when not set here.")
        @Size(max = 20)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        Map<String, @Size(min = 1, max = 512) String> options) {

    public Logging {
        options = options == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(options));
    }
}
