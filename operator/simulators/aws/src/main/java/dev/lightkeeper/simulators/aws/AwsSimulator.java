package dev.lightkeeper.simulators.aws;

import dev.lightkeeper.simulators.aws.application.ApplicationRuntime;
import dev.lightkeeper.simulators.aws.application.ImageCatalogue;
import dev.lightkeeper.simulators.aws.audit.AuditLog;
import dev.lightkeeper.simulators.aws.control.ControlApi;
import dev.lightkeeper.simulators.aws.ec2.Ec2Api;
import dev.lightkeeper.simulators.aws.ec2.Ec2Control;
import dev.lightkeeper.simulators.aws.ec2.Ec2Simulation;
import dev.lightkeeper.simulators.aws.ec2.Ec2Timings;
import dev.lightkeeper.simulators.aws.faults.Faults;
import dev.lightkeeper.simulators.aws.host.Hosts;
import dev.lightkeeper.simulators.aws.host.SimulatedHost;
import dev.lightkeeper.simulators.aws.host.SimulatedHosts;
import dev.lightkeeper.simulators.aws.http.Dispatcher;
import dev.lightkeeper.simulators.aws.http.Listener;
import dev.lightkeeper.simulators.aws.http.RequestRate;
import dev.lightkeeper.simulators.aws.lightsail.LightsailApi;
import dev.lightkeeper.simulators.aws.lightsail.LightsailSimulation;
import dev.lightkeeper.simulators.aws.lightsail.Quotas;
import dev.lightkeeper.simulators.aws.lightsail.RegionControl;
import dev.lightkeeper.simulators.aws.lightsail.Timings;
import dev.lightkeeper.simulators.aws.logs.LogsApi;
import dev.lightkeeper.simulators.aws.logs.LogsSimulation;
import dev.lightkeeper.simulators.aws.ssm.CommandTimings;
import dev.lightkeeper.simulators.aws.ssm.SsmApi;
import dev.lightkeeper.simulators.aws.ssm.SsmSimulation;
import dev.lightkeeper.simulators.aws.sts.Credentials;
import dev.lightkeeper.simulators.aws.sts.StsApi;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One simulated AWS world on loopback. Point {@code AWS_ENDPOINT_URL}, or a client's endpoint override, to
 * {@link #endpoint()}; the region comes from the client's signature.
 */
public final class AwsSimulator implements AutoCloseable {
    /** The account that exists unless others are named. */
    public static final String DEFAULT_ACCOUNT = "123456789012";

    /** The access key of the default account. */
    public static final String DEFAULT_ACCESS_KEY = "AKIASIMULATOR0000001";

    /** A secret that goes with it; signatures are not verified. */
    public static final String DEFAULT_SECRET_KEY = "simulated-secret-key";

    private final SimulatorClock clock;
    private final ApplicationRuntime runtime;
    private final LightsailSimulation lightsail;
    private final Hosts hosts;
    private final String account;
    private final Ec2Simulation ec2;
    private final SsmSimulation ssm;
    private final LogsSimulation logs;
    private final Credentials credentials;
    private final AuditLog audit = new AuditLog();
    private final Faults faults;
    private final Listener listener;

    private AwsSimulator(Builder builder) {
        SimulatorClock given = builder.clock;
        clock = given == null ? SimulatorClock.running(builder.speed) : given;
        runtime = new ApplicationRuntime(clock, builder.catalogue);
        credentials = new Credentials(builder.realTime, new Random(builder.seed));
        builder.keys.forEach((key, account) -> credentials.addKey(account, key));
        builder.roles.values().forEach(credentials::addRole);
        faults = new Faults(builder.seed);
        lightsail = new LightsailSimulation(
                clock,
                runtime,
                builder.timings,
                builder.quotas,
                builder.keys.firstEntry().getValue(),
                new Random(builder.seed));
        account = builder.keys.firstEntry().getValue();
        logs = new LogsSimulation(clock, builder.logIngestion, account);
        Hosts givenHosts = builder.hosts;
        hosts = givenHosts == null
                ? new SimulatedHosts(
                        clock,
                        builder.catalogue,
                        (of, region, name) -> ssm().in(of, region).read(name),
                        logs.ofHosts())
                : givenHosts;
        ec2 = new Ec2Simulation(
                clock, builder.ec2Timings, builder.ec2RequestLimits, hosts, account, new Random(builder.seed));
        ssm = new SsmSimulation(clock, builder.commandTimings, ec2, hosts, account, new Random(builder.seed));
        RequestRate rate = new RequestRate(clock, builder.quotas.requestsPerSecond(), builder.quotas.requestBurst());
        Dispatcher dispatcher = new Dispatcher(
                Map.of(
                        LightsailApi.TARGET_PREFIX, lightsail.api(),
                        SsmApi.TARGET_PREFIX, ssm.api(),
                        LogsApi.TARGET_PREFIX, logs.api()),
                Map.of(StsApi.VERSION, new StsApi(credentials), Ec2Api.VERSION, ec2.api()),
                credentials,
                faults,
                audit,
                clock,
                rate);
        listener = new Listener(builder.port, dispatcher, new ControlApi(this)::serve);
    }

    /** {@return a builder with all defaults} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Runs a world until the process ends.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        CommandLine.run(args);
    }

    /** {@return where clients are pointed to, without trailing slash} */
    public URI endpoint() {
        return listener.endpoint();
    }

    /** {@return simulated time} */
    public SimulatorClock clock() {
        return clock;
    }

    /** {@return Lightsail past its API} */
    public LightsailSimulation lightsail() {
        return lightsail;
    }

    /** {@return SSM past its API} */
    public SsmSimulation ssm() {
        return ssm;
    }

    /** {@return CloudWatch Logs past its API} */
    public LogsSimulation logs() {
        return logs;
    }

    /** {@return EC2 past its API} */
    public Ec2Simulation ec2() {
        return ec2;
    }

    /**
     * {@return the instances of the default account in a region}
     *
     * @param region such as {@code eu-central-1}
     */
    public Ec2Control ec2(String region) {
        return ec2.in(region);
    }

    /**
     * {@return the machine of an instance of the first account, made at first use: for other people's hands}
     *
     * @param region such as {@code eu-central-1}
     * @param instanceId such as {@code i-0123456789abcdef0}
     * @throws IllegalStateException when the world was given hosts of another kind
     */
    public SimulatedHost host(String region, String instanceId) {
        if (hosts instanceof SimulatedHosts simulated) {
            return simulated.shell(instanceId, account, region);
        }
        throw new IllegalStateException("the world was given hosts of another kind");
    }

    /**
     * Installs a log agent on the machine of an instance of the first account: what runs there and prints is shipped into
     * CloudWatch Logs, where it can be read after ingestion.
     *
     * @param region such as {@code eu-central-1}
     * @param instanceId such as {@code i-0123456789abcdef0}
     * @param group such as {@code /shop/production}
     * @param stream such as {@code web/production}
     * @throws IllegalStateException when the world was given hosts of another kind
     */
    public void shipLogs(String region, String instanceId, String group, String stream) {
        host(region, instanceId).ships((at, text) -> logs.in(region).put(group, stream, at, text));
    }

    /**
     * {@return Lightsail of the default account in a region}
     *
     * @param region such as {@code eu-central-1}
     */
    public RegionControl in(String region) {
        return lightsail.in(region);
    }

    /** {@return access keys, roles, sessions} */
    public Credentials credentials() {
        return credentials;
    }

    /** {@return every request so far} */
    public AuditLog audit() {
        return audit;
    }

    /** {@return what goes wrong} */
    public Faults faults() {
        return faults;
    }

    /** {@return what images do, changeable} */
    public ImageCatalogue catalogue() {
        return runtime.catalogue();
    }

    /** Ends everything; clients that wait for an answer lose their connection. A clock or hosts that were given end too. */
    @Override
    public void close() {
        faults.close();
        listener.close();
        clock.close();
        ssm.close();
        hosts.close();
        runtime.close();
    }

    /** Describes a world. The first access key's account is the default account. */
    public static final class Builder {
        private final LinkedHashMap<String, String> keys = new LinkedHashMap<>();
        private final Map<String, Credentials.Role> roles = new LinkedHashMap<>();
        private int port;
        private double speed = 1;
        private @Nullable SimulatorClock clock;
        private Clock realTime = Clock.systemUTC();
        private ImageCatalogue catalogue = ImageCatalogue.builtIn();
        private Timings timings = Timings.defaults();
        private Quotas quotas = Quotas.defaults();
        private @Nullable Hosts hosts;
        private Ec2Timings ec2Timings = Ec2Timings.defaults();
        private boolean ec2RequestLimits;
        private CommandTimings commandTimings = CommandTimings.defaults();
        private Duration logIngestion = Duration.ofSeconds(10);
        private long seed = 1;

        private Builder() {}

        /**
         * Sets the port on 127.0.0.1.
         *
         * @param number 0, the default, for any free one
         * @return this
         */
        public Builder port(int number) {
            port = number;
            return this;
        }

        /**
         * Adds an access key. Without any, {@link #DEFAULT_ACCESS_KEY} of {@link #DEFAULT_ACCOUNT} exists.
         *
         * @param account twelve digits
         * @param accessKeyId any secret goes with it
         * @return this
         */
        public Builder accessKey(String account, String accessKeyId) {
            keys.put(accessKeyId, account);
            return this;
        }

        /**
         * Adds a role that can be assumed.
         *
         * @param role the role
         * @return this
         */
        public Builder role(Credentials.Role role) {
            roles.put(role.arn(), role);
            return this;
        }

        /**
         * Sets the pace of a clock that starts now.
         *
         * @param factor simulated seconds in a real one
         * @return this
         */
        public Builder speed(double factor) {
            speed = factor;
            return this;
        }

        /**
         * Lets time stand still but for {@link SimulatorClock#advance}.
         *
         * @param start first simulated time
         * @return this
         */
        public Builder manualClock(Instant start) {
            return clock(SimulatorClock.manual(start));
        }

        /**
         * Sets the clock, which the world then owns.
         *
         * @param simulated the clock
         * @return this
         */
        public Builder clock(SimulatorClock simulated) {
            clock = simulated;
            return this;
        }

        /**
         * Sets the time by which sessions of roles end.
         *
         * @param source real time
         * @return this
         */
        public Builder realTime(Clock source) {
            realTime = source;
            return this;
        }

        /**
         * Sets what images do.
         *
         * @param images the catalogue
         * @return this
         */
        public Builder catalogue(ImageCatalogue images) {
            catalogue = images;
            return this;
        }

        /**
         * Sets how long things take.
         *
         * @param simulated in simulated time
         * @return this
         */
        public Builder timings(Timings simulated) {
            timings = simulated;
            return this;
        }

        /**
         * Sets limits.
         *
         * @param limits of every account and region
         * @return this
         */
        public Builder quotas(Quotas limits) {
            quotas = limits;
            return this;
        }

        /**
         * Sets the machines behind instances, which the world then owns.
         *
         * @param machines on which commands are run; {@link SimulatedHosts} unless set
         * @return this
         */
        public Builder hosts(Hosts machines) {
            hosts = machines;
            return this;
        }

        /**
         * Sets how long things take in EC2.
         *
         * @param simulated in simulated time
         * @return this
         */
        public Builder ec2Timings(Ec2Timings simulated) {
            ec2Timings = simulated;
            return this;
        }

        /** {@return this, with EC2's published request limits in force; their buckets fill up in simulated time} */
        public Builder ec2RequestLimits() {
            ec2RequestLimits = true;
            return this;
        }

        /**
         * Sets how long commands take besides their scripts.
         *
         * @param simulated in simulated time
         * @return this
         */
        public Builder commandTimings(CommandTimings simulated) {
            commandTimings = simulated;
            return this;
        }

        /**
         * Sets how long it takes until a line in CloudWatch Logs can be read.
         *
         * @param delay in simulated time; ten seconds unless set
         * @return this
         */
        public Builder logIngestion(Duration delay) {
            logIngestion = delay;
            return this;
        }

        /**
         * Sets the source of identifiers and of faults with a probability.
         *
         * @param number the same number gives the same world
         * @return this
         */
        public Builder seed(long number) {
            seed = number;
            return this;
        }

        /** {@return the world, listening} */
        public AwsSimulator start() {
            if (keys.isEmpty()) {
                keys.put(DEFAULT_ACCESS_KEY, DEFAULT_ACCOUNT);
            }
            return new AwsSimulator(this);
        }
    }
}
