package dev.lightkeeper.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import java.net.URL;
import org.slf4j.Logger;

/** The log of this process. What prints requests has a level of its own, which no setting lowers (held-back.xml). */
public final class LogOutput {
    private final LoggerContext context;

    /** The log behind {@code context}. */
    public LogOutput(LoggerContext context) {
        this.context = context;
    }

    /** Writes as {@code configuration} says, in this format and from this level on. */
    public void begin(URL configuration, String format, String level) {
        context.reset();
        context.putProperty("LIGHTKEEPER_LOG_FORMAT", format);
        context.putProperty("LIGHTKEEPER_LOG_LEVEL", level);
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        try {
            configurator.doConfigure(configuration);
        } catch (JoranException e) {
            throw new IllegalStateException(configuration + " is not a configuration of Logback", e);
        }
    }

    /** From now on. */
    public void level(String level) {
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.valueOf(level));
    }
}
