package dev.lightkeeper.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sandbox may be pointed to a real cluster, with real Secrets. */
class LogTest {
    @Test
    void whatPrintsRequestsIsHeldBackAtEveryLevel(@TempDir Path folder) throws JoranException {
        LoggerContext context = new LoggerContext();
        context.putProperty("LIGHTKEEPER_LOG_LEVEL", "TRACE");
        context.putProperty("sandbox.log", folder.resolve("operator.log").toString());
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(Objects.requireNonNull(LogTest.class.getResource("logback.xml")));
        try {
            assertThat(context.getLogger("dev.lightkeeper").getEffectiveLevel()).isEqualTo(Level.TRACE);
            assertThat(context.getLogger("io.fabric8.kubernetes.client.http.HttpLoggingInterceptor")
                            .isDebugEnabled())
                    .isFalse();
        } finally {
            context.stop();
        }
    }
}
