package dev.lightkeeper.simulators.aws.control;

import dev.lightkeeper.simulators.aws.AwsSimulator;
import dev.lightkeeper.simulators.aws.http.Listener.ControlRequest;
import dev.lightkeeper.simulators.aws.http.Reply;

/** The control interface. */
public final class ControlApi {
    private final AwsSimulator simulator;

    /**
     * Creates it.
     *
     * @param simulator the world
     */
    public ControlApi(AwsSimulator simulator) {
        this.simulator = simulator;
    }

    /**
     * {@return the reply to a request}
     *
     * @param request under {@code /_simulator/}
     */
    public Reply serve(ControlRequest request) {
        return Reply.text(
                404, "text/plain", simulator.endpoint() + request.uri().getPath());
    }
}
