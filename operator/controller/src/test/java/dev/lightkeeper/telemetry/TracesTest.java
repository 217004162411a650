package dev.lightkeeper.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.sun.net.httpserver.HttpServer;
import dev.lightkeeper.api.v1alpha1.AwsAccount;
import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.failure.Failure;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.opentelemetry.api.trace.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a collector of OpenTelemetry on this machine is sent. */
@SuppressWarnings("NullAway.Init")
class TracesTest {
    private static final int RESOURCE_SPANS = 1;
    private static final int RESOURCE = 1;
    private static final int SCOPE_SPANS = 2;
    private static final int SPANS = 2;
    private static final int SPAN_ID = 2;
    private static final int PARENT = 4;
    private static final int NAME = 5;
    private static final int ATTRIBUTES = 9;
    private static final int STATUS = 15;

    private static final InstantSource CLOCK = InstantSource.system();

    private final List<UnknownFieldSet> received = new CopyOnWriteArrayList<>();
    private final List<String> headers = new CopyOnWriteArrayList<>();
    private HttpServer collector;

    @BeforeEach
    void listen() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var _ = collector.createContext("/v1/traces", exchange -> {
            headers.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            received.add(UnknownFieldSet.parseFrom(exchange.getRequestBody().readAllBytes()));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
    }

    @AfterEach
    void end() {
        collector.stop(0);
    }

    private String endpoint() {
        return "http://127.0.0.1:" + collector.getAddress().getPort();
    }

    @Test
    void withoutAnEndpointNothingIsFollowed() {
        try (Traces traces = Traces.of(Map.of("OTEL_SERVICE_NAME", "operator"), "1", CLOCK)) {
            assertThat(traces.step(
                            "observe", () -> Span.current().getSpanContext().isValid()))
                    .isFalse();
        }
    }

    @Test
    void aRunItsStepsAndTheirCallsOfAwsAreSpansWithinEachOther() {
        try (Traces traces = Traces.of(
                Map.of(
                        "OTEL_EXPORTER_OTLP_ENDPOINT",
                        endpoint(),
                        "OTEL_EXPORTER_OTLP_HEADERS",
                        "Authorization=not-a-real-token",
                        "OTEL_SERVICE_NAME",
                        "operator"),
                "1.2.3",
                CLOCK)) {
            assertThatThrownBy(() -> traces.run(
                            resource(),
                            () -> {
                                int _ = traces.step("observe", () -> {
                                    traces.awsCall(
                                            "default",
                                            "us-east-2",
                                            "lightsail:GetContainerServices",
                                            Duration.ofMillis(5),
                                            null,
                                            "request-1");
                                    return 1;
                                });
                                return traces.step("act", () -> {
                                    throw new IllegalStateException("hunter2");
                                });
                            },
                            _ -> List.of()))
                    .hasMessage("hunter2");
        }

        assertThat(headers).containsOnly("not-a-real-token");
        UnknownFieldSet sent = message(received.getFirst(), RESOURCE_SPANS);
        assertThat(attributes(message(sent, RESOURCE), 1))
                .containsEntry("service.name", "operator")
                .containsEntry("service.version", "1.2.3");
        Map<String, UnknownFieldSet> spans = spans(sent);
        assertThat(spans)
                .containsOnlyKeys("reconcile ServiceDeployment", "observe", "act", "lightsail.GetContainerServices");
        UnknownFieldSet run = span(spans, "reconcile ServiceDeployment");
        UnknownFieldSet call = span(spans, "lightsail.GetContainerServices");
        assertThat(parent(run)).isEqualTo(ByteString.EMPTY);
        assertThat(parent(span(spans, "observe"))).isEqualTo(bytes(run, SPAN_ID));
        assertThat(parent(span(spans, "act"))).isEqualTo(bytes(run, SPAN_ID));
        assertThat(parent(call)).isEqualTo(bytes(span(spans, "observe"), SPAN_ID));
        assertThat(attributes(run, ATTRIBUTES))
                .containsEntry("k8s.namespace.name", "production")
                .containsEntry("lightkeeper.resource.name", "api")
                .containsEntry("lightkeeper.resource.generation", "7");
        assertThat(attributes(call, ATTRIBUTES))
                .containsEntry("aws.request_id", "request-1")
                .containsEntry("cloud.region", "us-east-2")
                .containsEntry("rpc.method", "GetContainerServices");
        assertThat(message(span(spans, "act"), STATUS).toString()).contains("IllegalStateException");
        assertThat(received.toString()).doesNotContain("hunter2");
    }

    @Test
    void aRunForAnAccountHasNoNamespaceAndSaysWhetherItIsReady() {
        AwsAccount account = new AwsAccount();
        account.setMetadata(new ObjectMetaBuilder()
                .withName("default")
                .withUid("u-2")
                .withGeneration(1L)
                .build());
        Condition ready =
                new Condition("Ready", ConditionStatus.False, 1L, Instant.EPOCH, "WrongAccount", "another account");
        try (Traces traces = Traces.of(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint()), "1", CLOCK)) {
            assertThat(traces.run(account, () -> 1, _ -> List.of(ready))).isEqualTo(1);
        }

        UnknownFieldSet run = span(spans(message(received.getFirst(), RESOURCE_SPANS)), "reconcile AwsAccount");
        assertThat(attributes(run, ATTRIBUTES))
                .containsEntry("lightkeeper.resource.name", "default")
                .containsEntry("lightkeeper.reason", "WrongAccount")
                .doesNotContainKey("k8s.namespace.name");
    }

    @Test
    void aCallThatFailedIsAnErrorOfItsKind() {
        try (Traces traces =
                Traces.of(Map.of("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", endpoint() + "/v1/traces"), "1", CLOCK)) {
            traces.awsCall(
                    "default",
                    "us-east-2",
                    "ssm:GetParameters",
                    Duration.ofMillis(5),
                    new Failure.Throttled("Rate exceeded"),
                    null);
        }

        UnknownFieldSet call = span(spans(message(received.getFirst(), RESOURCE_SPANS)), "ssm.GetParameters");
        assertThat(message(call, STATUS).toString()).contains("Throttled");
        assertThat(attributes(call, ATTRIBUTES)).doesNotContainKey("aws.request_id");
    }

    @Test
    void aWrongVariableIsToldWithoutItsValue() {
        assertThatThrownBy(() -> Traces.of(
                        Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint(), "OTEL_EXPORTER_OTLP_TIMEOUT", "hunter2"),
                        "1",
                        CLOCK))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("OTEL_");
    }

    private static ServiceDeployment resource() {
        ServiceDeployment resource = new ServiceDeployment();
        resource.setMetadata(new ObjectMetaBuilder()
                .withNamespace("production")
                .withName("api")
                .withUid("u-1")
                .withGeneration(7L)
                .build());
        return resource;
    }

    private static Map<String, UnknownFieldSet> spans(UnknownFieldSet sent) {
        return messages(message(sent, SCOPE_SPANS), SPANS)
                .collect(Collectors.toMap(span -> bytes(span, NAME).toStringUtf8(), span -> span));
    }

    private static UnknownFieldSet span(Map<String, UnknownFieldSet> spans, String name) {
        return Objects.requireNonNull(spans.get(name));
    }

    private static ByteString parent(UnknownFieldSet span) {
        return bytes(span, PARENT);
    }

    /** Texts and whole numbers. */
    private static Map<String, String> attributes(UnknownFieldSet of, int field) {
        return messages(of, field)
                .collect(Collectors.toMap(attribute -> bytes(attribute, 1).toStringUtf8(), attribute -> {
                    UnknownFieldSet value = message(attribute, 2);
                    return value.hasField(1)
                            ? bytes(value, 1).toStringUtf8()
                            : String.valueOf(value.getField(3).getVarintList().stream()
                                    .findFirst()
                                    .orElse(0L));
                }));
    }

    private static UnknownFieldSet message(UnknownFieldSet of, int field) {
        return messages(of, field).findFirst().orElseThrow();
    }

    private static Stream<UnknownFieldSet> messages(UnknownFieldSet of, int field) {
        return of.getField(field).getLengthDelimitedList().stream().map(TracesTest::parsed);
    }

    private static UnknownFieldSet parsed(ByteString bytes) {
        try {
            return UnknownFieldSet.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ByteString bytes(UnknownFieldSet of, int field) {
        return of.getField(field).getLengthDelimitedList().stream().findFirst().orElse(ByteString.EMPTY);
    }
}
