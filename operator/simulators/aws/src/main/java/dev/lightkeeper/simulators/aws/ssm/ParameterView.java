package dev.lightkeeper.simulators.aws.ssm;

import java.time.Instant;
import java.util.List;

/**
 * How a parameter stands, without its value.
 *
 * @param name of the parameter
 * @param type String, StringList or SecureString
 * @param version the newest
 * @param labels of the newest version
 * @param modifiedAt when the newest version was made
 */
public record ParameterView(String name, String type, long version, List<String> labels, Instant modifiedAt) {
    static ParameterView of(Parameter parameter) {
        ParameterVersion latest = parameter.latest();
        return new ParameterView(
                parameter.name, latest.type(), latest.number(), List.copyOf(latest.labels()), latest.modifiedAt());
    }
}
