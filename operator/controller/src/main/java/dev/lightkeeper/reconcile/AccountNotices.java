package dev.lightkeeper.reconcile;

import dev.lightkeeper.api.v1alpha1.AwsAccountStatus;
import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.status.Notice;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The events that a change of an account is worth: one for each cause, however many resources it hurts. */
final class AccountNotices {
    private static final Pattern ACTION = Pattern.compile("[a-z0-9-]+:[A-Z][A-Za-z]+");
    private static final Set<String> REFUSING = Set.of(Reason.AccessNotAllowed.name(), Reason.RegionNotAllowed.name());

    private final @Nullable AwsAccountStatus before;
    private final AwsAccountStatus after;
    private final List<Notice> notices = new ArrayList<>();

    private AccountNotices(@Nullable AwsAccountStatus before, AwsAccountStatus after) {
        this.before = before;
        this.after = after;
    }

    static List<Notice> between(@Nullable AwsAccountStatus before, AwsAccountStatus after) {
        AccountNotices told = new AccountNotices(before, after);
        told.ready();
        told.reachable();
        told.permissions();
        told.automation();
        told.users();
        return told.notices;
    }

    private void ready() {
        Condition now = find(after, "Ready").orElseThrow();
        Condition old = find(before, "Ready").orElse(null);
        boolean same = old != null
                && old.status() == now.status()
                && (now.status() == ConditionStatus.True || old.reason().equals(now.reason()));
        if (!same && now.status() != ConditionStatus.Unknown) {
            tell(now.status() == ConditionStatus.False, now);
        }
    }

    private void reachable() {
        Condition now = find(after, "Reachable").orElseThrow();
        boolean was = find(before, "Reachable")
                .map(old -> old.status() == ConditionStatus.True)
                .orElse(true);
        boolean is = now.status() == ConditionStatus.True;
        if (is != was) {
            tell(!is, now);
        }
    }

    /** A further action that is denied is a further cause. */
    private void permissions() {
        Condition now = find(after, "PermissionsVerified").orElseThrow();
        Optional<Condition> old =
                find(before, "PermissionsVerified").filter(condition -> condition.status() == ConditionStatus.False);
        if (now.status() == ConditionStatus.False) {
            Set<String> known = old.map(AccountNotices::actions).orElse(Set.of());
            if (!known.containsAll(actions(now))) {
                tell(true, now);
            }
        } else if (old.isPresent() && (now.status() == ConditionStatus.True || isAboutTheSame())) {
            notices.add(new Notice(false, Reason.Verified, "what AWS had denied works again"));
        }
    }

    /** Of another identity, or after an edit, it is not known whether it may do what was denied. */
    private boolean isAboutTheSame() {
        return before != null
                && Objects.equals(before.observedGeneration(), after.observedGeneration())
                && AccountStatus.isSameIdentity(before.identity(), after.identity());
    }

    private void automation() {
        Condition now = find(after, "AutomationAllowed").orElseThrow();
        boolean toldBefore = find(before, "AutomationAllowed")
                .filter(old -> old.status() == now.status())
                .isPresent();
        if (now.status() == ConditionStatus.False && !toldBefore) {
            tell(true, now);
        }
    }

    private void users() {
        Condition now = find(after, "InUse").orElseThrow();
        boolean toldBefore = find(before, "InUse")
                .filter(old -> old.reason().equals(now.reason()))
                .isPresent();
        if (REFUSING.contains(now.reason()) && !toldBefore) {
            tell(true, now);
        }
    }

    private void tell(boolean warning, Condition condition) {
        notices.add(new Notice(warning, Reason.valueOf(condition.reason()), condition.message()));
    }

    /** The actions that a condition names. */
    static Set<String> actions(Condition condition) {
        return ACTION.matcher(condition.message())
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toSet());
    }

    private static Optional<Condition> find(@Nullable AwsAccountStatus status, String type) {
        return status == null
                ? Optional.empty()
                : status.conditions().stream()
                        .filter(condition -> condition.type().equals(type))
                        .findFirst();
    }
}
