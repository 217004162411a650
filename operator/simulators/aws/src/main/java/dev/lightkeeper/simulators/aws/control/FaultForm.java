package dev.lightkeeper.simulators.aws.control;

import dev.lightkeeper.simulators.aws.faults.Fault;
import dev.lightkeeper.simulators.aws.faults.FaultKind;
import dev.lightkeeper.simulators.aws.faults.Faults;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Faults as the control interface reads and shows them. */
final class FaultForm {
    private FaultForm() {}

    static Fault read(Parameters parameters) {
        FaultKind kind;
        try {
            kind = FaultKind.valueOf(parameters.required("kind"));
        } catch (IllegalArgumentException e) {
            throw new ControlFailure(400, "No such kind of fault: " + parameters.text("kind"));
        }
        Fault fault = Fault.of(kind);
        Integer count = parameters.has("count") ? Integer.valueOf(parameters.integer("count", 1)) : null;
        return new Fault(
                kind,
                parameters.text("service"),
                parameters.text("operation"),
                parameters.text("region"),
                parameters.text("account"),
                parameters.text("target"),
                parameters.integer("from", fault.from()),
                count,
                parameters.number("probability", fault.probability()),
                Duration.ofMillis(Math.round(
                        1000 * parameters.number("delaySeconds", fault.delay().toMillis() / 1000.0))),
                or(parameters.text("errorCode"), fault.errorCode()),
                or(parameters.text("message"), fault.message()),
                parameters.integer("status", fault.status()),
                or(parameters.text("otherAccount"), fault.otherAccount()));
    }

    static Map<String, Object> show(Faults.Injected injected) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", injected.id());
        shown.put("hits", injected.hits());
        shown.put("fault", injected.fault());
        return shown;
    }

    private static String or(@Nullable String value, String otherwise) {
        return value == null ? otherwise : value;
    }
}
