package dev.lightkeeper.config;

import dev.lightkeeper.config.Environment.Parsed;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies what may change while the operator runs: the level of the log, and nothing else. A file that has become wrong
 * changes nothing.
 */
public final class Reload {
    private static final Logger log = LoggerFactory.getLogger(Reload.class);

    private final Supplier<Parsed> read;
    private final Consumer<String> level;
    private final OperatorConfig started;
    private Parsed last;

    /**
     * Nothing is read before {@link #check()}.
     *
     * @param started what holds since the start
     * @param level is given a level that is another than before
     */
    public Reload(Supplier<Parsed> read, Parsed.Valid started, Consumer<String> level) {
        this.read = read;
        this.level = level;
        this.started = started.config();
        this.last = started;
    }

    /** Reads again, and tells of a change once. */
    public void check() {
        Parsed now = read.get();
        if (now.equals(last)) {
            return;
        }
        last = now;
        switch (now) {
            case Parsed.Invalid(var problems) ->
                log.warn("the settings have become wrong and are not applied: {}", String.join("; ", problems));
            case Parsed.Valid(OperatorConfig config, LogConfig logging) -> {
                level.accept(logging.level());
                log.info(
                        "the level of the log is {}{}",
                        logging.level(),
                        config.equals(started)
                                ? ""
                                : "; other settings have changed too, and hold from the next start");
            }
        }
    }
}
