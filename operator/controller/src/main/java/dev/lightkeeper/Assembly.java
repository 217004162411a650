package dev.lightkeeper;

import dev.lightkeeper.act.CloudWriter;
import dev.lightkeeper.act.Executor;
import dev.lightkeeper.api.v1alpha1.AwsAccount;
import dev.lightkeeper.aws.Accounts;
import dev.lightkeeper.aws.AwsFailures;
import dev.lightkeeper.aws.CallExperience;
import dev.lightkeeper.aws.CallJournal;
import dev.lightkeeper.aws.CallLimits;
import dev.lightkeeper.aws.CallRecorder;
import dev.lightkeeper.aws.Clients;
import dev.lightkeeper.aws.SsmParameters;
import dev.lightkeeper.desired.DesiredStep;
import dev.lightkeeper.desired.Reference;
import dev.lightkeeper.ec2.HostScript;
import dev.lightkeeper.ec2.HostTarget;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.lightsail.Bills;
import dev.lightkeeper.lightsail.LightsailLogs;
import dev.lightkeeper.lightsail.LightsailObserver;
import dev.lightkeeper.lightsail.LightsailWriter;
import dev.lightkeeper.observe.Identity;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.observe.Observer;
import dev.lightkeeper.plan.Ownership;
import dev.lightkeeper.plan.Planner;
import dev.lightkeeper.probe.AddressPolicy;
import dev.lightkeeper.probe.HttpProber;
import dev.lightkeeper.probe.JacksonJsonReader;
import dev.lightkeeper.probe.Resolver;
import dev.lightkeeper.reconcile.AccountReport;
import dev.lightkeeper.reconcile.Breaker;
import dev.lightkeeper.reconcile.Pipeline;
import dev.lightkeeper.status.StatusStep;
import dev.lightkeeper.telemetry.Telemetry;
import dev.lightkeeper.telemetry.Traces;
import dev.lightkeeper.verify.Attempt;
import dev.lightkeeper.verify.Expectations;
import dev.lightkeeper.verify.LogSource;
import dev.lightkeeper.verify.Simultaneous;
import dev.lightkeeper.verify.TryLedger;
import dev.lightkeeper.verify.Verifier;
import dev.lightkeeper.verify.Witnesses;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** The product's own parts, put together. */
public final class Assembly implements Lightkeeper.Parts {
    private static final Logger log = LoggerFactory.getLogger(Assembly.class);
    /** Of one resource: all that a manifest can declare, on a hundred hosts. */
    private static final int CHECKS_REMEMBERED = 5_000;

    private static final int PROBES_AT_ONCE = 4;
    private static final String REQUEST_ID = "aws.requestId";

    private final Traces traces;

    /** Without traces. */
    public Assembly() {
        this(Traces.none());
    }

    /** With {@code traces}, which are closed at the end. */
    public Assembly(Traces traces) {
        this.traces = traces;
    }

    @Override
    public Lightkeeper.Steps assemble(Lightkeeper.Ports ports) {
        String version = Version.current();
        Witnesses witnesses = new Witnesses(ports.timings().witnessValidity(), ports.clock());
        CallLog calls = new CallLog(
                ports.telemetry(),
                traces,
                witnesses,
                new CallExperience(ports.timings().observationStale(), ports.clock()),
                new CallJournal());
        CallLimits limits = CallLimits.standard().faster(ports.config().speed());
        Clients clients = new Clients(ports.config().awsEndpoint(), version, limits);
        Accounts accounts = new Accounts(
                name -> observed(ports.accounts().find(name)),
                namespace -> observed(ports.namespaces().labels(namespace)),
                ports.references(),
                clients,
                calls,
                ports.timings(),
                ports.clock());
        HttpProber prober = new HttpProber(
                ports.config().probePrivateAddresses()
                        ? AddressPolicy.allowing(AddressPolicy.Range.LOOPBACK, AddressPolicy.Range.PRIVATE)
                        : AddressPolicy.publicOnly(),
                Resolver.system(),
                HttpProber.systemTrust(),
                version,
                () -> UUID.randomUUID().toString(),
                System::nanoTime);
        Bills bills = new Bills(
                accounts, ports.digester(), ports.clusterId(), limits, ports.timings(), ports.clock(), ports.random());
        StatusStep status = new StatusStep();
        Breaker breaker = new Breaker(name -> openSince(ports, name), ports.timings(), ports.clock());
        HostTarget hosts = HostTarget.of(
                accounts,
                HostScript.shipped(),
                ports.clusterId(),
                limits,
                ports.telemetry().readings(),
                ports.timings(),
                ports.clock(),
                ports.random());
        LogSource containers = new LightsailLogs(accounts, ports.telemetry().readings());
        Observer services = new LightsailObserver(
                accounts, bills, ports.telemetry().readings(), ports.digester(), ports.timings(), ports.clock());
        CloudWriter changes = new LightsailWriter(accounts, bills);
        SsmParameters parameters = new SsmParameters(accounts, limits, ports.timings(), ports.clock(), ports.random());
        Pipeline pipeline = new Pipeline(
                new DesiredStep(ports.references(), parameters, ports.digester()),
                look -> look.desired().spec().runsOnHosts() ? hosts.observer().look(look) : services.look(look),
                new Planner(new Ownership(ports.clusterId()), ports.timings()),
                new Executor(
                        (desired, action) -> desired.spec().runsOnHosts()
                                ? hosts.writer().apply(desired, action)
                                : changes.apply(desired, action),
                        ports.timings(),
                        ports.clock(),
                        ports.random()),
                new Verifier(
                        new Attempt(prober, witnesses, ports.random()),
                        new Expectations(new JacksonJsonReader()),
                        new TryLedger(CHECKS_REMEMBERED),
                        Simultaneous.atMost(PROBES_AT_ONCE),
                        ports.timings(),
                        ports.clock(),
                        ports.random(),
                        (desired, wanted) ->
                                (desired.spec().runsOnHosts() ? hosts.logs() : containers).read(desired, wanted),
                        (resource, check, text) -> log.debug("{}: {} fails; in its log: {}", resource, check, text),
                        ports.telemetry(),
                        hosts.prober()),
                status,
                breaker,
                ports.clock(),
                ports.driftHeldUntil(),
                traces);
        return new Lightkeeper.Steps(
                pipeline,
                resource -> status.initial(
                        resource.getStatus(),
                        resource.getMetadata().getGeneration(),
                        ports.clock().instant()),
                new Report(accounts, calls.experience(), bills, breaker, parameters),
                traces,
                () -> {
                    prober.close();
                    clients.close();
                    traces.close();
                });
    }

    private static Observed<Instant> openSince(Lightkeeper.Ports ports, String account) {
        return switch (observed(ports.accounts().find(account))) {
            case Observed.Present<AwsAccount>(AwsAccount found) -> Breaker.openSince(found);
            case Observed.Absent<AwsAccount>() -> new Observed.Absent<>();
            case Observed.Unknown<AwsAccount>(Failure failure) -> new Observed.Unknown<>(failure);
        };
    }

    private static <T> Observed<T> observed(Reference<T> reference) {
        return switch (reference) {
            case Reference.Found<T>(T value) -> new Observed.Present<>(value);
            case Reference.Missing<T> ignored -> new Observed.Absent<>();
            case Reference.Unreadable<T>(String ignored, Failure failure) -> new Observed.Unknown<>(failure);
        };
    }

    /** What the calls have shown of each account, for its status, the metrics and the log. */
    private record CallLog(
            Telemetry telemetry, Traces traces, Witnesses witnesses, CallExperience experience, CallJournal journal)
            implements CallRecorder {
        @Override
        public void called(String account, String region, String action, Duration took, @Nullable Failure failure) {
            telemetry.awsCall(
                    action, failure == null ? "success" : failure.getClass().getSimpleName(), took);
            traces.awsCall(account, region, action, took, failure, MDC.get(REQUEST_ID));
            experience.called(account, region, action, took, failure);
            journal.called(account, region, action, took, failure);
            if (failure == null || AwsFailures.isAnswer(failure)) {
                witnesses.awsAnswered();
            }
        }

        @Override
        public void heldBack(String account, String action, String limit) {
            telemetry.awsCallHeldBack(action, limit);
        }

        @Override
        public void renewed(String account) {
            experience.renewed(account);
        }
    }

    private record Report(
            Accounts accounts, CallExperience experience, Bills bills, Breaker breaker, SsmParameters parameters)
            implements AccountReport {
        @Override
        public Identity identity(AwsAccount account) {
            return accounts.report(account.getMetadata().getName(), account.getSpec());
        }

        @Override
        public Experience experience(AwsAccount account) {
            String name = account.getMetadata().getName();
            return new Experience(
                    experience.exercised(name),
                    experience.accepted(name),
                    experience.denied(name),
                    experience.silence(name));
        }

        @Override
        public Observed<BigDecimal> cost(AwsAccount account) {
            return accounts.session(account.getMetadata().getName(), account.getSpec())
                    .map(session -> bills.total(session, account.getSpec()))
                    .orElseGet(Observed::notLooked);
        }

        @Override
        public boolean automationPaused(AwsAccount account) {
            return breaker.isOpen(account);
        }

        @Override
        public void forget(String account) {
            breaker.forgetAccount(account);
            accounts.forget(account);
            experience.renewed(account);
            parameters.forgetAccount(account);
        }
    }
}
