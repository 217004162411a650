package dev.lightkeeper.simulators.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lightkeeper.simulators.aws.sts.Credentials.Role;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.services.lightsail.LightsailClient;
import software.amazon.awssdk.services.lightsail.model.LightsailException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;
import software.amazon.awssdk.services.sts.model.StsException;

class CredentialsTest extends ManualWorld {
    private static final String ROLE = "arn:aws:iam::210987654321:role/operator";

    private String stsCode(AwsCredentials credentials) {
        try (StsClient sts = Sdk.sts(aws, credentials)) {
            return catchThrowableOfType(StsException.class, sts::getCallerIdentity)
                    .awsErrorDetails()
                    .errorCode();
        }
    }

    private String lightsailCode(AwsCredentials credentials) {
        try (LightsailClient lightsail = Sdk.lightsail(aws, Sdk.REGION, credentials)) {
            return catchThrowableOfType(LightsailException.class, () -> lightsail.getContainerServices(r -> {}))
                    .awsErrorDetails()
                    .errorCode();
        }
    }

    private static AwsSessionCredentials session(Credentials credentials) {
        return AwsSessionCredentials.create(
                credentials.accessKeyId(), credentials.secretAccessKey(), credentials.sessionToken());
    }

    @Test
    void theKeySaysWhoCalls() {
        try (StsClient sts = Sdk.sts(aws, Sdk.defaultCredentials())) {
            assertThat(sts.getCallerIdentity().account()).isEqualTo(AwsSimulator.DEFAULT_ACCOUNT);
            assertThat(sts.getCallerIdentity().arn()).isEqualTo("arn:aws:iam::123456789012:user/simulator");
        }
    }

    @Test
    void anUnknownKeyIsRefusedInTheWordsOfEachProtocol() {
        AwsCredentials unknown = AwsBasicCredentials.create("AKIAUNKNOWN", "secret");
        assertThat(stsCode(unknown)).isEqualTo("InvalidClientTokenId");
        assertThat(lightsailCode(unknown)).isEqualTo("UnrecognizedClientException");
    }

    @Test
    void anAssumedRoleActsInItsAccountUntilItExpires() {
        aws.credentials().addRole(new Role(ROLE, "shared-id", AwsSimulator.DEFAULT_ACCOUNT));
        AwsSessionCredentials session;
        try (StsClient sts = Sdk.sts(aws, Sdk.defaultCredentials())) {
            Credentials credentials = sts.assumeRole(
                            r -> r.roleArn(ROLE).roleSessionName("test").externalId("shared-id"))
                    .credentials();
            assertThat(credentials.expiration()).isAfter(Instant.now().plus(Duration.ofMinutes(59)));
            session = session(credentials);
        }
        try (StsClient sts = Sdk.sts(aws, session);
                LightsailClient lightsail = Sdk.lightsail(aws, Sdk.REGION, session)) {
            assertThat(sts.getCallerIdentity().arn()).isEqualTo("arn:aws:sts::210987654321:assumed-role/operator/test");
            Sdk.create(lightsail, "web");
        }
        assertThat(aws.lightsail().in("210987654321", Sdk.REGION).names()).containsExactly("web");

        assertThat(lightsailCode(AwsSessionCredentials.create(session.accessKeyId(), "x", "another token")))
                .isEqualTo("UnrecognizedClientException");
        aws.credentials().expireSessions();
        assertThat(lightsailCode(session)).isEqualTo("ExpiredTokenException");
        assertThat(stsCode(session)).isEqualTo("ExpiredToken");
    }

    @Test
    void theExternalIdIsChecked() {
        aws.credentials().addRole(new Role(ROLE, "shared-id", null));
        try (StsClient sts = Sdk.sts(aws, Sdk.defaultCredentials())) {
            StsException thrown = catchThrowableOfType(
                    StsException.class,
                    () -> sts.assumeRole(
                            r -> r.roleArn(ROLE).roleSessionName("test").externalId("wrong")));
            assertThat(thrown.statusCode()).isEqualTo(403);
            assertThat(thrown.awsErrorDetails().errorCode()).isEqualTo("AccessDenied");
        }
    }

    @Test
    void aWebIdentityNeedsNoSignature() {
        aws.credentials().addRole(new Role(ROLE, null, null));
        try (StsClient sts = Sdk.sts(aws, Sdk.defaultCredentials())) {
            Credentials credentials = sts.assumeRoleWithWebIdentity(
                            r -> r.roleArn(ROLE).roleSessionName("pod").webIdentityToken("a.jwt.token"))
                    .credentials();
            try (StsClient assumed = Sdk.sts(aws, session(credentials))) {
                assertThat(assumed.getCallerIdentity().account()).isEqualTo("210987654321");
            }
        }
        assertThat(aws.audit().of("AssumeRoleWithWebIdentity").getFirst().accessKeyId())
                .isNull();
    }

    @Test
    void unsignedAndMisdirectedRequestsAreRefused() throws IOException, InterruptedException {
        String scope = "AWS4-HMAC-SHA256 Credential=" + AwsSimulator.DEFAULT_ACCESS_KEY
                + "/20261122/eu-central-1/%s/aws4_request, SignedHeaders=host, Signature=" + "0".repeat(64);
        assertThat(raw("GetContainerServices", null, "{}").body()).contains("MissingAuthenticationTokenException");
        assertThat(raw("GetContainerServices", "Basic abc", "{}").body()).contains("IncompleteSignatureException");
        assertThat(raw("GetContainerServices", scope.formatted("ec2"), "{}").body())
                .contains("InvalidSignatureException");
        String good = scope.formatted("lightsail");
        assertThat(raw("GetContainerServices", good, "{}").statusCode()).isEqualTo(200);
        assertThat(raw("GetContainerServices", good, "").statusCode()).isEqualTo(200);
        assertThat(raw("GetContainerServices", good, "[]").body()).contains("SerializationException");
        assertThat(raw("GetContainerServices", good, "{\"serviceName\":1}").body())
                .contains("SerializationException");
        assertThat(raw("GetInstances", good, "{}").body()).contains("UnknownOperationException");
    }

    private HttpResponse<String> raw(String operation, @Nullable String authorization, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(aws.endpoint() + "/"))
                .header("X-Amz-Target", "Lightsail_20161128." + operation)
                .header("Content-Type", "application/x-amz-json-1.1")
                .POST(BodyPublishers.ofString(body));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request.build(), BodyHandlers.ofString());
        }
    }
}
