package dev.lightkeeper.flow;

import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RolloutPhase;
import dev.lightkeeper.observe.AccountCheck;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/** Where a resource may stand when somebody deletes it, and what a {@code deletionPolicy: Delete} then comes to. */
@SuppressWarnings("ImmutableEnumChecker") // the functions capture nothing
enum DeletionSituation {
    NEVER_SEEN(Outcome.DELETES, flow -> {}),
    BEING_CREATED(Outcome.DELETES, flow -> flow.until(() -> called(flow, "create"))),
    CREATION_UNANSWERED(
            Outcome.DELETES,
            flow -> flow.nextCall(new FakeCloud.Fault.LostAfter()).run()),
    DEPLOYING(Outcome.DELETES, flow -> flow.until(() -> called(flow, "deploy"))),
    DEPLOYMENT_UNANSWERED(
            Outcome.DELETES,
            flow -> flow.until(() -> called(flow, "create"))
                    .nextCall(new FakeCloud.Fault.LostAfter())
                    .until(() -> called(flow, "deploy"))),
    ACTIVATING(Outcome.DELETES, flow -> flow.until("Reconciling", ConditionStatus.True, Reason.Activating)),
    VERIFYING(Outcome.DELETES, flow -> flow.until("Reconciling", ConditionStatus.True, Reason.Verifying)),
    BAKING(
            Outcome.DELETES,
            flow -> flow.until(() -> flow.store.status().rollout() != null
                    && flow.store.status().rollout().phase() == RolloutPhase.Baking)),
    STEADY(Outcome.DELETES, Flow::untilSteady),
    NEW_RELEASE_UNDER_WAY(
            Outcome.DELETES,
            flow -> flow.untilSteady()
                    .set("/containers/0/image", "example.com/api:2")
                    .until(() -> flow.cloud.calls().size() == 3)),
    DEPLOYMENT_FAILED(Outcome.DELETES, flow -> {
        flow.cloud.cannotStart(Manifest.IMAGE);
        flow.until("Stalled", ConditionStatus.True, Reason.DeploymentFailed);
    }),
    VERIFICATION_FAILED(Outcome.DELETES, flow -> {
        flow.manifest.initially("/rollout/onFailure", "Hold");
        flow.prober.sick(Manifest.IMAGE);
        flow.until("Stalled", ConditionStatus.True, Reason.VerificationFailed);
    }),
    DEGRADED(Outcome.DELETES, flow -> {
        flow.untilSteady();
        flow.prober.sick(Manifest.IMAGE);
        flow.until("Degraded", ConditionStatus.True, Reason.ReadinessFailed);
    }),
    REFERENCE_GONE(Outcome.DELETES, flow -> {
        flow.references.secret("db", Map.of("url", "postgres://u:hunter2@db"));
        flow.manifest.initially("/containers/0/envFrom", "[{secretRef: {name: db}}]");
        flow.untilSteady();
        flow.references.removeSecret("db");
        flow.until("Stalled", ConditionStatus.True, Reason.ReferenceNotFound);
    }),
    INVALID_SPEC(
            Outcome.DELETES,
            flow -> flow.untilSteady()
                    .set("/containers/0/requiredEnv", "[{name: A, pattern: '('}]")
                    .until("Stalled", ConditionStatus.True, Reason.InvalidSpec)),
    UNKNOWN_DRIFT_POLICY(
            Outcome.DELETES,
            flow -> flow.untilSteady()
                    .set("/driftPolicy", "Dream")
                    .until("Stalled", ConditionStatus.True, Reason.UnknownValue)),
    DISABLED(Outcome.DELETES, flow -> {
        flow.untilSteady();
        flow.cloud.service().disable();
        flow.until("Stalled", ConditionStatus.True, Reason.ServiceDisabled);
    }),
    FOREIGN_DEPLOYMENT(Outcome.DELETES, flow -> {
        flow.untilSteady();
        flow.prober.answers(FakeProber.status(503));
        flow.until("Degraded", ConditionStatus.True, Reason.ReadinessFailed);
        Contents.deployByHand(flow, "example.com/api:hotfix");
        flow.until("Stalled", ConditionStatus.True, Reason.ForeignDeployment);
    }),
    GONE_ALREADY(Outcome.DELETES, flow -> {
        flow.untilSteady();
        flow.cloud.remove();
        flow.until("Stalled", ConditionStatus.True, Reason.ServiceDisappeared);
    }),
    OWNED_BY_ANOTHER(Outcome.LEAVES, flow -> {
        flow.cloud.make("nano", 2, Map.of("lightkeeper.dev/cluster", "another", "lightkeeper.dev/owner", "a/b"));
        flow.until("Stalled", ConditionStatus.True, Reason.AlreadyManaged);
    }),
    NOBODYS(Outcome.LEAVES, flow -> {
        flow.cloud.make("nano", 2, Map.of());
        flow.until("Stalled", ConditionStatus.True, Reason.AdoptionRefused);
    }),
    TAGS_TAKEN_AWAY(Outcome.LEAVES, flow -> {
        flow.untilSteady();
        flow.cloud.service().tags().clear();
    }),
    MADE_AGAIN_BY_HAND(Outcome.LEAVES, flow -> {
        flow.untilSteady();
        flow.cloud.make("nano", 2, flow.cloud.service().tags());
        flow.until("Stalled", ConditionStatus.True, Reason.TargetReplaced);
    }),
    AWS_SILENT(
            Outcome.WAITS,
            flow -> {
                flow.untilSteady();
                flow.cloud.answers(false);
            },
            flow -> flow.cloud.answers(true)),
    IDENTITY_NOT_KNOWN(
            Outcome.WAITS,
            flow -> {
                flow.untilSteady();
                flow.cloud.account(new AccountCheck.Unavailable(FakeCloud.UNREACHABLE, null));
            },
            DeletionSituation::home),
    SUSPENDED_IN_GIT(
            Outcome.BLOCKED,
            flow -> flow.untilSteady().set("/suspend", "true").step(),
            flow -> flow.set("/suspend", "false")),
    SUSPENDED_BY_ANNOTATION(
            Outcome.BLOCKED,
            flow -> flow.untilSteady().annotate("lightkeeper.dev/suspend", "true"),
            flow -> flow.annotate("lightkeeper.dev/suspend", null)),
    SUSPENDED_WHILE_AWS_IS_SILENT(
            Outcome.BLOCKED,
            flow -> {
                flow.untilSteady().annotate("lightkeeper.dev/suspend", "true");
                flow.cloud.answers(false);
            },
            flow -> {
                flow.annotate("lightkeeper.dev/suspend", null);
                flow.cloud.answers(true);
            }),
    ONLY_OBSERVED(
            Outcome.BLOCKED,
            flow -> flow.untilSteady().set("/managementPolicy", "Observe").step(),
            flow -> flow.set("/managementPolicy", "Enforce")),
    UNKNOWN_MANAGEMENT_POLICY(
            Outcome.BLOCKED,
            flow -> flow.untilSteady()
                    .set("/managementPolicy", "Dream")
                    .until("Stalled", ConditionStatus.True, Reason.UnknownValue),
            flow -> flow.set("/managementPolicy", "Enforce")),
    DELETION_NO_LONGER_ALLOWED(
            Outcome.BLOCKED,
            flow -> {
                flow.untilSteady();
                flow.cloud.account(new AccountCheck.Verified("111122223333", "us-east-2", false, true));
            },
            DeletionSituation::home),
    NAMESPACE_NO_LONGER_ALLOWED(
            Outcome.BLOCKED, flow -> refused(flow, Reason.AccessNotAllowed), DeletionSituation::home),
    ACCOUNT_GONE(Outcome.BLOCKED, flow -> refused(flow, Reason.AccountNotFound), DeletionSituation::home),
    ACCOUNT_NOT_VERIFIED(Outcome.BLOCKED, flow -> refused(flow, Reason.WrongAccount), DeletionSituation::home),
    ACCOUNT_MOVED(
            Outcome.BLOCKED,
            flow -> {
                flow.untilSteady();
                flow.cloud.account(new AccountCheck.Verified("999988887777", "us-east-2", true, true));
                flow.cloud.hide(true);
                flow.until("Stalled", ConditionStatus.True, Reason.TargetMoved);
            },
            flow -> {
                home(flow);
                flow.cloud.hide(false);
            }),
    REGION_MOVED(
            Outcome.BLOCKED,
            flow -> {
                flow.untilSteady();
                flow.cloud.account(new AccountCheck.Verified("111122223333", "eu-west-1", true, true));
                flow.until("Stalled", ConditionStatus.True, Reason.TargetMoved);
            },
            DeletionSituation::home);

    /** What comes of {@code deletionPolicy: Delete}. */
    enum Outcome {
        /** The service is gone before the resource is. */
        DELETES,
        /** The resource goes, the service is not ours and stays. */
        LEAVES,
        /** Nothing is known: it is waited for, and not blocked. */
        WAITS,
        /** A person must allow it first. */
        BLOCKED
    }

    private final Outcome outcome;
    private final Consumer<Flow> arise;
    private final Consumer<Flow> heal;

    DeletionSituation(Outcome outcome, Consumer<Flow> arise) {
        this(outcome, arise, flow -> {});
    }

    DeletionSituation(Outcome outcome, Consumer<Flow> arise, Consumer<Flow> heal) {
        this.outcome = outcome;
        this.arise = arise;
        this.heal = heal;
    }

    Outcome outcome() {
        return outcome;
    }

    /** Brings a new flow there. */
    void arise(Flow flow) {
        arise.accept(flow);
        // Past any call that was only just made, so that no situation depends on the moment.
        flow.clock.advance(Duration.ofSeconds(1));
    }

    /** Takes the obstacle away. */
    void heal(Flow flow) {
        heal.accept(flow);
    }

    private static boolean called(Flow flow, String call) {
        return flow.cloud.calls().contains(call);
    }

    private static void home(Flow flow) {
        flow.cloud.account(new AccountCheck.Verified("111122223333", "us-east-2", true, true));
    }

    private static void refused(Flow flow, Reason reason) {
        flow.untilSteady();
        flow.cloud.account(new AccountCheck.Refused(reason, "the account is not right"));
        flow.until("Stalled", ConditionStatus.True, reason);
    }
}
