package dev.lightkeeper.aws;

import dev.lightkeeper.api.v1alpha1.AwsAccountSpec;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.desired.References;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.Identity;
import dev.lightkeeper.plan.Timings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who one account's credentials belong to, asked once for all its resources. A good answer is believed for ten steady
 * looks, a bad one for one; a changed spec is asked about at once.
 */
final class VerifiedIdentity {
    private final String account;
    private final CredentialSource source;
    private final Clients clients;
    private final CallRecorder recorder;
    private final Clock clock;
    private final Duration believedGood;
    private final Duration believedBad;
    private final SingleFlight<Verification> verifications;
    /** Written under the lock, read without: the shared answer asks for it while it holds its own lock. */
    private volatile @Nullable OpenSession open;

    VerifiedIdentity(
            String account,
            References references,
            Clients clients,
            CallRecorder recorder,
            Timings timings,
            Clock clock) {
        this.account = account;
        this.source = new CredentialSource(references, clients);
        this.clients = clients;
        this.recorder = recorder;
        this.clock = clock;
        this.believedGood = timings.steadyLook().multipliedBy(10);
        this.believedBad = timings.steadyLook();
        this.verifications = new SingleFlight<>(
                clients.limits().patience(), last -> isKnown(last.outcome().identity()));
    }

    /**
     * What came of it.
     *
     * @param session the way to AWS; null unless the identity is verified
     */
    record Outcome(Identity identity, @Nullable AccountSession session) {}

    private record Verification(AwsAccountSpec spec, Instant at, Outcome outcome) {}

    private record OpenSession(CredentialSource.Keys keys, String region, AccountSession session, Instant since) {}

    private static boolean isKnown(Identity identity) {
        return switch (identity) {
            case Identity.Verified _, Identity.Refused _ -> true;
            case Identity.Unavailable _, Identity.Unasked _ -> false;
        };
    }

    Outcome verify(AwsAccountSpec spec) {
        Instant now = clock.instant();
        Verification found = verifications.get(last -> isUsable(last, spec, now), last -> ask(spec));
        return found != null
                ? found.outcome()
                : unavailable(
                        new Failure.Transient("AccountBusy", "sts:GetCallerIdentity: AWS has not answered yet", false));
    }

    /** A call was refused for its credentials: they are looked up and verified anew, but not more often than bad ones. */
    synchronized void doubt(AccountSession session) {
        OpenSession current = open;
        boolean isOldEnough =
                current != null && !clock.instant().isBefore(current.since().plus(believedBad));
        if (current != null && current.session() == session && isOldEnough) {
            retire();
            verifications.forget();
        }
    }

    synchronized void retire() {
        OpenSession current = open;
        open = null;
        if (current != null) {
            current.session().retire();
        }
    }

    private boolean isUsable(Verification last, AwsAccountSpec spec, Instant now) {
        AccountSession session = last.outcome().session();
        boolean good = session != null;
        if (session != null && !isOpen(session)) {
            return false;
        }
        Duration believed = good ? believedGood : believedBad;
        return now.isBefore(last.at().plus(believed))
                && last.spec().accountId().equals(spec.accountId())
                && Objects.equals(last.spec().credentials(), spec.credentials());
    }

    private Verification ask(AwsAccountSpec spec) {
        Outcome outcome = switch (source.keys(spec.credentials())) {
            case CredentialSource.Found.Usable(CredentialSource.Keys keys) -> askAws(spec, keys);
            case CredentialSource.Found.Invalid(String message) -> refused(Reason.CredentialsInvalid, message);
            case CredentialSource.Found.NotUnderstood(String message) -> refused(Reason.UnknownValue, message);
            case CredentialSource.Found.Unreadable(Failure failure) -> new Outcome(new Identity.Unasked(failure), null);
        };
        return new Verification(spec, clock.instant(), outcome);
    }

    private Outcome askAws(AwsAccountSpec spec, CredentialSource.Keys keys) {
        AccountSession session = session(keys, homeRegion(spec));
        return switch (session.callerIdentity()) {
            case AwsAnswer.Answered<AccountSession.CallerIdentity>(AccountSession.CallerIdentity identity) ->
                identity.accountId().equals(spec.accountId())
                        ? new Outcome(new Identity.Verified(identity.accountId(), identity.arn()), session)
                        : refused(
                                Reason.WrongAccount,
                                "the credentials of AwsAccount \"%s\" belong to account %s, expected is %s"
                                        .formatted(account, identity.accountId(), spec.accountId()));
            case AwsAnswer.Failed<AccountSession.CallerIdentity>(Failure failure) -> refusal(failure);
        };
    }

    private Outcome refusal(Failure failure) {
        return switch (failure) {
            case Failure.Denied denied
            when AwsFailures.blamesCredentials(denied) -> refused(Reason.CredentialsInvalid, denied.message());
            case Failure.Denied denied -> refused(Reason.AccessDenied, denied.message());
            case Failure.Terminal terminal -> refused(Reason.CredentialsInvalid, terminal.message());
            case Failure.Transient t -> unavailable(t);
            case Failure.Throttled t -> unavailable(t);
            case Failure.Conflict c -> unavailable(c);
        };
    }

    private synchronized AccountSession session(CredentialSource.Keys keys, String region) {
        OpenSession current = open;
        if (current != null && current.keys().equals(keys) && current.region().equals(region)) {
            return current.session();
        }
        retire();
        AccountSession session = new AccountSession(
                account, clients, recorder, clock, region, http -> source.provider(keys, http, region));
        open = new OpenSession(keys, region, session, clock.instant());
        return session;
    }

    private boolean isOpen(AccountSession session) {
        OpenSession current = open;
        return current != null && current.session() == session;
    }

    private static String homeRegion(AwsAccountSpec spec) {
        String home = spec.defaultRegion();
        return home != null ? home : spec.allowedRegions().getFirst();
    }

    private static Outcome refused(Reason reason, String message) {
        return new Outcome(new Identity.Refused(reason, message), null);
    }

    private static Outcome unavailable(Failure failure) {
        return new Outcome(new Identity.Unavailable(failure), null);
    }
}
