package dev.lightkeeper.telemetry;

import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.reconcile.Trace;
import dev.lightkeeper.status.ConditionTypes;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Spans of OpenTelemetry: one for each run, below it one for each step (of a service), below that one for each call of AWS. The standard
 * variables {@code OTEL_…} say where they go; without an endpoint there are none, and none cost anything.
 */
public final class Traces implements Trace, AutoCloseable {
    private static final Set<String> ENDPOINTS =
            Set.of("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
    private static final String PREFIX = "OTEL_";
    private static final Map<String, String> DEFAULTS = Map.of(
            "otel.service.name", "lightkeeper",
            "otel.exporter.otlp.protocol", "http/protobuf",
            "otel.metrics.exporter", "none",
            "otel.logs.exporter", "none");

    private static final AttributeKey<String> NAMESPACE = AttributeKey.stringKey("k8s.namespace.name");
    private static final AttributeKey<String> NAME = AttributeKey.stringKey("lightkeeper.resource.name");
    private static final AttributeKey<String> UID = AttributeKey.stringKey("lightkeeper.resource.uid");
    private static final AttributeKey<Long> GENERATION = AttributeKey.longKey("lightkeeper.resource.generation");
    private static final AttributeKey<String> REASON = AttributeKey.stringKey("lightkeeper.reason");
    private static final AttributeKey<String> RUN = AttributeKey.stringKey("reconcile.id");
    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("rpc.system");
    private static final AttributeKey<String> SERVICE = AttributeKey.stringKey("rpc.service");
    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("rpc.method");
    private static final AttributeKey<String> REGION = AttributeKey.stringKey("cloud.region");
    private static final AttributeKey<String> ACCOUNT = AttributeKey.stringKey("lightkeeper.account");
    private static final AttributeKey<String> REQUEST_ID = AttributeKey.stringKey("aws.request_id");

    private final Tracer tracer;
    private final @Nullable OpenTelemetrySdk sdk;
    private final InstantSource clock;

    private Traces(OpenTelemetry telemetry, @Nullable OpenTelemetrySdk sdk, InstantSource clock) {
        this.tracer = telemetry.getTracer("dev.lightkeeper");
        this.sdk = sdk;
        this.clock = clock;
    }

    /** Follows nothing. */
    public static Traces none() {
        return new Traces(OpenTelemetry.noop(), null, () -> Instant.EPOCH);
    }

    /**
     * As these variables say; those of the process itself win.
     *
     * @param version of the operator, told to the collector
     * @throws IllegalArgumentException when a variable is wrong; it names the variable and quotes no value
     */
    public static Traces of(Map<String, String> environment, String version, InstantSource clock) {
        if (ENDPOINTS.stream()
                .allMatch(name -> environment.getOrDefault(name, "").isBlank())) {
            return none();
        }
        Map<String, String> properties = new HashMap<>(DEFAULTS);
        properties.put("otel.resource.attributes", "service.version=" + version);
        environment.forEach((name, value) -> {
            if (name.startsWith(PREFIX)) {
                properties.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value);
            }
        });
        try {
            OpenTelemetrySdk sdk = AutoConfiguredOpenTelemetrySdk.builder()
                    .disableShutdownHook()
                    .addPropertiesSupplier(() -> properties)
                    .build()
                    .getOpenTelemetrySdk();
            return new Traces(sdk, sdk, clock);
        } catch (ConfigurationException e) {
            throw new IllegalArgumentException("one of the variables OTEL_… is wrong", e);
        }
    }

    @Override
    public <T> T run(HasMetadata resource, Supplier<T> run, Function<T, List<Condition>> conditions) {
        SpanBuilder builder = tracer.spanBuilder("reconcile " + resource.getKind())
                .setNoParent()
                .setAttribute(NAME, resource.getMetadata().getName())
                .setAttribute(UID, resource.getMetadata().getUid())
                .setAttribute(GENERATION, resource.getMetadata().getGeneration());
        String namespace = resource.getMetadata().getNamespace();
        if (namespace != null) {
            var _ = builder.setAttribute(NAMESPACE, namespace);
        }
        Span span = builder.startSpan();
        String id = MDC.get(RUN.getKey());
        if (id != null) {
            var _ = span.setAttribute(RUN, id);
        }
        return within(span, () -> {
            T result = run.get();
            conditions.apply(result).stream()
                    .filter(condition -> condition.type().equals(ConditionTypes.READY))
                    .map(Condition::reason)
                    .findFirst()
                    .ifPresent(reason -> span.setAttribute(REASON, reason));
            return result;
        });
    }

    @Override
    public <T> T step(String name, Supplier<T> step) {
        return within(tracer.spanBuilder(name).startSpan(), step);
    }

    private static <T> T within(Span span, Supplier<T> what) {
        try (Scope _ = span.makeCurrent()) {
            return what.get();
        } catch (RuntimeException e) {
            // Not the exception itself: the text of one may hold what no span should.
            var _ = span.setStatus(StatusCode.ERROR, e.getClass().getSimpleName());
            throw e;
        } finally {
            span.end();
        }
    }

    /**
     * A call of AWS has ended on this thread.
     *
     * @param action such as {@code lightsail:GetContainerServices}
     * @param failure null when AWS accepted it
     * @param requestId of AWS; null when there was no answer
     */
    public void awsCall(
            String account,
            String region,
            String action,
            Duration took,
            @Nullable Failure failure,
            @Nullable String requestId) {
        Instant ended = clock.instant();
        String service = action.substring(0, action.indexOf(':'));
        String operation = action.substring(action.indexOf(':') + 1);
        Span span = tracer.spanBuilder(service + "." + operation)
                .setSpanKind(SpanKind.CLIENT)
                .setStartTimestamp(ended.minus(took))
                .setAttribute(SYSTEM, "aws-api")
                .setAttribute(SERVICE, service)
                .setAttribute(METHOD, operation)
                .setAttribute(REGION, region)
                .setAttribute(ACCOUNT, account)
                .startSpan();
        if (requestId != null) {
            var _ = span.setAttribute(REQUEST_ID, requestId);
        }
        if (failure != null) {
            var _ = span.setStatus(StatusCode.ERROR, failure.getClass().getSimpleName());
        }
        span.end(ended);
    }

    /** Sends what was not sent yet, for ten seconds at most. */
    @Override
    public void close() {
        if (sdk != null) {
            sdk.close();
        }
    }
}
