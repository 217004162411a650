package dev.lightkeeper.reconcile;

import dev.lightkeeper.act.Results;
import dev.lightkeeper.plan.History;
import dev.lightkeeper.plan.Plan;
import dev.lightkeeper.verify.Verdict;
import java.time.Instant;
import java.util.Objects;

/** When to run again. */
final class NextRun {
    private NextRun() {}

    static Instant after(Plan plan, Results results, Verdict verdict, History history, Instant now) {
        Instant next = plan.nextLook();
        if (verdict.nextProbe() != null && verdict.nextProbe().isBefore(next)) {
            next = verdict.nextProbe();
        }
        // A plan is made on the verdict of the run before: a new verdict is worth a plan at once.
        boolean newVerdict = verdict.checks().stream()
                .anyMatch(check -> history.checks().stream()
                        .noneMatch(before -> before.type() == check.type()
                                && before.name().equals(check.name())
                                && before.status() == check.status()));
        newVerdict |= verdict.hosts().entrySet().stream()
                .anyMatch(answer -> history.memory().hosts().stream()
                        .anyMatch(host -> host.instanceId().equals(answer.getKey())
                                && !Objects.equals(
                                        host.ready(), answer.getValue().well())));
        boolean pending = (plan.memory().roll() != null && plan.memory().roll().goesOn())
                || plan.memory().rollout() != null
                || plan.memory().failed() != null;
        boolean moreToDo = results.acted() && results.outcomes().getLast() instanceof Results.Skipped;
        return (newVerdict && pending) || moreToDo || next.isBefore(now) ? now : next;
    }
}
