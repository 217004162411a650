package dev.lightkeeper.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.status.Status;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Isolated
class LogFormatTest {
    private static final URL CONFIGURATION = Objects.requireNonNull(LogFormatTest.class.getResource("/logback.xml"));

    @Test
    void textIsTheDefault() throws JoranException {
        assertThat(logged(Map.of()))
                .contains("INFO ")
                .endsWith("production/api - it works" + System.lineSeparator())
                .doesNotContain("noise");
    }

    @Test
    void jsonIsOneObjectInALine() throws JoranException {
        assertThat(logged(Map.of("LIGHTKEEPER_LOG_FORMAT", "json")).strip())
                .startsWith("{")
                .endsWith("}")
                .contains("\"formattedMessage\":\"it works\"", "\"level\":\"INFO\"", "\"resource.name\":\"api\"")
                .doesNotContain("\n");
    }

    @Test
    void theLevelCanBeSet() throws JoranException {
        assertThat(logged(Map.of("LIGHTKEEPER_LOG_LEVEL", "ERROR"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.apache.http.wire",
                "org.apache.http.headers",
                "software.amazon.awssdk.http.auth.aws.internal.signer.DefaultV4RequestSigner",
                "io.fabric8.kubernetes.client.http.HttpLoggingInterceptor"
            })
    void whatPrintsRequestsIsHeldBackAtEveryLevel(String logger) throws JoranException {
        String all = logged(
                Map.of("LIGHTKEEPER_LOG_LEVEL", "TRACE"),
                context -> context.getLogger(logger).debug("a request"));
        assertThat(all).contains("it works").doesNotContain("a request");
    }

    @Test
    void jsonTellsTheRunTheObjectAndTheRequestAtAws() throws JoranException {
        assertThat(logged(Map.of("LIGHTKEEPER_LOG_FORMAT", "json")))
                .contains("\"reconcile.id\":\"0123\"", "\"resource.namespace\":\"production\"")
                .contains("\"resource.generation\":\"7\"", "\"aws.requestId\":\"abc-1\"")
                .contains("\"aws.operation\":\"lightsail:GetContainerServices\"");
    }

    @Test
    void theLevelOfARunningLogCanBeChangedButNotThatOfWhatPrintsRequests() {
        LoggerContext context = new LoggerContext();
        LogOutput output = new LogOutput(context);
        output.begin(CONFIGURATION, "text", "WARN");
        assertThat(context.getLogger("dev.lightkeeper.Some").isInfoEnabled()).isFalse();

        output.level("TRACE");

        assertThat(context.getLogger("dev.lightkeeper.Some").isTraceEnabled()).isTrue();
        assertThat(context.getLogger("software.amazon.awssdk.request").isDebugEnabled())
                .isFalse();
        context.stop();
    }

    private static String logged(Map<String, String> settings) throws JoranException {
        return logged(settings, _ -> {});
    }

    private static String logged(Map<String, String> settings, Consumer<LoggerContext> more) throws JoranException {
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        settings.forEach(context::putProperty);
        PrintStream console = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            JoranConfigurator configurator = new JoranConfigurator();
            configurator.setContext(context);
            configurator.doConfigure(CONFIGURATION);
            assertThat(context.getStatusManager().getCopyOfStatusList())
                    .allMatch(status -> status.getLevel() < Status.ERROR);
            context.getMDCAdapter().put("resource.namespace", "production");
            context.getMDCAdapter().put("resource.name", "api");
            context.getMDCAdapter().put("resource.generation", "7");
            context.getMDCAdapter().put("reconcile.id", "0123");
            context.getMDCAdapter().put("aws.requestId", "abc-1");
            context.getLogger("dev.lightkeeper.Some")
                    .atInfo()
                    .addKeyValue("aws.operation", "lightsail:GetContainerServices")
                    .log("it works");
            context.getLogger("io.fabric8.kubernetes.client.dsl.internal.VersionUsageUtils")
                    .warn("noise");
            more.accept(context);
        } finally {
            context.stop();
            System.setOut(console);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
