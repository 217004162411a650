package dev.lightkeeper.flow;

import dev.lightkeeper.plan.Action;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Supplier;

/** Everything that the operator asks of the outside, call by call. */
final class Outside {
    private Watcher watcher = new Watcher() {};
    private int calls;

    /** Told around each call; what it throws, nobody in the operator catches. */
    interface Watcher {
        /** Nothing has happened yet. */
        default void before(int number, String call) {}

        /** It has happened, and the operator has not heard of it yet. */
        default void after(int number, String call) {}
    }

    void watch(Watcher by) {
        watcher = by;
        calls = 0;
    }

    void watchNoMore() {
        watch(new Watcher() {});
    }

    <T> T call(String name, Supplier<T> effect) {
        int number = ++calls;
        watcher.before(number, name);
        T answer = effect.get();
        watcher.after(number, name);
        return answer;
    }

    /** What is behind a port of the operator, each method of it a call. */
    <P> P through(Class<P> port, P there) {
        return port.cast(Proxy.newProxyInstance(
                port.getClassLoader(),
                new Class<?>[] {port},
                (proxy, method, arguments) ->
                        call(name(port, method, arguments), () -> ask(there, method, arguments))));
    }

    private static String name(Class<?> port, Method method, Object... arguments) {
        return arguments.length == 2 && arguments[1] instanceof Action action
                ? action.getClass().getSimpleName()
                : "%s of %s".formatted(method.getName(), port.getSimpleName());
    }

    private static Object ask(Object there, Method method, Object... arguments) {
        try {
            return method.invoke(there, arguments);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        } catch (InvocationTargetException e) {
            switch (e.getCause()) {
                case Error error -> throw error;
                case RuntimeException failure -> throw failure;
                default -> throw new IllegalStateException(e);
            }
        }
    }
}
