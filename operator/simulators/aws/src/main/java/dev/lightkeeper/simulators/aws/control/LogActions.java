package dev.lightkeeper.simulators.aws.control;

import dev.lightkeeper.simulators.aws.logs.LogsControl;
import dev.lightkeeper.simulators.aws.logs.LogsSimulation;
import java.util.Map;

/** What agents write into CloudWatch Logs, through the control interface. Lines go in and never come out. */
final class LogActions {
    private final LogsSimulation logs;

    LogActions(LogsSimulation logs) {
        this.logs = logs;
    }

    Object list(Parameters parameters) {
        return place(parameters).groups();
    }

    Object group(Parameters parameters) {
        LogsControl place = place(parameters);
        String name = parameters.required("name");
        place.group(name, parameters.has("retentionDays") ? (Integer) parameters.integer("retentionDays", 1) : null);
        place.emptyFirstPage(name, parameters.has("emptyFirstPage") && parameters.isTrue("emptyFirstPage"));
        return place.groups();
    }

    Object delete(Parameters parameters) {
        place(parameters).delete(parameters.required("name"));
        return Map.of("deleted", parameters.required("name"));
    }

    Object put(Parameters parameters) {
        place(parameters)
                .put(parameters.required("group"), parameters.required("stream"), parameters.required("message"));
        return Map.of("group", parameters.required("group"), "stream", parameters.required("stream"));
    }

    private LogsControl place(Parameters parameters) {
        String region = parameters.required("region");
        String account = parameters.text("account");
        return account == null ? logs.in(region) : logs.in(account, region);
    }
}
