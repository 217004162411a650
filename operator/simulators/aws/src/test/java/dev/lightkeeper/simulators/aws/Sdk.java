package dev.lightkeeper.simulators.aws;

import java.time.Duration;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.lightsail.LightsailClient;
import software.amazon.awssdk.services.lightsail.LightsailClientBuilder;
import software.amazon.awssdk.services.lightsail.model.Container;
import software.amazon.awssdk.services.lightsail.model.ContainerServiceProtocol;
import software.amazon.awssdk.services.lightsail.model.EndpointRequest;
import software.amazon.awssdk.services.lightsail.model.Tag;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.sts.StsClient;

/** The real SDK, pointed to a simulator. */
final class Sdk {
    static final String REGION = "eu-central-1";

    private Sdk() {}

    static AwsCredentials defaultCredentials() {
        return AwsBasicCredentials.create(AwsSimulator.DEFAULT_ACCESS_KEY, AwsSimulator.DEFAULT_SECRET_KEY);
    }

    /** Without retries, so that every fault is seen. */
    static LightsailClient lightsail(AwsSimulator aws) {
        return lightsail(aws, REGION, defaultCredentials());
    }

    static LightsailClient lightsail(AwsSimulator aws, String region, AwsCredentials credentials) {
        return once(base(aws, region, credentials, ApacheHttpClient.builder()));
    }

    /** Gives up on what does not answer; only for calls that are meant to fail, since a busy machine is slow as well. */
    static LightsailClient impatientLightsail(AwsSimulator aws) {
        return once(base(
                aws, REGION, defaultCredentials(), ApacheHttpClient.builder().socketTimeout(Duration.ofSeconds(1))));
    }

    /** As the SDK comes: four attempts. */
    static LightsailClient retryingLightsail(AwsSimulator aws) {
        return base(aws, REGION, defaultCredentials(), ApacheHttpClient.builder())
                .overrideConfiguration(c -> c.retryStrategy(RetryMode.LEGACY))
                .build();
    }

    private static LightsailClient once(LightsailClientBuilder builder) {
        return builder.overrideConfiguration(ClientOverrideConfiguration.builder()
                        .retryStrategy(DefaultRetryStrategy.doNotRetry())
                        .build())
                .build();
    }

    private static LightsailClientBuilder base(
            AwsSimulator aws, String region, AwsCredentials credentials, ApacheHttpClient.Builder http) {
        return LightsailClient.builder()
                .endpointOverride(aws.endpoint())
                .region(Region.of(region))
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .httpClientBuilder(http);
    }

    static SsmClient ssm(AwsSimulator aws) {
        return ssm(aws, REGION, defaultCredentials());
    }

    static SsmClient ssm(AwsSimulator aws, String region, AwsCredentials credentials) {
        return SsmClient.builder()
                .endpointOverride(aws.endpoint())
                .region(Region.of(region))
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .httpClientBuilder(ApacheHttpClient.builder())
                .overrideConfiguration(ClientOverrideConfiguration.builder()
                        .retryStrategy(DefaultRetryStrategy.doNotRetry())
                        .build())
                .build();
    }

    static Ec2Client ec2(AwsSimulator aws) {
        return ec2(aws, REGION, defaultCredentials());
    }

    static Ec2Client ec2(AwsSimulator aws, String region, AwsCredentials credentials) {
        return Ec2Client.builder()
                .endpointOverride(aws.endpoint())
                .region(Region.of(region))
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .httpClientBuilder(ApacheHttpClient.builder())
                .overrideConfiguration(ClientOverrideConfiguration.builder()
                        .retryStrategy(DefaultRetryStrategy.doNotRetry())
                        .build())
                .build();
    }

    static CloudWatchLogsClient logs(AwsSimulator aws) {
        return CloudWatchLogsClient.builder()
                .endpointOverride(aws.endpoint())
                .region(Region.of(REGION))
                .credentialsProvider(StaticCredentialsProvider.create(defaultCredentials()))
                .httpClientBuilder(ApacheHttpClient.builder())
                .overrideConfiguration(ClientOverrideConfiguration.builder()
                        .retryStrategy(DefaultRetryStrategy.doNotRetry())
                        .build())
                .build();
    }

    static StsClient sts(AwsSimulator aws, AwsCredentials credentials) {
        return StsClient.builder()
                .endpointOverride(aws.endpoint())
                .region(Region.of(REGION))
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .httpClientBuilder(ApacheHttpClient.builder())
                .overrideConfiguration(ClientOverrideConfiguration.builder()
                        .retryStrategy(DefaultRetryStrategy.doNotRetry())
                        .build())
                .build();
    }

    static void create(LightsailClient client, String name) {
        client.createContainerService(
                r -> r.serviceName(name).power("nano").scale(1).tags(tag("owner", "test")));
    }

    static int deploy(LightsailClient client, String name, String image) {
        return client.createContainerServiceDeployment(r -> r.serviceName(name)
                        .containers(Map.of("app", container(image)))
                        .publicEndpoint(endpoint()))
                .containerService()
                .nextDeployment()
                .version();
    }

    static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    static Container container(String image) {
        return Container.builder()
                .image(image)
                .environment(Map.of("PASSWORD", "hunter2-is-secret"))
                .ports(Map.of("8080", ContainerServiceProtocol.HTTP))
                .build();
    }

    static EndpointRequest endpoint() {
        return EndpointRequest.builder()
                .containerName("app")
                .containerPort(8080)
                .build();
    }
}
