package dev.lightkeeper.aws;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.lightsail.LightsailClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * Makes the SDK's clients, all with time limits, and never with a retry where a repeated call would act twice. They end with
 * the connections that they were given: what they hold besides is shared, and ends with this object.
 */
public final class Clients implements AutoCloseable {
    static final String TIMERS = "aws-time-limits-";
    private static final int MOST_TIMERS = 2;

    private final @Nullable URI endpointOverride;
    private final String version;
    private final CallLimits limits;
    private final AwsCredentialsProvider ambient;
    /** Without it, each client would start threads of its own, which outlive the session. */
    private final ScheduledThreadPoolExecutor timers;

    /**
     * With the operator's own identity as the SDK finds it.
     *
     * @param endpointOverride where all calls go instead of AWS, from the operator's own configuration only; null leaves
     *     it to the SDK, which heeds {@code AWS_ENDPOINT_URL}
     * @param version of the operator, sent in the user agent
     */
    public Clients(@Nullable URI endpointOverride, String version, CallLimits limits) {
        this(endpointOverride, version, limits, AmbientCredentials.standard());
    }

    /** With other limits and another identity. */
    public Clients(@Nullable URI endpointOverride, String version, CallLimits limits, AwsCredentialsProvider ambient) {
        this.endpointOverride = endpointOverride;
        this.version = version;
        this.limits = limits;
        this.ambient = ambient;
        this.timers = new ScheduledThreadPoolExecutor(
                MOST_TIMERS, Thread.ofPlatform().daemon().name(TIMERS, 0).factory());
        timers.setRemoveOnCancelPolicy(true);
    }

    /** No call can be made any more. */
    @Override
    public void close() {
        var _ = timers.shutdownNow();
    }

    CallLimits limits() {
        return limits;
    }

    AwsCredentialsProvider ambient() {
        return ambient;
    }

    /** Connections of one account: shared with no other, so that an account that hangs uses up only its own. */
    SdkHttpClient connections() {
        return ApacheHttpClient.builder()
                .connectionTimeout(limits.connect())
                .socketTimeout(limits.attempt())
                .connectionAcquisitionTimeout(limits.patience())
                .connectionMaxIdleTime(Duration.ofSeconds(20))
                .maxConnections(2 * limits.concurrent())
                .build();
    }

    LightsailClient reading(SdkHttpClient http, AwsCredentialsProvider credentials, String region) {
        return configured(LightsailClient.builder(), http, credentials, region, forReads())
                .build();
    }

    LightsailClient changing(SdkHttpClient http, AwsCredentialsProvider credentials, String region) {
        return configured(LightsailClient.builder(), http, credentials, region, DefaultRetryStrategy.doNotRetry())
                .build();
    }

    SsmClient parameters(SdkHttpClient http, AwsCredentialsProvider credentials, String region) {
        return configured(SsmClient.builder(), http, credentials, region, forReads())
                .build();
    }

    CloudWatchLogsClient logs(SdkHttpClient http, AwsCredentialsProvider credentials, String region) {
        return configured(CloudWatchLogsClient.builder(), http, credentials, region, forReads())
                .build();
    }

    Ec2Client instances(SdkHttpClient http, AwsCredentialsProvider credentials, String region) {
        return configured(Ec2Client.builder(), http, credentials, region, forReads())
                .build();
    }

    /** For what hosts are told: a second call would be a second command. */
    SsmClient commands(SdkHttpClient http, AwsCredentialsProvider credentials, String region) {
        return configured(SsmClient.builder(), http, credentials, region, DefaultRetryStrategy.doNotRetry())
                .build();
    }

    StsClient sts(SdkHttpClient http, AwsCredentialsProvider credentials, String region) {
        return configured(StsClient.builder(), http, credentials, region, forReads())
                .build();
    }

    private RetryStrategy forReads() {
        return DefaultRetryStrategy.standardStrategyBuilder()
                .maxAttempts(limits.readAttempts())
                .build();
    }

    private <
                    B extends
                            AwsClientBuilder<B, C>
                                    & software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder<B, C>,
                    C>
            B configured(
                    B builder,
                    SdkHttpClient http,
                    AwsCredentialsProvider credentials,
                    String region,
                    RetryStrategy retries) {
        ClientOverrideConfiguration overrides = ClientOverrideConfiguration.builder()
                .apiCallAttemptTimeout(limits.attempt())
                .apiCallTimeout(limits.call())
                .scheduledExecutorService(timers)
                .retryStrategy(retries)
                .addExecutionInterceptor(new RequestIds())
                .putAdvancedOption(SdkAdvancedClientOption.USER_AGENT_SUFFIX, "lightkeeper/" + version)
                .build();
        builder.region(Region.of(region))
                .credentialsProvider(credentials)
                .httpClient(http)
                .overrideConfiguration(overrides);
        return endpointOverride == null ? builder : builder.endpointOverride(endpointOverride);
    }
}
