package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.Costs;
import dev.lightkeeper.observe.LiveService;
import dev.lightkeeper.observe.Observed;
import java.math.BigDecimal;
import java.util.Optional;

/** The account's limit. Only what the manifest newly asks for is held against it, never what restores or lowers. */
final class SpendingRules {
    private SpendingRules() {}

    /** Whether the capacity may be asked for; says why not. */
    static boolean allows(Draft draft, String power, int scale) {
        Costs costs = draft.live.costs();
        Integer limit = costs.limit();
        if (limit == null) {
            return true;
        }
        LiveService service = draft.service;
        BigDecimal now = service == null
                ? BigDecimal.ZERO
                : costs.monthly(service.power(), service.scale()).orElse(BigDecimal.ZERO);
        Optional<BigDecimal> then = costs.monthly(power, scale);
        if (then.isPresent() && costs.others() instanceof Observed.Present<BigDecimal>(BigDecimal others)) {
            BigDecimal sum = Costs.cents(others.add(then.get()));
            boolean fits = then.get().compareTo(now) <= 0 || sum.compareTo(BigDecimal.valueOf(limit)) <= 0;
            if (!fits) {
                draft.find(
                        Finding.Effect.STALLED,
                        Reason.SpendingLimitExceeded,
                        "%s × %d costs %s USD a month and would bring the account to %s USD, but its spending.maxMonthlyUsd is %d (now %s USD); lower power or scale, remove a service, or raise the limit in the AwsAccount"
                                .formatted(power, scale, then.get(), sum, limit, Costs.cents(others.add(now))));
            }
            return fits;
        }
        draft.find(
                Finding.Effect.WORKING,
                Reason.Preflight,
                "the AwsAccount limits spending, and %s; nothing is made larger until that is known"
                        .formatted(whatIsUnknown(costs, power)));
        return false;
    }

    private static String whatIsUnknown(Costs costs, String power) {
        if (costs.prices() instanceof Observed.Unknown<?>(Failure failure)) {
            return "prices cannot be read (%s)".formatted(failure.message());
        }
        return switch (costs.others()) {
            case Observed.Unknown<BigDecimal>(Failure failure) ->
                "what its services cost cannot be found out (%s)".formatted(failure.message());
            case Observed.Absent<BigDecimal> ignored -> "AWS names no price for one of its services";
            case Observed.Present<BigDecimal> ignored -> "AWS names no price for power %s".formatted(power);
        };
    }
}
