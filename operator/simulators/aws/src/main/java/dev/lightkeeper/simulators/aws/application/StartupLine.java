package dev.lightkeeper.simulators.aws.application;

import java.util.Objects;

/**
 * A log line that an application writes after it was started.
 *
 * @param after simulated seconds since the process started
 * @param line the text; {@code ${port}}, {@code ${tag}}, {@code ${image}} and {@code ${node}} are replaced
 */
public record StartupLine(double after, String line) {
    public StartupLine {
        Objects.requireNonNull(line, "a start-up log line needs 'line'");
    }
}
