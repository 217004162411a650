package dev.lightkeeper.verify;

import dev.lightkeeper.api.v1alpha1.CheckResult;
import dev.lightkeeper.api.v1alpha1.CheckStatus;
import dev.lightkeeper.api.v1alpha1.CheckType;
import dev.lightkeeper.api.v1alpha1.Enforcement;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.observe.LiveService;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.plan.Plan;
import java.util.List;
import java.util.Optional;

/** Whether AWS runs the declared images and environment. */
final class ContentChecks {
    private ContentChecks() {}

    static List<CheckStatus> of(Situation situation, Plan plan) {
        return List.of(
                check("image", CheckType.Image, Reason.ImageMismatch, situation, plan),
                check("environment", CheckType.Environment, Reason.EnvironmentMismatch, situation, plan));
    }

    private static CheckStatus check(String name, CheckType type, Reason mismatch, Situation situation, Plan plan) {
        Optional<String> lostSight = plan.lostSight();
        Optional<CheckStatus> before = situation
                .before(type, name)
                .filter(told -> lostSight.isEmpty() || told.status() != CheckResult.Failing);
        boolean known = plan.contentCompared()
                && situation.live().service() instanceof Observed.Present<LiveService>(LiveService service)
                && service.current() != null;
        boolean declared = situation.desired().release() != null;
        if (!known && before.isPresent()) {
            return before.get();
        }
        Optional<String> difference = plan.drift().stream()
                .filter(found -> found.reason() == mismatch)
                .map(found -> found.message())
                .findFirst();
        CheckResult result;
        String message;
        if (!known) {
            result = CheckResult.Unknown;
            message = lostSight.orElse("nothing was compared yet");
        } else if (difference.isEmpty()) {
            result = CheckResult.Passing;
            message = "the live %s is %s"
                    .formatted(name, declared ? "the declared one" : "that of the revision in force");
        } else if (declared && situation.memory().isDeploying()) {
            result = CheckResult.Unknown;
            message = "the declared release is being deployed";
        } else {
            result = CheckResult.Failing;
            message = difference.get();
        }
        return situation.line(type, name, Enforcement.Required, result, message, situation.version());
    }
}
