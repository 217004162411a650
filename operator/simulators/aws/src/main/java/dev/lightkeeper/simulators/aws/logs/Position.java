package dev.lightkeeper.simulators.aws.logs;

import dev.lightkeeper.simulators.aws.http.ApiError;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place between two events, as a token carries it.
 *
 * @param timestamp of the event beside it, in epoch milliseconds
 * @param number of the event beside it
 * @param issuedAt when the token was made
 */
record Position(long timestamp, long number, Instant issuedAt) {
    private static final Pattern TOKEN = Pattern.compile("(\\d{1,15})/(\\d{1,15})/(\\d{1,15})");
    private static final Duration LIFE = Duration.ofHours(24);

    static Position beginning(Instant now) {
        return new Position(0, 0, now);
    }

    static Position of(LogEvent event, Instant now) {
        return new Position(event.timestamp().toEpochMilli(), event.number(), now);
    }

    static Position read(String token, Instant now) {
        Matcher matcher = TOKEN.matcher(token);
        if (!matcher.matches()) {
            throw invalid();
        }
        Position position = new Position(
                Long.parseLong(matcher.group(1)),
                Long.parseLong(matcher.group(2)),
                Instant.ofEpochMilli(Long.parseLong(matcher.group(3))));
        if (position.issuedAt.plus(LIFE).isBefore(now)) {
            throw invalid();
        }
        return position;
    }

    String token() {
        return timestamp + "/" + number + "/" + issuedAt.toEpochMilli();
    }

    boolean isBefore(LogEvent event) {
        long time = event.timestamp().toEpochMilli();
        return timestamp < time || (timestamp == time && number < event.number());
    }

    boolean isAfter(LogEvent event) {
        long time = event.timestamp().toEpochMilli();
        return timestamp > time || (timestamp == time && number > event.number());
    }

    static ApiError invalid() {
        return new ApiError(400, "InvalidParameterException", "The specified nextToken is invalid.");
    }
}
