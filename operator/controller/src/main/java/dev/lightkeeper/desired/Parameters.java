package dev.lightkeeper.desired;

import java.util.Map;

/**
 * What Parameter Store holds of what was asked for.
 *
 * @param values by parameter
 * @param paths by path as it was asked for, then by the last part of each parameter's name
 */
public record Parameters(
        Map<ParameterKey, Parameter<SecretText>> values, Map<String, Parameter<Map<String, SecretText>>> paths) {
    /** Nothing was asked for. */
    public static final Parameters NONE = new Parameters(Map.of(), Map.of());

    public Parameters {
        values = Map.copyOf(values);
        paths = Map.copyOf(paths);
    }
}
