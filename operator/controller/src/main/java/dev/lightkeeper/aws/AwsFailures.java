package dev.lightkeeper.aws;

import static java.util.Map.entry;

import dev.lightkeeper.desired.SecretText;
import dev.lightkeeper.failure.Failure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.lightsail.model.InvalidInputException;

/**
 * The one table that says what an error of AWS means. It goes by error code, never by HTTP status: Lightsail answers 400
 * to nearly everything, throttling included. Where one code means several things (InvalidInputException) AWS's text is
 * matched loosely, since texts are no contract.
 */
public final class AwsFailures {
    /** Code of {@link Failure.Terminal}: there is no such resource. The only proof of absence. */
    public static final String NOT_FOUND = "NotFoundException";
    /** Code of {@link Failure.Terminal}: another Lightsail resource of the region has the name. */
    public static final String NAME_EXISTS = "NameExists";
    /** Code of {@link Failure.Terminal}: the account may have no more of it. */
    public static final String QUOTA_EXCEEDED = "QuotaExceeded";
    /** Code of {@link Failure.Terminal}: a certificate is unknown, or too new to be visible. */
    public static final String CERTIFICATE_NOT_FOUND = "CertificateNotFound";
    /** Code of {@link Failure.Conflict}: another change of the resource is running. */
    public static final String IN_PROGRESS = "InProgress";
    /** Code of {@link Failure.Conflict}: somebody has disabled the service. */
    public static final String DISABLED = "Disabled";
    /** Code of {@link Failure.Transient}: no answer in time. */
    public static final String TIMEOUT = "Timeout";
    /** Code of {@link Failure.Transient}: the connection could not be made, so nothing was sent. */
    public static final String UNREACHABLE = "Unreachable";
    /** Code of {@link Failure.Transient}: the connection ended before a whole answer had come. */
    public static final String CONNECTION_LOST = "ConnectionLost";
    /** Code of {@link Failure.Transient}: an answer without an error code that is known. */
    public static final String UNEXPECTED = "UnexpectedAnswer";

    /** Code of {@link Failure.Denied}: the operator has found no credentials to sign with. */
    public static final String NO_CREDENTIALS = "NoCredentials";

    private enum Meaning {
        THROTTLED,
        DENIED,
        CREDENTIALS,
        NOT_FOUND,
        HOST_AWAY,
        INVALID,
        NAME_EXISTS,
        QUOTA_EXCEEDED,
        NOT_YET,
        SERVICE_FAULT
    }

    private static final Map<String, Meaning> BY_CODE = Map.ofEntries(
            entry("ThrottlingException", Meaning.THROTTLED),
            entry("Throttling", Meaning.THROTTLED),
            entry("ThrottledException", Meaning.THROTTLED),
            entry("RequestThrottled", Meaning.THROTTLED),
            entry("RequestThrottledException", Meaning.THROTTLED),
            entry("TooManyRequestsException", Meaning.THROTTLED),
            entry("RequestLimitExceeded", Meaning.THROTTLED),
            entry("SlowDown", Meaning.THROTTLED),
            entry("PriorRequestNotComplete", Meaning.THROTTLED),
            entry("BandwidthLimitExceeded", Meaning.THROTTLED),
            entry("EC2ThrottledException", Meaning.THROTTLED),
            entry("AccessDeniedException", Meaning.DENIED),
            entry("AccessDenied", Meaning.DENIED),
            entry("UnauthorizedOperation", Meaning.DENIED),
            entry("NotAuthorized", Meaning.DENIED),
            entry("OptInRequired", Meaning.DENIED),
            entry("RegionDisabledException", Meaning.DENIED),
            entry(NO_CREDENTIALS, Meaning.CREDENTIALS),
            entry("UnauthenticatedException", Meaning.CREDENTIALS),
            entry("UnrecognizedClientException", Meaning.CREDENTIALS),
            entry("InvalidClientTokenId", Meaning.CREDENTIALS),
            entry("InvalidAccessKeyId", Meaning.CREDENTIALS),
            entry("ExpiredTokenException", Meaning.CREDENTIALS),
            entry("ExpiredToken", Meaning.CREDENTIALS),
            entry("InvalidToken", Meaning.CREDENTIALS),
            entry("InvalidIdentityToken", Meaning.CREDENTIALS),
            entry("InvalidSignatureException", Meaning.CREDENTIALS),
            entry("SignatureDoesNotMatch", Meaning.CREDENTIALS),
            entry("IncompleteSignature", Meaning.CREDENTIALS),
            entry("IncompleteSignatureException", Meaning.CREDENTIALS),
            entry("MissingAuthenticationToken", Meaning.CREDENTIALS),
            entry("MissingAuthenticationTokenException", Meaning.CREDENTIALS),
            entry("AuthFailure", Meaning.CREDENTIALS),
            entry("RequestExpired", Meaning.CREDENTIALS),
            entry("RequestTimeTooSkewed", Meaning.CREDENTIALS),
            entry("RequestInTheFuture", Meaning.CREDENTIALS),
            entry("NotFoundException", Meaning.NOT_FOUND),
            entry("ResourceNotFoundException", Meaning.NOT_FOUND),
            entry("InvocationDoesNotExist", Meaning.NOT_FOUND),
            entry("InvalidCommandId", Meaning.NOT_FOUND),
            entry("InvalidInstanceID.NotFound", Meaning.NOT_FOUND),
            entry("InvalidInstanceId", Meaning.HOST_AWAY),
            entry("InvalidInstanceID.Malformed", Meaning.INVALID),
            entry("InvalidDocument", Meaning.INVALID),
            entry("InvalidParameters", Meaning.INVALID),
            entry("InvalidFilterKey", Meaning.INVALID),
            entry("InvalidFilterValue", Meaning.INVALID),
            entry("MaxDocumentSizeExceeded", Meaning.INVALID),
            entry("DuplicateInstanceId", Meaning.INVALID),
            entry("UnsupportedPlatformType", Meaning.INVALID),
            entry("Unavailable", Meaning.SERVICE_FAULT),
            entry("InvalidInputException", Meaning.INVALID),
            entry("InvalidParameterException", Meaning.INVALID),
            entry("InvalidKeyId", Meaning.INVALID),
            entry("ValidationException", Meaning.INVALID),
            entry("ValidationError", Meaning.INVALID),
            entry("SerializationException", Meaning.INVALID),
            entry("MissingParameter", Meaning.INVALID),
            entry("InvalidParameterCombination", Meaning.INVALID),
            entry("InvalidParameterValue", Meaning.INVALID),
            entry("InvalidAction", Meaning.INVALID),
            entry("UnknownOperationException", Meaning.INVALID),
            entry("MalformedPolicyDocument", Meaning.INVALID),
            entry("NameExists", Meaning.NAME_EXISTS),
            entry("LimitExceededException", Meaning.QUOTA_EXCEEDED),
            entry("ServiceQuotaExceededException", Meaning.QUOTA_EXCEEDED),
            entry("RegionSetupInProgressException", Meaning.NOT_YET),
            entry("AccountSetupInProgressException", Meaning.NOT_YET),
            entry("ServiceException", Meaning.SERVICE_FAULT),
            entry("OperationFailureException", Meaning.SERVICE_FAULT),
            entry("InternalFailure", Meaning.SERVICE_FAULT),
            entry("InternalError", Meaning.SERVICE_FAULT),
            entry("InternalServerError", Meaning.SERVICE_FAULT),
            entry("ServiceUnavailable", Meaning.SERVICE_FAULT),
            entry("ServiceUnavailableException", Meaning.SERVICE_FAULT),
            entry("IDPCommunicationError", Meaning.SERVICE_FAULT),
            entry("RequestTimeout", Meaning.SERVICE_FAULT),
            entry("RequestTimeoutException", Meaning.SERVICE_FAULT));

    private static final List<String> TEXTS_OF_IN_PROGRESS = List.of(
            "in progress", "try again in a few minutes", "wait for it to complete", "current state", "being deleted");
    private static final List<String> TEXTS_OF_QUOTA = List.of("maximum limit", "limit exceeded", "service quota");
    private static final Set<String> CONNECT_TIMEOUTS = Set.of(
            "org.apache.http.conn.ConnectTimeoutException", "org.apache.http.conn.ConnectionPoolTimeoutException");

    private static final String WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity";
    /** HTTP statuses of instance metadata and its like that say "not now" or "not so": token lost, time-out, too many. */
    private static final Set<Integer> UNDECIDED = Set.of(401, 408, 429);

    static final String INTERRUPTED = "Interrupted";
    static final String BUSY = "AccountBusy";
    private static final Set<String> UNHEARD = Set.of(TIMEOUT, UNREACHABLE, CONNECTION_LOST, INTERRUPTED);

    private AwsFailures() {}

    /** A call that changes nothing and sends no value that might be secret. */
    public static Failure ofRead(String action, Throwable error) {
        return of(action, false, error, List.of());
    }

    /**
     * A call that was to change something: after anything but a clear refusal its effect is unknown.
     *
     * @param action such as {@code lightsail:CreateContainerService}
     * @param sent the values that the request held and that AWS's text may echo
     */
    public static Failure ofMutation(String action, Throwable error, Collection<SecretText> sent) {
        return of(action, true, error, sent);
    }

    /**
     * The credentials to sign a call with could not be had. Only a place that was asked, or that is not there, shows that
     * there are none.
     *
     * @param action the call that they were needed for
     */
    public static Failure ofCredentials(String action, Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof AwsServiceException refused) {
                return ofAnswer(WEB_IDENTITY, false, refused, List.of());
            }
            if (isSilence(cause)) {
                return new Failure.Transient(
                        UNREACHABLE,
                        action
                                + ": the operator's own AWS credentials could not be fetched; what gives them (instance metadata, pod identity) gave no answer",
                        false);
            }
        }
        return new Failure.Denied(NO_CREDENTIALS, action, action + ": the operator itself has no AWS credentials here");
    }

    /** No file that is missing, and no clear word of what gives credentials. */
    private static boolean isSilence(Throwable cause) {
        return switch (cause) {
            case SdkServiceException answer -> UNDECIDED.contains(answer.statusCode()) || answer.statusCode() >= 500;
            case FileNotFoundException _, FileSystemException _ -> false;
            case IOException _, InterruptedException _, AbortedException _, ApiCallTimeoutException _ -> true;
            case ApiCallAttemptTimeoutException _ -> true;
            default -> false;
        };
    }

    private static Failure of(String action, boolean mutation, Throwable error, Collection<SecretText> sent) {
        return error instanceof AwsServiceException refused
                ? ofAnswer(action, mutation, refused, sent)
                : ofConnection(action, mutation, error);
    }

    private static Failure ofAnswer(
            String action, boolean mutation, AwsServiceException error, Collection<SecretText> sent) {
        @Nullable AwsErrorDetails details = error.awsErrorDetails();
        @Nullable String code = details == null ? null : details.errorCode();
        @Nullable String text = details == null ? null : details.errorMessage();
        @Nullable Meaning meaning = code == null ? null : BY_CODE.get(code);
        if (code == null || meaning == null) {
            return new Failure.Transient(
                    UNEXPECTED, action + ": AWS answered with an error that is not known", mutation);
        }
        return switch (meaning) {
            case THROTTLED -> new Failure.Throttled(action + ": AWS refused the call for the rate of calls");
            case DENIED ->
                new Failure.Denied(
                        code, action, action + " is denied to the account's credentials (%s)".formatted(code));
            case CREDENTIALS ->
                new Failure.Denied(
                        code, action, action + ": AWS does not accept the account's credentials (%s)".formatted(code));
            case NOT_FOUND -> new Failure.Terminal(NOT_FOUND, action + ": AWS says that it does not exist");
            case HOST_AWAY ->
                new Failure.Conflict(code, action + ": SSM does not reach one of the instances (%s)".formatted(code));
            case NAME_EXISTS -> nameExists(action);
            case QUOTA_EXCEEDED -> quotaExceeded(action);
            case NOT_YET ->
                new Failure.Transient(
                        code,
                        action + ": AWS is still setting up the region or the account (%s)".formatted(code),
                        false);
            case SERVICE_FAULT ->
                new Failure.Transient(
                        code, action + ": AWS answered with an error of its own (%s)".formatted(code), mutation);
            case INVALID -> ofInput(action, code, error, text == null ? "" : text, sent);
        };
    }

    private static Failure ofInput(
            String action, String code, AwsServiceException error, String text, Collection<SecretText> sent) {
        String lower = text.toLowerCase(Locale.ROOT);
        boolean nameExists = error instanceof InvalidInputException input && NAME_EXISTS.equals(input.code());
        if (nameExists || lower.contains("names are already in use")) {
            return nameExists(action);
        }
        if (lower.contains("disabled and cannot be")) {
            return new Failure.Conflict(DISABLED, action + ": the service is disabled");
        }
        if (TEXTS_OF_IN_PROGRESS.stream().anyMatch(lower::contains)) {
            return new Failure.Conflict(IN_PROGRESS, action + ": another change of the service is still running");
        }
        if (TEXTS_OF_QUOTA.stream().anyMatch(lower::contains)) {
            return quotaExceeded(action);
        }
        if (lower.contains("certificate") && lower.contains("not exist")) {
            return new Failure.Terminal(
                    CERTIFICATE_NOT_FOUND, action + ": AWS does not know a certificate of publicDomainNames (yet)");
        }
        String sentence = PlainText.firstSentence(text, sent);
        return new Failure.Terminal(
                code, action + ": AWS refused the input" + (sentence.isEmpty() ? " (" + code + ")" : ": " + sentence));
    }

    private static Failure nameExists(String action) {
        return new Failure.Terminal(
                NAME_EXISTS, action + ": another Lightsail resource of the region already has this name");
    }

    private static Failure quotaExceeded(String action) {
        return new Failure.Terminal(QUOTA_EXCEEDED, action + ": the AWS account's quota is used up");
    }

    private static Failure ofConnection(String action, boolean mutation, Throwable error) {
        boolean timedOut = false;
        boolean interrupted = error instanceof AbortedException;
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (nothingWasSent(cause)) {
                return new Failure.Transient(UNREACHABLE, action + ": no connection to AWS could be made", false);
            }
            timedOut |= cause instanceof ApiCallTimeoutException
                    || cause instanceof ApiCallAttemptTimeoutException
                    || cause instanceof InterruptedIOException;
            interrupted |= cause instanceof InterruptedException;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
            return new Failure.Transient(INTERRUPTED, action + ": the operator is stopping", mutation);
        }
        return timedOut
                ? new Failure.Transient(TIMEOUT, action + ": AWS did not answer in time", mutation)
                : new Failure.Transient(CONNECTION_LOST, action + ": no whole answer came from AWS", mutation);
    }

    private static boolean nothingWasSent(Throwable cause) {
        return cause instanceof ConnectException
                || cause instanceof UnknownHostException
                || cause instanceof NoRouteToHostException
                || cause instanceof SSLHandshakeException
                || cause instanceof SSLPeerUnverifiedException
                || CONNECT_TIMEOUTS.contains(cause.getClass().getName());
    }

    /** Whether AWS was heard at all, with a refusal or a fault of its own: then the network between us works. */
    public static boolean isAnswer(Failure failure) {
        return switch (failure) {
            case Failure.Transient unanswered -> !UNHEARD.contains(unanswered.code());
            case Failure.Denied _ -> !isWithoutCredentials(failure);
            case Failure.Terminal _, Failure.Throttled _, Failure.Conflict _ -> true;
        };
    }

    /** Whether the operator itself did not make or finish the call, so that it says nothing about AWS. */
    static boolean isOurs(Failure failure) {
        return switch (failure) {
            case Failure.Throttled throttled -> throttled.heldBack();
            case Failure.Transient unmade ->
                unmade.code().equals(BUSY) || unmade.code().equals(INTERRUPTED);
            case Failure.Terminal _, Failure.Conflict _, Failure.Denied _ -> false;
        };
    }

    /** Whether there is nothing to sign calls with. */
    static boolean isWithoutCredentials(Failure failure) {
        return failure instanceof Failure.Denied denied && denied.code().equals(NO_CREDENTIALS);
    }

    /** Whether the failure says that there is no such resource. */
    public static boolean isNotFound(Failure failure) {
        return failure instanceof Failure.Terminal(String code, String message) && code.equals(NOT_FOUND);
    }

    /** Whether the failure says that the credentials themselves are wrong, so that they must be looked at again. */
    public static boolean blamesCredentials(Failure failure) {
        return failure instanceof Failure.Denied denied && BY_CODE.get(denied.code()) == Meaning.CREDENTIALS;
    }
}
