package dev.lightkeeper.aws;

import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.desired.Parameter;
import dev.lightkeeper.desired.ParameterKey;
import dev.lightkeeper.desired.SecretText;
import dev.lightkeeper.failure.Failure;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ssm.model.GetParametersByPathResponse;
import software.amazon.awssdk.services.ssm.model.GetParametersResponse;

/** Asks AWS for parameters: for their values, decrypted, or for their versions. */
final class ParameterCalls {
    /** GetParameters takes no more names, and GetParametersByPath gives no more parameters in a page. */
    static final int BATCH = 10;

    private static final String GET = "ssm:GetParameters";
    private static final String GET_BY_PATH = "ssm:GetParametersByPath";
    private static final Pages PAGES = new Pages(100);

    private final Accounts accounts;
    private final boolean versionsOnly;

    /** @param versionsOnly not values are wanted but {@code name:version}, so that nothing is decrypted */
    ParameterCalls(Accounts accounts, boolean versionsOnly) {
        this.versionsOnly = versionsOnly;
        this.accounts = accounts;
    }

    /** Answers for at most {@link #BATCH} parameters. One that AWS refuses spoils the whole call, so then each is asked for alone. */
    Map<ParameterKey, Parameter<SecretText>> values(AccountSession session, String region, List<ParameterKey> keys) {
        Map<ParameterKey, Parameter<SecretText>> answers = new HashMap<>();
        AwsAnswer<GetParametersResponse> answer = session.parameters(
                region,
                GET,
                client -> client.getParameters(request -> request.names(
                                keys.stream().map(ParameterKey::text).toList())
                        .withDecryption(!versionsOnly)));
        switch (answer) {
            case AwsAnswer.Answered<GetParametersResponse>(GetParametersResponse response) -> {
                Map<String, SecretText> values = new HashMap<>();
                response.parameters().forEach(found -> {
                    SecretText value = wanted(found);
                    if (value != null) {
                        values.put(found.name() + selector(found.selector()), value);
                    }
                });
                Set<String> missing = new HashSet<>(response.invalidParameters());
                keys.forEach(key -> answers.put(key, answer(values.get(key.text()), missing.contains(key.text()))));
            }
            case AwsAnswer.Failed<GetParametersResponse>(Failure failure) -> {
                accounts.noticed(session, failure);
                if (keys.size() > 1 && isRefusal(failure)) {
                    keys.forEach(key -> answers.putAll(values(session, region, List.of(key))));
                } else {
                    keys.forEach(key -> answers.put(key, failed(failure, "parameter \"%s\"".formatted(key.text()))));
                }
            }
        }
        return answers;
    }

    /** All parameters directly below a path, by the last part of their names. */
    Parameter<Map<String, SecretText>> below(AccountSession session, String region, String path) {
        String parent = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        Pages.Read<GetParametersByPathResponse> read = PAGES.read(
                token -> session.parameters(
                        region,
                        GET_BY_PATH,
                        client -> client.getParametersByPath(request -> request.path(parent.isEmpty() ? "/" : parent)
                                .recursive(false)
                                .withDecryption(!versionsOnly)
                                .maxResults(BATCH)
                                .nextToken(token))),
                GetParametersByPathResponse::nextToken);
        if (read.failure() != null) {
            accounts.noticed(session, read.failure());
            return failed(read.failure(), "the parameters below \"%s\"".formatted(path));
        }
        if (!read.complete()) {
            return new Parameter.Refused<>(
                    Reason.ReferenceNotFound,
                    "there are more than %d pages of parameters below \"%s\"; name those that are needed one by one"
                            .formatted(PAGES.most(), path));
        }
        Map<String, SecretText> values = new HashMap<>();
        for (GetParametersByPathResponse page : read.pages()) {
            page.parameters().forEach(found -> {
                String name = Objects.requireNonNullElse(found.name(), "");
                SecretText value = wanted(found);
                if (value != null && name.startsWith(parent + "/")) {
                    values.put(name.substring(parent.length() + 1), value);
                }
            });
        }
        return values.isEmpty() ? new Parameter.Missing<>() : new Parameter.Found<>(Map.copyOf(values));
    }

    private @Nullable SecretText wanted(software.amazon.awssdk.services.ssm.model.Parameter found) {
        String wanted = versionsOnly ? "%s:%d".formatted(found.name(), found.version()) : found.value();
        return wanted == null ? null : SecretText.of(wanted);
    }

    private static Parameter<SecretText> answer(@Nullable SecretText value, boolean missing) {
        if (value != null) {
            return new Parameter.Found<>(value);
        }
        return missing
                ? new Parameter.Missing<>()
                : new Parameter.Unreadable<>(new Failure.Transient(
                        "UnreadableAnswer", GET + ": AWS answered without saying anything of the parameter", false));
    }

    /** The selector with its colon, however AWS writes it. */
    private static String selector(@Nullable String echoed) {
        if (echoed == null || echoed.isEmpty()) {
            return "";
        }
        return echoed.startsWith(":") ? echoed : ":" + echoed;
    }

    /** Whether AWS has said no to what was asked, rather than nothing or "not now". */
    private static boolean isRefusal(Failure failure) {
        return failure instanceof Failure.Terminal
                || (failure instanceof Failure.Denied && !AwsFailures.blamesCredentials(failure));
    }

    private static <T> Parameter<T> failed(Failure failure, String what) {
        if (!isRefusal(failure)) {
            return new Parameter.Unreadable<>(failure);
        }
        return failure instanceof Failure.Denied denied
                ? new Parameter.Refused<>(
                        Reason.AccessDenied,
                        "%s: %s; let the operator's identity do it, and kms:Decrypt with a key of your own"
                                .formatted(what, denied.message()))
                : new Parameter.Refused<>(
                        Reason.ReferenceNotFound, "%s cannot be read: %s".formatted(what, failure.message()));
    }
}
