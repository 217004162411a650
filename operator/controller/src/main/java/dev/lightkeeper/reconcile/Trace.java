package dev.lightkeeper.reconcile;

import dev.lightkeeper.api.v1alpha1.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Follows runs and their steps, for whoever wants to see where the time goes. Changes neither results nor exceptions. */
public interface Trace {
    /** Follows nothing. */
    Trace NONE = new Trace() {
        @Override
        public <T> T run(HasMetadata resource, Supplier<T> run, Function<T, List<Condition>> conditions) {
            return run.get();
        }

        @Override
        public <T> T step(String name, Supplier<T> step) {
            return step.get();
        }
    };

    /**
     * One run for {@code resource}, on this thread.
     *
     * @param conditions after the run, as far as its result holds them
     */
    <T> T run(HasMetadata resource, Supplier<T> run, Function<T, List<Condition>> conditions);

    /** One step of the run that is under way on this thread. */
    <T> T step(String name, Supplier<T> step);
}
