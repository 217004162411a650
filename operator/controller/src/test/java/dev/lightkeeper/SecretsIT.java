package dev.lightkeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.joran.spi.JoranException;
import dev.lightkeeper.api.v1alpha1.AwsAccount;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.kube.DigestKey;
import dev.lightkeeper.simulators.aws.AwsSimulator;
import dev.lightkeeper.simulators.aws.faults.Fault;
import dev.lightkeeper.simulators.aws.faults.FaultKind;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

/**
 * Secrets in every place where secrets are, the operator over the wire, everything logged that anybody can log, and a
 * search through all that comes out.
 */
@Isolated("it takes all that is logged in this JVM")
class SecretsIT {
    private static final String GOOD = "ghcr.io/acme/api:1.4.162";

    private final LoggerContext logging = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Log log = new Log();
    private final Planted planted = new Planted();
    private final List<String> versions = new ArrayList<>();

    /** What was logged, by logger and level. */
    private static final class Log extends AppenderBase<ILoggingEvent> {
        private final Map<String, Map<Level, StringBuilder>> lines = new HashMap<>();

        @Override
        protected synchronized void append(ILoggingEvent event) {
            String failure =
                    event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy());
            lines.computeIfAbsent(event.getLoggerName(), _ -> new HashMap<>())
                    .computeIfAbsent(event.getLevel(), _ -> new StringBuilder())
                    .append(event.getFormattedMessage())
                    .append(event.getMDCPropertyMap())
                    .append(failure)
                    .append('\n');
        }

        /** What a configuration lets out, or what it holds back, by logger. */
        synchronized Map<String, String> by(LoggerContext configuration, boolean out) {
            Map<String, String> found = new LinkedHashMap<>();
            lines.forEach((logger, levels) -> levels.forEach((level, text) -> {
                if (level.isGreaterOrEqual(configuration.getLogger(logger).getEffectiveLevel()) == out) {
                    found.merge("log of " + logger, text.toString(), String::concat);
                }
            }));
            return found;
        }
    }

    @BeforeEach
    void everythingIsLogged() {
        logging.reset();
        log.setContext(logging);
        log.start();
        Logger root = logging.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.TRACE);
        root.addAppender(log);
    }

    @AfterEach
    void asBefore() throws JoranException {
        logging.reset();
        configure(logging, "/logback-test.xml");
    }

    private static void configure(LoggerContext context, String file) throws JoranException {
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(Objects.requireNonNull(SecretsIT.class.getResource(file)));
    }

    /** The product's own configuration, as talkative as its environment can make it. */
    private static LoggerContext mostTalkative() throws JoranException {
        LoggerContext context = new LoggerContext();
        context.putProperty("LIGHTKEEPER_LOG_LEVEL", "TRACE");
        configure(context, "/logback.xml");
        return context;
    }

    @Test
    void noSecretComesOutAnywhere() throws Exception {
        Map<String, String> emitted = new LinkedHashMap<>();
        try (World world = new World(EmbeddedKubernetes.alone());
                Watch _ = watch(world)) {
            plant(world);
            live(world);
            rotated(world);
            refused(world);
            emitted.putAll(stored(world));
            emitted.put("metrics", world.ask("/metrics"));
        }
        synchronized (versions) {
            emitted.put("every version of the resources", String.join("\n", versions));
        }
        assertThat(emitted)
                .allSatisfy((where, text) -> assertThat(text).as(where).isNotBlank());

        LoggerContext product = mostTalkative();
        Map<String, String> told = log.by(product, true);
        assertThat(told).hasSizeGreaterThan(10);
        emitted.putAll(told);
        assertThat(planted.in(emitted)).isEmpty();

        assertThat(planted.in(String.join("\n", log.by(product, false).values())))
                .as("what is held back: without that this test could not fail")
                .contains(
                        "secret key of AWS",
                        "secret key of AWS, base64",
                        "session token of AWS",
                        "variable from a Secret",
                        "variable from a Secret, base64",
                        "rotated variable",
                        "variable from a parameter",
                        "header of a probe, base64",
                        "digest key");
    }

    private Watch watch(World world) {
        return world.client()
                .resources(ServiceDeployment.class)
                .inNamespace(world.namespace())
                .watch(new Watcher<>() {
                    @Override
                    public void eventReceived(Action action, ServiceDeployment resource) {
                        synchronized (versions) {
                            versions.add(
                                    world.client().getKubernetesSerialization().asJson(resource));
                        }
                    }

                    @Override
                    public void onClose(WatcherException cause) {
                        throw new IllegalStateException(cause);
                    }
                });
    }

    private void plant(World world) {
        // Headers hold no letters beyond ASCII, and a token of AWS goes into one.
        String token = planted.secret("session token of AWS").replaceAll("[^A-Za-z0-9/+=]", "");
        secret(
                world,
                "keys",
                Map.of(
                        "aws_access_key_id",
                        AwsSimulator.DEFAULT_ACCESS_KEY,
                        "aws_secret_access_key",
                        planted.secret("secret key of AWS"),
                        "aws_session_token",
                        token));
        secret(world, "variables", Map.of("DATABASE_URL", planted.secret("variable from a Secret"), "SHORT", "0"));
        String header = planted.secret("header of a probe").replaceAll("[^A-Za-z0-9]", "");
        secret(world, "probe", Map.of("key", header));
        world.configMap("settings", Map.of("SETTING", planted.secret("variable from a ConfigMap")));
        world.aws()
                .ssm()
                .in("us-east-2")
                .put(
                        "/" + world.namespace() + "/PARAMETER",
                        "SecureString",
                        planted.secret("variable from a parameter"));
        world.account(world.namespace() + "-planted", AwsSimulator.DEFAULT_ACCOUNT, "keys");
    }

    private static void secret(World world, String name, Map<String, String> entries) {
        var _ = world.client()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(world.namespace())
                        .withName(name)
                        .endMetadata()
                        .withStringData(entries)
                        .build())
                .forceConflicts()
                .serverSideApply();
    }

    private static void declare(World world, String name, String image) {
        var _ = world.apply(ServiceDeployment.class, """
                apiVersion: lightkeeper.dev/v1alpha1
                kind: ServiceDeployment
                metadata: {name: %1$s, namespace: %2$s}
                spec:
                  accountRef: {name: %2$s-planted}
                  lightsail: {serviceName: %1$s, power: nano}
                  deletionPolicy: Delete
                  containers:
                    - name: api
                      image: "%3$s"
                      ports: [{containerPort: 3697}]
                      envFrom: [{secretRef: {name: variables}}, {configMapRef: {name: settings}}, {ssmPath: {path: /%2$s/}}]
                  publicEndpoint: {healthCheck: {path: /health/live}}
                  readiness:
                    path: /health/ready
                    periodSeconds: 1
                    timeoutSeconds: 1
                    headers: [{name: X-Probe, valueFrom: {secretKeyRef: {name: probe, key: key}}}]
                  verification: {deadlineSeconds: 65, backoff: {initialSeconds: 1, factor: 1, maxSeconds: 1}}
                  rollout: {minReadySeconds: 1, bakeSeconds: 2}
                """.formatted(name, world.namespace(), image));
    }

    private static void live(World world) {
        declare(world, "api", GOOD);
        var _ = world.untilReady("api");
    }

    /** The first answer to the new deployment is lost, so that it is looked up. */
    private void rotated(World world) {
        world.aws()
                .faults()
                .add(Fault.of(FaultKind.LOST_AFTER, "CreateContainerServiceDeployment")
                        .times(1));
        secret(world, "variables", Map.of("DATABASE_URL", planted.secret("rotated variable"), "SHORT", "0"));
        var _ = world.until("api", found -> "2".equals(found.getStatus().lastVerifiedRevision()));
    }

    /** AWS refuses another service, and quotes what it was sent. */
    private void refused(World world) {
        world.aws()
                .faults()
                .add(Fault.of(FaultKind.ERROR, "CreateContainerServiceDeployment")
                        .onTarget("other")
                        .error(
                                400,
                                "InvalidInputException",
                                "The environment %s is not valid".formatted(planted.secret("rotated variable"))));
        declare(world, "other", GOOD);
        var _ = world.until("other", "Stalled", ConditionStatus.True, "RequestRefused");
        await().untilAsserted(
                        () -> assertThat(world.events("other")).anyMatch(event -> event.startsWith("RequestRefused")));
    }

    private Map<String, String> stored(World world) {
        var client = world.client();
        var json = client.getKubernetesSerialization();
        String namespace = world.namespace();
        planted.watch(
                "digest key",
                Objects.requireNonNull(client.secrets()
                        .inNamespace(namespace)
                        .withName(DigestKey.SECRET)
                        .require()
                        .getData()
                        .get("key")));
        return Map.of(
                "events", json.asJson(client.v1().events().inAnyNamespace().list()),
                "revisions",
                        json.asJson(client.apps()
                                .controllerRevisions()
                                .inNamespace(namespace)
                                .list()),
                "accounts", json.asJson(client.resources(AwsAccount.class).list()));
    }
}
