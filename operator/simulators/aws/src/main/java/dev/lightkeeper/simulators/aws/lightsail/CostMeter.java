package dev.lightkeeper.simulators.aws.lightsail;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What one service has cost: power times scale, by the hour, until it is deleted, also while disabled. */
final class CostMeter {
    /** The hours after which AWS's hourly prices reach the monthly price (7 USD / 0.0094 USD). */
    private static final double HOURS_OF_A_MONTH = 744;

    private double settled;
    private double monthlyRate;
    private @Nullable Instant since;

    void rate(double monthly, Instant now) {
        settled = total(now);
        monthlyRate = monthly;
        since = now;
    }

    void stop(Instant now) {
        rate(0, now);
    }

    double total(Instant now) {
        if (since == null) {
            return settled;
        }
        double hours = Duration.between(since, now).toMillis() / 3_600_000.0;
        return settled + hours * monthlyRate / HOURS_OF_A_MONTH;
    }
}
