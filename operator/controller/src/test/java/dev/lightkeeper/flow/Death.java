package dev.lightkeeper.flow;

/**
 * Where the operator dies.
 *
 * @param number of the call
 * @param effective whether the call still has its effect
 */
record Death(int number, String call, boolean effective) implements Outside.Watcher {
    @Override
    public void before(int at, String name) {
        if (at == number && !effective) {
            throw new Killed();
        }
    }

    @Override
    public void after(int at, String name) {
        if (at == number && effective) {
            throw new Killed();
        }
    }

    @Override
    public String toString() {
        return effective
                ? "before the answer of call %d, %s".formatted(number, call)
                : "before call %d, %s".formatted(number, call);
    }
}
