package dev.lightkeeper.simulators.kubernetes.conformance;

import java.util.List;

/**
 * Steps that belong together, in a namespace that has the case's name.
 *
 * @param theme the file it stands in
 * @param about the rule that it shows
 */
record Case(String theme, String name, String about, List<Step> steps) {
    boolean needsKubectl() {
        return steps.stream().anyMatch(step -> step.action() instanceof Step.Command);
    }
}
