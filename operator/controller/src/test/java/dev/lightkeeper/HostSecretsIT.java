package dev.lightkeeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.joran.spi.JoranException;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.simulators.aws.application.Behaviour;
import dev.lightkeeper.simulators.aws.host.SimulatedHost;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

/** A value from Parameter Store runs on a host and is nowhere else: not in what the operator receives, sends, writes or says. */
@Isolated("it takes all that is logged in this JVM")
class HostSecretsIT {
    private static final String REGION = "us-east-2";

    private final LoggerContext logging = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final StringBuilder logged = new StringBuilder();
    private final Planted planted = new Planted();

    @BeforeEach
    void everythingIsLogged() {
        logging.reset();
        AppenderBase<ILoggingEvent> log = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                synchronized (logged) {
                    logged.append(event.getFormattedMessage()).append('\n');
                }
            }
        };
        log.setContext(logging);
        log.start();
        Logger root = logging.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.TRACE);
        root.addAppender(log);
    }

    @AfterEach
    void asBefore() throws JoranException {
        logging.reset();
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(logging);
        configurator.doConfigure(Objects.requireNonNull(HostSecretsIT.class.getResource("/logback-test.xml")));
    }

    private String logged() {
        synchronized (logged) {
            return logged.toString();
        }
    }

    /** In a request a value is base64 in base64. */
    private String planted(String what) {
        String value = planted.secret(what).replaceAll("[^A-Za-z0-9]", "");
        planted.watch(
                what + ", in a request", Base64.getEncoder().withoutPadding().encodeToString(value.getBytes(UTF_8)));
        return value;
    }

    @Test
    void valueBelowAPathRunsOnTheHostAndIsInNothingThatTheOperatorReceivesOrSays() throws Exception {
        Map<String, String> emitted = new LinkedHashMap<>();
        String secret = planted("parameter on a host");
        String literal = planted("literal value");
        // Real scripts of the host run in it.
        try (World world = new World(EmbeddedKubernetes.alone(), 10)) {
            world.aws()
                    .catalogue()
                    .put(
                            "example.com/api:*",
                            Behaviour.builder()
                                    .endpoint("/healthz", 200, "fine")
                                    .endpoint("/whole", 200, "${env:TOKEN} ${env:MODE}")
                                    .build());
            String id = world.aws().ec2(REGION).running(Map.of("managed-by", "lightkeeper", "Service", "api"));
            world.aws().ssm().in(REGION).put("/%s/api/TOKEN".formatted(world.namespace()), "SecureString", secret);
            var _ = world.apply(ServiceDeployment.class, """
                    apiVersion: lightkeeper.dev/v1alpha1
                    kind: ServiceDeployment
                    metadata: {name: api, namespace: %1$s}
                    spec:
                      accountRef: {name: %1$s}
                      scale: 1
                      minimumScale: 1
                      ec2: {hosts: {select: {tags: {Service: api}}}, runtime: Docker, runAs: ubuntu}
                      containers:
                        - name: api
                          image: example.com/api:1
                          ports: [{containerPort: 8092, hostPort: 8092}]
                          env: [{name: MODE, value: %2$s}]
                          envFrom: [{ssmPath: {path: /%1$s/api/}}]
                          requiredEnv: [{name: TOKEN}]
                      readiness: {path: /healthz, port: 8092}
                      rollout: {minReadySeconds: 1, bakeSeconds: 6}
                    """.formatted(world.namespace(), literal));
            ServiceDeployment live = world.untilReady("api");
            assertThat(live.getStatus().hosts())
                    .allSatisfy(host ->
                            assertThat(host.message()).as("its clock is right").isNull());

            SimulatedHost host = world.aws().host(REGION, id);
            assertThat(ask("http://%s:8092/whole".formatted(host.address().getHostAddress())))
                    .isEqualTo(secret + " " + literal);

            var json = world.client().getKubernetesSerialization();
            emitted.put("resource", json.asJson(live));
            emitted.put(
                    "events",
                    json.asJson(world.client().v1().events().inAnyNamespace().list()));
            emitted.put(
                    "revisions",
                    json.asJson(world.client()
                            .apps()
                            .controllerRevisions()
                            .inAnyNamespace()
                            .list()));
            emitted.put("metrics", world.ask("/metrics"));
            emitted.put("command lines of the host", host.calls().toString());
        }
        String log = logged();
        emitted.put("all that was logged, with every request and answer", log);

        assertThat(emitted)
                .allSatisfy((where, text) -> assertThat(text).as(where).isNotBlank());
        assertThat(planted.in(log))
                .as("without that this test could not fail")
                .contains("literal value, in a request, base64");
        assertThat(planted.in(emitted).values())
                .allSatisfy(found -> assertThat(found).noneMatch(what -> what.startsWith("parameter on a host")));
    }

    private static String ask(String address) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
