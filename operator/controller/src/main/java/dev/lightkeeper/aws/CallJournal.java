package dev.lightkeeper.aws;

import dev.lightkeeper.failure.Failure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Writes calls of AWS into the log: all that change something or fail at INFO, the others at DEBUG. */
public final class CallJournal implements CallRecorder {
    private static final Logger log = LoggerFactory.getLogger(CallJournal.class);

    @Override
    public void called(String account, String region, String action, Duration took, @Nullable Failure failure) {
        log.atLevel(level(action, failure))
                .addKeyValue("aws.account", account)
                .addKeyValue("aws.region", region)
                .addKeyValue("aws.operation", action)
                .addKeyValue("tookMillis", took.toMillis())
                .log(
                        "AwsAccount {}, {}: {}",
                        account,
                        region,
                        failure == null ? action + " succeeded" : failure.message());
    }

    /** That something is not there is an answer like any other. */
    private static Level level(String action, @Nullable Failure failure) {
        boolean reads = action.contains(":Get");
        boolean answered = failure == null || AwsFailures.isNotFound(failure);
        return reads && answered ? Level.DEBUG : Level.INFO;
    }
}
