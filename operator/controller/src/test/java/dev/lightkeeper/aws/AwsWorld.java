package dev.lightkeeper.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.lightkeeper.api.v1alpha1.AwsAccount;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.Digester;
import dev.lightkeeper.desired.ProbeHeaders;
import dev.lightkeeper.desired.Reference;
import dev.lightkeeper.desired.References;
import dev.lightkeeper.desired.SecretText;
import dev.lightkeeper.lightsail.Bills;
import dev.lightkeeper.lightsail.LightsailObserver;
import dev.lightkeeper.lightsail.LightsailWriter;
import dev.lightkeeper.observe.Look;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.observe.Readings;
import dev.lightkeeper.plan.Ownership;
import dev.lightkeeper.plan.Timings;
import dev.lightkeeper.simulators.aws.AwsSimulator;
import dev.lightkeeper.simulators.aws.audit.AuditEntry;
import dev.lightkeeper.simulators.aws.host.Hosts;
import dev.lightkeeper.simulators.aws.lightsail.Power;
import dev.lightkeeper.simulators.aws.lightsail.RegionControl;
import dev.lightkeeper.simulators.aws.ssm.ParameterControl;
import dev.lightkeeper.simulators.aws.sts.Credentials;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** The adapters over the real SDK against a simulated AWS, with a clock that tests move. */
public final class AwsWorld implements AutoCloseable {
    public static final String REGION = "eu-central-1";
    public static final String OTHER_ACCOUNT = "999999999999";
    public static final String OTHER_KEY = "AKIASIMULATOR0000009";
    public static final String ROLE = "arn:aws:iam::999999999999:role/lightkeeper";
    public static final String CLUSTER = "cluster-uid";
    public static final String AMBIENT = "ambient: {}";

    /** How long a call may take that is to be answered, even on a machine that is busy with other things. */
    private static final Duration PATIENT = Duration.ofSeconds(30);

    public final MovableClock clock = new MovableClock();
    public final AwsSimulator aws;
    public final Map<String, AwsAccount> accounts = new ConcurrentHashMap<>();
    public final Map<String, Map<String, String>> namespaces =
            new ConcurrentHashMap<>(Map.of("production", Map.of("team", "core")));
    public final Map<String, Map<String, SecretText>> secrets = new ConcurrentHashMap<>();
    public final Accounts gate;
    public final Bills bills;
    public final LightsailObserver observer;
    public final LightsailWriter writer;
    public final CallExperience experience;
    private final CallLimits limits;
    private final Clients clients;

    public AwsWorld() {
        this((URI) null);
    }

    /** With AWS at an endpoint of the test's own. */
    public AwsWorld(@Nullable URI endpoint) {
        this(endpoint, AwsSimulator.builder(), PATIENT);
    }

    /** With hosts of the test's own. */
    public AwsWorld(Hosts hosts) {
        this(null, AwsSimulator.builder().hosts(hosts), PATIENT);
    }

    private AwsWorld(@Nullable URI endpoint, AwsSimulator.Builder builder, Duration attempt) {
        quiet("software.amazon.awssdk");
        quiet("org.apache.http");
        aws = builder.manualClock(Instant.parse("2026-11-22T00:00:00Z"))
                .accessKey(AwsSimulator.DEFAULT_ACCOUNT, AwsSimulator.DEFAULT_ACCESS_KEY)
                .accessKey(OTHER_ACCOUNT, OTHER_KEY)
                .role(new Credentials.Role(ROLE, "shared-word", AwsSimulator.DEFAULT_ACCOUNT))
                .start();
        limits = new CallLimits(Duration.ofSeconds(2), attempt, attempt.multipliedBy(3), 2, 8, 1000, 1000, PATIENT);
        clients = new Clients(
                endpoint == null ? aws.endpoint() : endpoint,
                "test",
                limits,
                StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(AwsSimulator.DEFAULT_ACCESS_KEY, "simulated-secret-key")));
        experience = new CallExperience(Timings.standard().observationStale(), clock);
        gate = new Accounts(this::account, this::labels, new Secrets(), clients, experience, Timings.standard(), clock);
        Digester digester = new Digester("0123456789abcdef".getBytes(UTF_8));
        bills = new Bills(gate, digester, CLUSTER, limits, Timings.standard(), clock, new Random(1));
        observer = new LightsailObserver(gate, bills, Readings.UNHEARD, digester, Timings.standard(), clock);
        writer = new LightsailWriter(gate, bills);
        declare("default", AwsSimulator.DEFAULT_ACCOUNT, AMBIENT);
    }

    /** Where no answer is waited for longer than a few seconds: for calls that are to hang. */
    public static AwsWorld impatient() {
        return new AwsWorld(null, AwsSimulator.builder(), Duration.ofSeconds(4));
    }

    /** An account that the namespace production may use for everything. */
    public AwsAccount declare(String name, String accountId, String credentials) {
        return declare(
                name,
                accountId,
                credentials,
                "{namespaces: {matchLabels: {team: core}}, serviceNamePatterns: [\"*\"], allowDeletion: true}");
    }

    public AwsAccount declare(
            String name, String accountId, String credentials, String access, String... furtherRegions) {
        String regions = String.join(", ", furtherRegions);
        AwsAccount account = Serialization.unmarshal(
                """
                apiVersion: lightkeeper.dev/v1alpha1
                kind: AwsAccount
                metadata: {name: %s}
                spec:
                  accountId: "%s"
                  defaultRegion: %s
                  allowedRegions: [%s]
                  credentials: {%s}
                  access: %s
                """.formatted(
                                name,
                                accountId,
                                REGION,
                                regions.isEmpty() ? REGION : REGION + ", " + regions,
                                credentials,
                                access),
                AwsAccount.class);
        accounts.put(name, account);
        return account;
    }

    public DesiredState desired(String service) {
        return desired("default", service);
    }

    public DesiredState desired(String account, String service) {
        ServiceDeploymentSpec spec = Serialization.unmarshal(
                "accountRef: {name: %s}\nlightsail: {serviceName: %s, power: nano}\n".formatted(account, service),
                ServiceDeploymentSpec.class);
        return desired(service, spec);
    }

    /** What a resource of namespace production wants that has no release. */
    public static DesiredState desired(String name, ServiceDeploymentSpec spec) {
        return new DesiredState(
                new DesiredState.ResourceIdentity("production", name, "uid-" + name, 1),
                spec,
                null,
                "contract",
                ProbeHeaders.NONE,
                List.of(),
                false);
    }

    public Look look(String service) {
        return new Look(desired(service), null, null, false, false);
    }

    /** Parameter Store with an empty memory, as after a restart. */
    public SsmParameters parameterStore() {
        return new SsmParameters(gate, limits, Timings.standard(), clock, new Random(1));
    }

    /** The parameters of the default account, past their API. */
    public ParameterControl parameters() {
        return aws.ssm().in(REGION);
    }

    /** Lightsail of the default account, past its API. */
    public RegionControl lightsail() {
        return aws.in(REGION);
    }

    /** A service that is somebody's. */
    public void service(String name) {
        lightsail().create(name, Power.NANO, 2, Map.of(Ownership.OWNER_TAG, "production/" + name));
    }

    public List<String> calls() {
        return aws.audit().entries().stream().map(AuditEntry::operation).toList();
    }

    private Observed<AwsAccount> account(String name) {
        AwsAccount account = accounts.get(name);
        return account == null ? new Observed.Absent<>() : new Observed.Present<>(account);
    }

    private Observed<Map<String, String>> labels(String namespace) {
        Map<String, String> labels = namespaces.get(namespace);
        return labels == null ? new Observed.Absent<>() : new Observed.Present<>(labels);
    }

    /** At debug level the SDK logs security tokens and bodies. */
    private static void quiet(String logger) {
        ((Logger) LoggerFactory.getLogger(logger)).setLevel(Level.INFO);
    }

    @Override
    public void close() {
        clients.close();
        aws.close();
    }

    private final class Secrets implements References {
        @Override
        public Reference<Map<String, String>> configMap(String namespace, String name) {
            throw new UnsupportedOperationException("no ConfigMap is needed for an account");
        }

        @Override
        public Reference<Map<String, SecretText>> secret(String namespace, String name) {
            Map<String, SecretText> entries = secrets.get(namespace + "/" + name);
            return entries == null
                    ? new Reference.Missing<>("Secret \"%s/%s\"".formatted(namespace, name))
                    : new Reference.Found<>(entries);
        }
    }
}
