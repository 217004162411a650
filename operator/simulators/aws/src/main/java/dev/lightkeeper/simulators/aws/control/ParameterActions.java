package dev.lightkeeper.simulators.aws.control;

import dev.lightkeeper.simulators.aws.ssm.ParameterControl;
import dev.lightkeeper.simulators.aws.ssm.SsmSimulation;
import java.util.Map;
import java.util.Objects;

/** What people do to parameters through the control interface. Values go in and never come out. */
final class ParameterActions {
    private final SsmSimulation ssm;

    ParameterActions(SsmSimulation ssm) {
        this.ssm = ssm;
    }

    Object list(Parameters parameters) {
        return place(parameters).parameters();
    }

    Object put(Parameters parameters) {
        String name = parameters.required("name");
        String type = Objects.requireNonNullElse(parameters.text("type"), "String");
        return Map.of("name", name, "version", place(parameters).put(name, type, parameters.required("value")));
    }

    Object delete(Parameters parameters) {
        place(parameters).delete(parameters.required("name"));
        return Map.of("deleted", parameters.required("name"));
    }

    Object label(Parameters parameters) {
        place(parameters)
                .label(parameters.required("name"), parameters.integer("version", 1), parameters.required("label"));
        return Map.of("labelled", parameters.required("name"));
    }

    Object key(Parameters parameters) {
        boolean denied = !"false".equals(parameters.text("denied"));
        place(parameters).denyDecryption(parameters.required("name"), denied);
        return Map.of("key", parameters.required("name"), "denied", denied);
    }

    private ParameterControl place(Parameters parameters) {
        String region = parameters.required("region");
        String account = parameters.text("account");
        return account == null ? ssm.in(region) : ssm.in(account, region);
    }
}
