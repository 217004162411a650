package dev.lightkeeper.reconcile;

import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import java.util.function.Supplier;

/** Follows runs and their steps, for whoever wants to see where the time goes. Changes neither results nor exceptions. */
public interface Trace {
    /** Follows nothing. */
    Trace NONE = new Trace() {
        @Override
        public RunResult run(ServiceDeployment resource, Supplier<RunResult> run) {
            return run.get();
        }

        @Override
        public <T> T step(String name, Supplier<T> step) {
            return step.get();
        }
    };

    /** One run, on this thread. */
    RunResult run(ServiceDeployment resource, Supplier<RunResult> run);

    /** One step of the run that is under way on this thread. */
    <T> T step(String name, Supplier<T> step);
}
