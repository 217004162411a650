package dev.lightkeeper.sandbox;

/**
 * How the process ends: what leads people here goes first, whatever was opened is closed within a bound, and no child
 * process outlives it. A signal ends it like an answer does, so the exit code is ours and not 143.
 */
final class Ending {
    private static final long PATIENCE_MILLIS = 1_500;

    private final Opened signs = new Opened();
    private final Opened opened;
    private volatile int code;

    /** @param code what a signal answers until something better is known */
    Ending(Opened opened, int code) {
        this.opened = opened;
        this.code = code;
    }

    void install() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "end"));
    }

    /** Closed before all else and however long that takes: who follows it must not come to what goes away. */
    void takesDown(AutoCloseable sign) {
        var _ = signs.add(sign);
    }

    /** Ends the process. */
    void exit(int answer) {
        code = answer;
        System.exit(answer);
    }

    /** Ends the process when the one that started it has ended: a signal to Maven does not reach its children. */
    void withParent() {
        ProcessHandle.current().parent().ifPresent(parent -> {
            var _ = parent.onExit().thenRun(() -> exit(code));
        });
    }

    private void end() {
        signs.close();
        Thread closing = Thread.ofPlatform().daemon().start(opened::close);
        try {
            closing.join(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        System.out.flush();
        Runtime.getRuntime().halt(code);
    }
}
