package dev.lightkeeper.flow;

import dev.lightkeeper.api.v1alpha1.CheckType;
import dev.lightkeeper.desired.DesiredState.ResourceIdentity;
import dev.lightkeeper.verify.Measurements;
import dev.lightkeeper.verify.Prober;
import dev.lightkeeper.verify.TryLedger;
import java.util.ArrayList;
import java.util.List;

/** What the metrics hear of probes. */
final class MeasuredProbes implements Measurements {
    private final List<TryLedger.Outcome> tries = new ArrayList<>();
    private final List<String> answers = new ArrayList<>();

    @Override
    public void answered(ResourceIdentity resource, CheckType type, String check, Prober.Answer answer) {
        answers.add("%s %s"
                .formatted(
                        check,
                        answer instanceof Prober.Answer.Response response
                                ? String.valueOf(response.status())
                                : "none"));
    }

    @Override
    public void tried(ResourceIdentity resource, CheckType type, TryLedger.Outcome outcome) {
        if (type == CheckType.Readiness) {
            tries.add(outcome);
        }
    }

    /** Of readiness. */
    List<TryLedger.Outcome> tries() {
        return tries;
    }

    /** The name of the check and the status, in the order of the answers. */
    List<String> answers() {
        return answers;
    }

    void forget() {
        tries.clear();
        answers.clear();
    }
}
