package dev.lightkeeper.aws;

import dev.lightkeeper.api.v1alpha1.AssumeRole;
import dev.lightkeeper.api.v1alpha1.AwsCredentials;
import dev.lightkeeper.api.v1alpha1.SecretReference;
import dev.lightkeeper.desired.Reference;
import dev.lightkeeper.desired.References;
import dev.lightkeeper.desired.SecretText;
import dev.lightkeeper.failure.Failure;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/** Turns what an AwsAccount says about credentials into credentials. */
final class CredentialSource {
    private static final String KEY_ID = "aws_access_key_id";
    private static final String SECRET_KEY = "aws_secret_access_key";
    private static final String SESSION_TOKEN = "aws_session_token";

    private final References references;
    private final Clients clients;

    CredentialSource(References references, Clients clients) {
        this.references = references;
        this.clients = clients;
    }

    /** Equal as long as the same clients can be used. Never printed: records print their members, but not SecretText. */
    sealed interface Keys {
        record Ambient() implements Keys {}

        record Assumed(String roleArn, @Nullable String externalId) implements Keys {}

        record Static(
                SecretText keyId,
                SecretText secretKey,
                @Nullable SecretText sessionToken) implements Keys {}
    }

    /** What came of looking for them. */
    sealed interface Found {
        record Usable(Keys keys) implements Found {}

        record Invalid(String message) implements Found {}

        record NotUnderstood(String message) implements Found {}

        record Unreadable(Failure failure) implements Found {}
    }

    Found keys(@Nullable AwsCredentials declared) {
        if (declared != null && declared.ambient() != null) {
            return new Found.Usable(new Keys.Ambient());
        }
        AssumeRole role = declared == null ? null : declared.assumeRole();
        if (role != null) {
            return new Found.Usable(new Keys.Assumed(role.roleArn(), role.externalId()));
        }
        SecretReference secret = declared == null ? null : declared.secretRef();
        if (secret != null) {
            return staticKeys(secret);
        }
        return new Found.NotUnderstood("spec.credentials names none of ambient, assumeRole and secretRef");
    }

    AwsCredentialsProvider provider(Keys keys, SdkHttpClient http, String region) {
        return switch (keys) {
            case Keys.Ambient() -> clients.ambient();
            case Keys.Assumed(String roleArn, String externalId) ->
                StsAssumeRoleCredentialsProvider.builder()
                        .stsClient(clients.sts(http, clients.ambient(), region))
                        .refreshRequest(request ->
                                request.roleArn(roleArn).externalId(externalId).roleSessionName("lightkeeper"))
                        .build();
            case Keys.Static(SecretText keyId, SecretText secretKey, SecretText sessionToken) ->
                StaticCredentialsProvider.create(
                        sessionToken == null
                                ? AwsBasicCredentials.create(keyId.reveal(), secretKey.reveal())
                                : AwsSessionCredentials.create(
                                        keyId.reveal(), secretKey.reveal(), sessionToken.reveal()));
        };
    }

    private Found staticKeys(SecretReference secret) {
        return switch (references.secret(secret.namespace(), secret.name())) {
            case Reference.Missing<Map<String, SecretText>>(String what) ->
                new Found.Invalid("credentials.secretRef: %s does not exist".formatted(what));
            case Reference.Unreadable<Map<String, SecretText>>(String what, Failure failure) ->
                new Found.Unreadable(failure);
            case Reference.Found<Map<String, SecretText>>(Map<String, SecretText> entries) ->
                staticKeys(secret, entries);
        };
    }

    private static Found staticKeys(SecretReference secret, Map<String, SecretText> entries) {
        SecretText keyId = stripped(entries.get(KEY_ID));
        SecretText secretKey = stripped(entries.get(SECRET_KEY));
        if (keyId == null || secretKey == null) {
            return new Found.Invalid("Secret \"%s/%s\" needs the keys %s and %s, not empty"
                    .formatted(secret.namespace(), secret.name(), KEY_ID, SECRET_KEY));
        }
        return new Found.Usable(new Keys.Static(keyId, secretKey, stripped(entries.get(SESSION_TOKEN))));
    }

    /** Keys are often stored with the line break of the file that they came from. */
    private static @Nullable SecretText stripped(@Nullable SecretText value) {
        String text = value == null ? "" : value.reveal().strip();
        return text.isEmpty() ? null : SecretText.of(text);
    }
}
