package dev.lightkeeper.plan;

import static java.lang.Boolean.TRUE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.act.Results;
import dev.lightkeeper.api.v1alpha1.AdoptionPolicy;
import dev.lightkeeper.api.v1alpha1.Annotations;
import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.DeletionPolicy;
import dev.lightkeeper.api.v1alpha1.ManagementPolicy;
import dev.lightkeeper.api.v1alpha1.TargetStatus;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.Problem;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.AccountCheck;
import dev.lightkeeper.observe.Costs;
import dev.lightkeeper.observe.LiveService;
import dev.lightkeeper.observe.LiveState;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.observe.ServiceState;
import dev.lightkeeper.status.ConditionTypes;
import dev.lightkeeper.status.StatusStep;
import dev.lightkeeper.status.Told;
import dev.lightkeeper.verify.Verdict;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What holds whatever is wanted, whatever is there and whatever is remembered. */
class PlannerRulesTest {
    private static final String SEED = "20261122";
    private static final int TRIES = 30_000;

    private final Ownership ownership = new Ownership("cluster");
    private final Planner planner = new Planner(ownership, Timings.standard());
    private final StatusStep statusStep = new StatusStep();
    private final SpecFixture specs = new SpecFixture();

    @Property(tries = TRIES, seed = SEED)
    void planIsAFunctionThatKeepsTheRules(@ForAll long seed) {
        AnyWorld world = new AnyWorld(seed);
        DesiredState desired = world.desired(specs);
        LiveState live = world.live();
        History history = world.history();

        Plan plan = planner.plan(desired, live, history, AnyWorld.NOW);

        assertThat(planner.plan(desired, live, history, AnyWorld.NOW)).isEqualTo(plan);
        assertThat(plan.nextLook()).isAfter(AnyWorld.NOW);
        if (!plan.actions().isEmpty()) {
            assertThat(live.account()).isInstanceOf(AccountCheck.Verified.class);
            assertThat(live.service()).isNotInstanceOf(Observed.Unknown.class);
            assertThat(desired.spec().managementPolicy()).isEqualTo(ManagementPolicy.Enforce);
            assertThat(desired.has(Problem.Kind.INVALID)).isFalse();
            assertThat(desired.spec().suspend()).isNotEqualTo(true);
            assertThat(history.requests()).doesNotContainEntry(Annotations.SUSPEND, "true");
        }
        if (live.service() instanceof Observed.Present<LiveService>(LiveService service)
                && !service.state().acceptsChanges()) {
            assertThat(plan.actions())
                    .allMatch(action -> action instanceof Action.ChangeTags
                            || (action instanceof Action.DeleteService && service.state() == ServiceState.DISABLED));
        }
        if (live.service() instanceof Observed.Present<LiveService>(LiveService service)) {
            Ownership.Owner owner = ownership.of(service.tags(), desired.resource());
            if (owner == Ownership.Owner.OTHER) {
                assertThat(plan.actions()).isEmpty();
            }
            TargetStatus before = history.memory().target();
            boolean ours = before != null && service.arn().equals(before.arn()) && TRUE.equals(before.owned());
            TargetStatus after = plan.memory().target();
            if (after != null && TRUE.equals(after.owned()) && service.arn().equals(after.arn()) && !ours) {
                assertThat(owner)
                        .as("nothing becomes ours but by its tags or our own call")
                        .isEqualTo(Ownership.Owner.OURS);
            }
            if (owner == Ownership.Owner.NOBODY && !ours) {
                boolean mayAdopt = desired.spec().adoptionPolicy() != AdoptionPolicy.CreateOnly
                        && live.account() instanceof AccountCheck.Verified verified
                        && verified.adoptionAllowed();
                assertThat(plan.actions()).allMatch(action -> mayAdopt && action instanceof Action.ChangeTags);
            }
        }
        if (desired.spec().adoptionPolicy() == AdoptionPolicy.AdoptOnly) {
            assertThat(plan.actions()).noneMatch(Action.CreateService.class::isInstance);
        }
        if (desired.release() == null) {
            assertThat(plan.actions()).noneMatch(Action.Deploy.class::isInstance);
        }
        if (!desired.absent()) {
            assertThat(plan.actions()).noneMatch(Action.DeleteService.class::isInstance);
        } else if (desired.spec().deletionPolicy() == DeletionPolicy.Retain) {
            assertThat(plan.released()).isTrue();
        }
        if (plan.actions().stream().anyMatch(Action.DeleteService.class::isInstance)) {
            assertThat(desired.spec().deletionPolicy()).isEqualTo(DeletionPolicy.Delete);
            assertThat(((AccountCheck.Verified) live.account()).deletionAllowed())
                    .isTrue();
        }
        assertThat(plan.actions())
                .allSatisfy(action -> assertThat(action.describe()).isNotBlank())
                .allSatisfy(action -> assertThat(overspends(action, live)).isFalse());
    }

    /** Whether it is an increase, no restoration, and ends beyond the account's limit or nobody knows where. */
    private static boolean overspends(Action action, LiveState live) {
        Costs costs = live.costs();
        Optional<BigDecimal> then = switch (action) {
            case Action.CreateService create -> costs.monthly(create.power(), create.scale());
            case Action.UpdateCapacity update when update.limited() -> costs.monthly(update.power(), update.scale());
            default -> Optional.of(BigDecimal.ZERO);
        };
        if (costs.limit() == null || then.equals(Optional.of(BigDecimal.ZERO))) {
            return false;
        }
        BigDecimal now = live.service() instanceof Observed.Present<LiveService>(LiveService service)
                ? costs.monthly(service.power(), service.scale()).orElse(BigDecimal.ZERO)
                : BigDecimal.ZERO;
        return then.isEmpty()
                || !(costs.others() instanceof Observed.Present<BigDecimal>(BigDecimal others))
                || (then.get().compareTo(now) > 0
                        && others.add(then.get()).compareTo(BigDecimal.valueOf(costs.limit())) > 0);
    }

    @Property(tries = TRIES, seed = SEED)
    void statusIsCompleteWhateverHappened(@ForAll long seed) {
        AnyWorld world = new AnyWorld(seed);
        DesiredState desired = world.desired(specs);
        LiveState live = world.live();
        History history = world.history();
        Plan plan = planner.plan(desired, live, history, AnyWorld.NOW);
        Results results = new Results(outcomes(world, plan), plan.memory(), null);
        Verdict verdict = new Verdict(world.checks(), null);

        Told told = statusStep.tell(history, desired, live, plan, results, verdict, AnyWorld.NOW);

        List<String> types =
                told.status().conditions().stream().map(Condition::type).toList();
        assertThat(types).startsWith(ConditionTypes.ALWAYS.toArray(String[]::new));
        assertThat(types.size()).isLessThanOrEqualTo(ConditionTypes.ALWAYS.size() + 1);
        assertThat(told.status().observedGeneration())
                .isEqualTo(desired.resource().generation());
        boolean toldBoth = history.is("Ready", ConditionStatus.True) && history.is("Stalled", ConditionStatus.True);
        if (isReady(told) && !toldBoth) {
            assertThat(types).doesNotContain("Stalled");
        }
        assertThat(told.notices().size()).isLessThanOrEqualTo(results.outcomes().size() + 2);
    }

    private static boolean isReady(Told told) {
        return told.status().conditions().stream()
                .anyMatch(condition -> condition.type().equals("Ready") && condition.status() == ConditionStatus.True);
    }

    private static List<Results.Outcome> outcomes(AnyWorld world, Plan plan) {
        List<Results.Outcome> outcomes = new ArrayList<>();
        for (Action action : plan.actions()) {
            outcomes.add(world.oneOf(
                    new Results.Done(action, "done"),
                    new Results.Skipped(action),
                    new Results.Failed(action, new Failure.Throttled("too many requests")),
                    new Results.Failed(action, new Failure.Conflict("c", "in transition")),
                    new Results.Failed(action, new Failure.Denied("c", "a", "denied")),
                    new Results.Failed(action, new Failure.Terminal("QuotaExceeded", "full")),
                    new Results.Failed(action, new Failure.Terminal("Other", "refused")),
                    new Results.Failed(action, new Failure.Transient("c", "no answer", world.flip()))));
        }
        return outcomes;
    }
}
