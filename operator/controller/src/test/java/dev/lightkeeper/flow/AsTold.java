package dev.lightkeeper.flow;

import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/** Takes the number of tries and the seed of a property from system properties, where they are given. */
public final class AsTold implements AroundPropertyHook {
    @Override
    public PropertyExecutionResult aroundProperty(PropertyLifecycleContext context, PropertyExecutor property) {
        Integer tries = Integer.getInteger("lightkeeper.random.tries");
        String seed = System.getProperty("lightkeeper.random.seed", "");
        if (tries != null) {
            context.attributes().setTries(tries);
        }
        if (!seed.isEmpty()) {
            context.attributes().setSeed(seed.equals("any") ? null : seed);
        }
        return property.execute();
    }
}
