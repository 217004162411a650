package dev.lightkeeper.aws;

import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * The operator's own identity, looked for in the SDK's places in the SDK's order. Unlike the SDK's own chain, which keeps
 * only texts, it keeps why the first place that has something to say gave nothing: no answer is not the same as none there.
 */
final class AmbientCredentials implements AwsCredentialsProvider {
    private final List<AwsCredentialsProvider> places;
    private volatile @Nullable AwsCredentialsProvider found;

    AmbientCredentials(List<AwsCredentialsProvider> places) {
        this.places = List.copyOf(places);
    }

    static AmbientCredentials standard() {
        return new AmbientCredentials(List.of(
                SystemPropertyCredentialsProvider.create(),
                EnvironmentVariableCredentialsProvider.create(),
                WebIdentityTokenFileCredentialsProvider.create(),
                ProfileCredentialsProvider.create(),
                ContainerCredentialsProvider.create(),
                InstanceProfileCredentialsProvider.create()));
    }

    @Override
    public AwsCredentials resolveCredentials() {
        AwsCredentialsProvider known = found;
        RuntimeException why = null;
        for (AwsCredentialsProvider place : known == null ? places : List.of(known)) {
            try {
                AwsCredentials credentials = place.resolveCredentials();
                found = place;
                return credentials;
            } catch (RuntimeException e) {
                why = why == null && saysSomething(e) ? e : why;
            }
        }
        throw new NotFound(why);
    }

    private static boolean saysSomething(RuntimeException error) {
        return !AwsFailures.isWithoutCredentials(AwsFailures.ofCredentials("", error));
    }

    /** Whether an error of the SDK is that of ambient credentials, which it needs to ask for others. */
    static boolean isWhy(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof NotFound) {
                return true;
            }
        }
        return false;
    }

    private static final class NotFound extends SdkClientException {
        private static final long serialVersionUID = 1L;

        NotFound(@Nullable RuntimeException why) {
            super(SdkClientException.builder()
                    .message("no place gave credentials")
                    .cause(why));
        }
    }
}
