package dev.lightkeeper.aws;

import dev.lightkeeper.desired.SecretText;
import dev.lightkeeper.failure.Failure;
import io.github.bucket4j.BlockingBucket;
import io.github.bucket4j.Bucket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.lightsail.LightsailClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/**
 * The way to AWS of one account with one set of credentials: its clients, its share of concurrent calls, and the only
 * place where a call is made and its error becomes a value.
 */
public final class AccountSession {
    /** AWS lets through 40 reads of parameters in a second, of all callers together: we take a quarter, apart from the rest. */
    private static final int PARAMETER_RATE = 2;

    /** EC2 lets through 20 filtered reads in a second, after 100 at once. Apart, so that no probe of a host delays Lightsail. */
    private static final int HOST_RATE = 4;

    /** What of the rate of all calls is for reads that can wait. */
    private static final double SHARE_OF_BUDGET = 0.4;

    private final String account;
    private final Clients clients;
    private final CallRecorder recorder;
    private final Clock clock;
    private final Semaphore places;
    private final BlockingBucket rate;
    private final BlockingBucket parameterRate;
    private final BlockingBucket hostRate;
    private final Bucket budget;
    private final SdkHttpClient http;
    private final AwsCredentialsProvider credentials;
    private final String homeRegion;
    private final StsClient sts;
    private final ConcurrentMap<String, LightsailClient> reading = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, LightsailClient> changing = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, SsmClient> parameters = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, CloudWatchLogsClient> logs = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Ec2Client> instances = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, SsmClient> commands = new ConcurrentHashMap<>();
    /** The call that ended last got no answer in time. */
    private volatile boolean hangs;

    /** {@code credentials} is given the connections of this session, for providers that ask STS themselves. */
    AccountSession(
            String account,
            Clients clients,
            CallRecorder recorder,
            Clock clock,
            String homeRegion,
            Function<SdkHttpClient, AwsCredentialsProvider> credentials) {
        this.account = account;
        this.clients = clients;
        this.recorder = recorder;
        this.clock = clock;
        this.homeRegion = homeRegion;
        recorder.renewed(account);
        this.places = new Semaphore(clients.limits().concurrent());
        this.rate = rate(clients.limits(), 1);
        this.parameterRate = rate(clients.limits(), PARAMETER_RATE);
        this.hostRate = rate(clients.limits(), HOST_RATE);
        this.budget = Bucket.builder()
                .addLimit(limit -> limit.capacity(clients.limits().burst())
                        .refillGreedy(
                                Math.round(
                                        60 * SHARE_OF_BUDGET * clients.limits().perSecond()),
                                Duration.ofMinutes(1)))
                .build();
        this.http = clients.connections();
        this.credentials = credentials.apply(http);
        this.sts = clients.sts(http, this.credentials, homeRegion);
    }

    private static BlockingBucket rate(CallLimits limits, int factor) {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity((long) factor * limits.burst())
                        .refillGreedy(Math.round(60 * factor * limits.perSecond()), Duration.ofMinutes(1)))
                .build()
                .asBlocking();
    }

    /** Name of the AwsAccount. */
    public String account() {
        return account;
    }

    /** A call that changes nothing; the SDK may repeat it. */
    public <T> AwsAnswer<T> read(String region, String action, Function<LightsailClient, T> call) {
        return asking(rate, reading, clients::reading, region, action, call);
    }

    /** A call that reads parameters, on a budget of its own. */
    <T> AwsAnswer<T> parameters(String region, String action, Function<SsmClient, T> call) {
        return asking(parameterRate, parameters, clients::parameters, region, action, call);
    }

    /** A call that reads about EC2 instances; the SDK may repeat it. */
    public <T> AwsAnswer<T> instances(String region, String action, Function<Ec2Client, T> call) {
        return asking(hostRate, instances, clients::instances, region, action, call);
    }

    /** A call that reads about managed hosts and what they were told; the SDK may repeat it. */
    public <T> AwsAnswer<T> hosts(String region, String action, Function<SsmClient, T> call) {
        return asking(hostRate, parameters, clients::parameters, region, action, call);
    }

    /**
     * A call that tells hosts to do something: sent once at most.
     *
     * @param sent values that the request holds and that AWS's error text may echo
     */
    public <T> AwsAnswer<T> command(
            String region, String action, Collection<SecretText> sent, Function<SsmClient, T> call) {
        return telling(hostRate, commands, clients::commands, region, action, sent, call);
    }

    /** A read that can wait, of logs or images: it is not made while the account's budget for such reads is used up. */
    public <T> AwsAnswer<T> readOnBudget(String region, String action, Function<LightsailClient, T> call) {
        return onBudget(action, () -> read(region, action, call));
    }

    /** A read of CloudWatch Logs, which can wait: on the same budget. */
    public <T> AwsAnswer<T> logs(String region, String action, Function<CloudWatchLogsClient, T> call) {
        return onBudget(action, () -> asking(rate, logs, clients::logs, region, action, call));
    }

    private <T> AwsAnswer<T> onBudget(String action, Supplier<AwsAnswer<T>> read) {
        if (budget.tryConsume(1)) {
            return read.get();
        }
        recorder.heldBack(account, action, "budget");
        return new AwsAnswer.Failed<>(
                new Failure.Throttled(action + ": the account's budget for reads that can wait is used up", true));
    }

    /** The outcome of {@link CallPause#enter}, which is recorded when it holds a call back. */
    public @Nullable Failure paused(CallPause pause, String action) {
        Failure why = pause.enter(clock.instant());
        if (why != null) {
            recorder.heldBack(account, action, "pause");
        }
        return why;
    }

    /**
     * A call that changes something: sent once at most.
     *
     * @param sent values that the request holds and that AWS's error text may echo
     */
    public <T> AwsAnswer<T> change(
            String region, String action, Collection<SecretText> sent, Function<LightsailClient, T> call) {
        return telling(rate, changing, clients::changing, region, action, sent, call);
    }

    /** Makes a client for a region. */
    @FunctionalInterface
    private interface Maker<C> {
        C make(SdkHttpClient http, AwsCredentialsProvider credentials, String region);
    }

    private <C, T> T with(ConcurrentMap<String, C> made, Maker<C> maker, String region, Function<C, T> call) {
        return call.apply(made.computeIfAbsent(region, r -> maker.make(http, credentials, r)));
    }

    private <C, T> AwsAnswer<T> asking(
            BlockingBucket limit,
            ConcurrentMap<String, C> made,
            Maker<C> maker,
            String region,
            String action,
            Function<C, T> call) {
        return call(limit, region, action, () -> with(made, maker, region, call), AwsFailures::ofRead);
    }

    private <C, T> AwsAnswer<T> telling(
            BlockingBucket limit,
            ConcurrentMap<String, C> made,
            Maker<C> maker,
            String region,
            String action,
            Collection<SecretText> sent,
            Function<C, T> call) {
        return call(
                limit,
                region,
                action,
                () -> with(made, maker, region, call),
                (name, error) -> AwsFailures.ofMutation(name, error, sent));
    }

    AwsAnswer<CallerIdentity> callerIdentity() {
        return call(
                rate,
                homeRegion,
                "sts:GetCallerIdentity",
                () -> {
                    var answer = sts.getCallerIdentity();
                    String accountId = answer.account();
                    String arn = answer.arn();
                    return new CallerIdentity(accountId == null ? "" : accountId, arn == null ? "" : arn);
                },
                AwsFailures::ofRead);
    }

    /** Who AWS says that the credentials belong to. */
    record CallerIdentity(String accountId, String arn) {}

    /** Lets calls in flight end, then closes the connections. Does not wait. */
    void retire() {
        Thread.ofVirtual().name("retire-" + account).start(() -> {
            try {
                places.acquire(clients.limits().concurrent());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (credentials instanceof StsAssumeRoleCredentialsProvider assumed) {
                assumed.close();
            }
            http.close();
        });
    }

    private <T> AwsAnswer<T> call(
            BlockingBucket limit,
            String region,
            String action,
            Supplier<T> call,
            BiFunction<String, RuntimeException, Failure> classify) {
        Duration patience = clients.limits().patience();
        try {
            if (!limit.tryConsume(1, patience)) {
                recorder.heldBack(account, action, "rate");
                return new AwsAnswer.Failed<>(new Failure.Throttled(
                        action + ": the operator's own limit of calls of this account is reached", true));
            }
            // While AWS hangs, those that wait for their turn must not hold their threads too.
            if (!places.tryAcquire(hangs ? 0 : patience.toNanos(), TimeUnit.NANOSECONDS)) {
                recorder.heldBack(account, action, "places");
                return new AwsAnswer.Failed<>(new Failure.Transient(
                        AwsFailures.BUSY, action + ": too many calls of this account are still unanswered", false));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new AwsAnswer.Failed<>(
                    new Failure.Transient(AwsFailures.INTERRUPTED, action + ": the operator is stopping", false));
        }
        Instant begun = clock.instant();
        @Nullable Failure failure = null;
        try {
            failure = withoutCredentials(action);
            if (failure != null) {
                return new AwsAnswer.Failed<>(failure);
            }
            T answer = call.get();
            hangs = false;
            return new AwsAnswer.Answered<>(answer);
        } catch (RuntimeException e) {
            failure = classify.apply(action, e);
            hangs = failure instanceof Failure.Transient unanswered
                    && unanswered.code().equals(AwsFailures.TIMEOUT);
            return new AwsAnswer.Failed<>(failure);
        } finally {
            places.release();
            recorder.called(account, region, action, Duration.between(begun, clock.instant()), failure);
        }
    }

    /** Asked before the call itself, so that a failure here is known to have had no effect. */
    private @Nullable Failure withoutCredentials(String action) {
        try {
            credentials.resolveCredentials();
            return null;
        } catch (SdkException e) {
            return credentials instanceof StsAssumeRoleCredentialsProvider && !AmbientCredentials.isWhy(e)
                    ? AwsFailures.ofRead("sts:AssumeRole", e)
                    : AwsFailures.ofCredentials(action, e);
        }
    }
}
