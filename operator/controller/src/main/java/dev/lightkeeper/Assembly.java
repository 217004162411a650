package dev.lightkeeper;

import dev.lightkeeper.act.Executor;
import dev.lightkeeper.api.v1alpha1.AwsAccount;
import dev.lightkeeper.aws.Accounts;
import dev.lightkeeper.aws.AwsFailures;
import dev.lightkeeper.aws.CallExperience;
import dev.lightkeeper.aws.CallLimits;
import dev.lightkeeper.aws.CallRecorder;
import dev.lightkeeper.aws.Clients;
import dev.lightkeeper.desired.DesiredStep;
import dev.lightkeeper.desired.Reference;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.lightsail.LightsailObserver;
import dev.lightkeeper.lightsail.LightsailWriter;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.plan.Ownership;
import dev.lightkeeper.plan.Planner;
import dev.lightkeeper.probe.AddressPolicy;
import dev.lightkeeper.probe.HttpProber;
import dev.lightkeeper.probe.JacksonJsonReader;
import dev.lightkeeper.probe.Resolver;
import dev.lightkeeper.reconcile.AccountReport;
import dev.lightkeeper.reconcile.Pipeline;
import dev.lightkeeper.status.StatusStep;
import dev.lightkeeper.telemetry.Telemetry;
import dev.lightkeeper.verify.Attempt;
import dev.lightkeeper.verify.Expectations;
import dev.lightkeeper.verify.TryLedger;
import dev.lightkeeper.verify.Verifier;
import dev.lightkeeper.verify.Witnesses;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The product's own parts, put together for Lightsail. */
public final class Assembly implements Lightkeeper.Parts {
    private static final int CHECKS_REMEMBERED = 20_000;

    @Override
    public Lightkeeper.Steps assemble(Lightkeeper.Ports ports) {
        String version = Version.current();
        Witnesses witnesses = new Witnesses(ports.timings().witnessValidity(), ports.clock());
        CallLog calls = new CallLog(ports.telemetry(), witnesses);
        CallLimits limits = CallLimits.standard().faster(ports.config().speed());
        Accounts accounts = new Accounts(
                name -> observed(ports.accounts().find(name)),
                namespace -> observed(ports.namespaces().labels(namespace)),
                ports.references(),
                new Clients(ports.config().awsEndpoint(), version, limits),
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
        StatusStep status = new StatusStep();
        Pipeline pipeline = new Pipeline(
                new DesiredStep(ports.references(), ports.digester()),
                new LightsailObserver(
                        accounts, ports.digester(), limits, ports.timings(), ports.clock(), ports.random()),
                new Planner(new Ownership(ports.clusterId()), ports.timings()),
                new Executor(new LightsailWriter(accounts), ports.timings(), ports.clock(), ports.random()),
                new Verifier(
                        new Attempt(prober, new Expectations(new JacksonJsonReader()), witnesses, ports.random()),
                        new TryLedger(CHECKS_REMEMBERED),
                        ports.timings(),
                        ports.clock()),
                status,
                ports.clock(),
                ports.driftHeldUntil());
        return new Lightkeeper.Steps(
                pipeline,
                resource -> status.initial(
                        resource.getStatus(),
                        resource.getMetadata().getGeneration(),
                        ports.clock().instant()),
                new Report(accounts, calls),
                prober::close);
    }

    private static <T> Observed<T> observed(Reference<T> reference) {
        return switch (reference) {
            case Reference.Found<T>(T value) -> new Observed.Present<>(value);
            case Reference.Missing<T> ignored -> new Observed.Absent<>();
            case Reference.Unreadable<T>(String ignored, Failure failure) -> new Observed.Unknown<>(failure);
        };
    }

    /** What the calls have shown of each account, for its status and for the metrics. */
    private static final class CallLog implements CallRecorder {
        private final Telemetry telemetry;
        private final Witnesses witnesses;
        private final CallExperience experience = new CallExperience();

        CallLog(Telemetry telemetry, Witnesses witnesses) {
            this.telemetry = telemetry;
            this.witnesses = witnesses;
        }

        @Override
        public void called(String account, String action, Duration took, @Nullable Failure failure) {
            telemetry.awsCall(
                    action, failure == null ? "success" : failure.getClass().getSimpleName(), took);
            experience.called(account, action, took, failure);
            if (failure == null || AwsFailures.isAnswer(failure)) {
                witnesses.awsAnswered();
            }
        }
    }

    private record Report(Accounts accounts, CallLog calls) implements AccountReport {
        @Override
        public Identity identity(AwsAccount account) {
            return switch (accounts.report(account.getMetadata().getName(), account.getSpec())) {
                case dev.lightkeeper.aws.AccountReport.Identified(String id, String arn) ->
                    calls.experience
                            .unanswered(account.getMetadata().getName())
                            .<Identity>map(Identity.Unavailable::new)
                            .orElseGet(() -> new Identity.Verified(id, arn));
                case dev.lightkeeper.aws.AccountReport.Refused(var reason, String message) ->
                    new Identity.Refused(reason, message);
                case dev.lightkeeper.aws.AccountReport.Unavailable(Failure failure) ->
                    new Identity.Unavailable(failure);
            };
        }

        @Override
        public Experience experience(AwsAccount account) {
            String name = account.getMetadata().getName();
            return new Experience(calls.experience.exercised(name), calls.experience.denied(name));
        }
    }
}
