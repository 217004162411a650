package dev.lightkeeper.ec2;

import dev.lightkeeper.api.v1alpha1.Ec2Target;
import dev.lightkeeper.api.v1alpha1.LogGroup;
import dev.lightkeeper.aws.Accounts;
import dev.lightkeeper.aws.Admission;
import dev.lightkeeper.aws.AwsAnswer;
import dev.lightkeeper.aws.AwsFailures;
import dev.lightkeeper.aws.Pages;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.Readings;
import dev.lightkeeper.verify.LogLine;
import dev.lightkeeper.verify.LogSource;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilteredLogEvent;

/**
 * Reads a stream of CloudWatch Logs, or all of a group, on the account's budget. Of a reading no more than some pages
 * are taken.
 */
final class CloudWatchLogs implements LogSource {
    private static final String FILTER = "logs:FilterLogEvents";
    private static final Pages PAGES = new Pages(20);

    private final Accounts accounts;
    private final Readings readings;

    CloudWatchLogs(Accounts accounts, Readings readings) {
        this.accounts = accounts;
        this.readings = readings;
    }

    private record Stream(String account, String region, LogGroup group) {}

    @Override
    public Map<String, Reading> read(DesiredState desired, Wanted wanted) {
        Ec2Target target = desired.spec().ec2();
        LogGroup group = target == null ? null : target.logGroup();
        if (group == null
                || !(accounts.admitHosts(desired.spec(), desired.resource().namespace())
                        instanceof Admission.Granted granted)) {
            return Map.of();
        }
        Map<String, Reading> made = new HashMap<>();
        wanted.since().forEach((place, since) -> made.put(place, read(granted, group, since)));
        return made;
    }

    private Reading read(Admission.Granted granted, LogGroup group, Instant since) {
        Stream of = new Stream(granted.session().account(), granted.check().region(), group);
        readings.wanted(Readings.Kind.LOG, of);
        Pages.Read<FilterLogEventsResponse> read =
                PAGES.read(token -> page(granted, group, since, token), FilterLogEventsResponse::nextToken);
        List<LogLine> lines = read.pages().stream()
                .flatMap(page -> page.events().stream())
                .map(CloudWatchLogs::line)
                .sorted(Comparator.comparing(LogLine::at))
                .toList();
        if (read.failure() != null && lines.isEmpty()) {
            return unread(granted, group, since, read.failure());
        }
        if (read.complete()) {
            readings.made(Readings.Kind.LOG, of);
        }
        return new Reading.Lines(lines, read.complete());
    }

    private Reading unread(Admission.Granted granted, LogGroup group, Instant since, Failure failure) {
        if (failure instanceof Failure.Throttled) {
            return new Reading.NotNow();
        }
        if (AwsFailures.isNotFound(failure)) {
            return new Reading.Missing(new Failure.Terminal(AwsFailures.NOT_FOUND, missing(granted, group, since)));
        }
        return failure instanceof Failure.Denied || failure instanceof Failure.Terminal
                ? new Reading.Missing(failure)
                : new Reading.Unreadable(failure);
    }

    /** AWS has the same answer for a group and for a stream that is not there. */
    private String missing(Admission.Granted granted, LogGroup group, Instant since) {
        boolean groupIsThere = group.stream() != null
                && page(granted, new LogGroup(group.name(), null), since, null)
                        instanceof AwsAnswer.Answered<FilterLogEventsResponse>;
        return groupIsThere
                ? "log group %s has no stream %s; nothing has written into it yet, or ec2.logGroup.stream is not its name"
                        .formatted(group.name(), group.stream())
                : "there is no log group %s in %s; let the hosts' log agent make it, or correct ec2.logGroup.name"
                        .formatted(group.name(), granted.check().region());
    }

    private AwsAnswer<FilterLogEventsResponse> page(
            Admission.Granted granted, LogGroup group, Instant since, @Nullable String token) {
        AwsAnswer<FilterLogEventsResponse> answer = granted.session()
                .logs(
                        granted.check().region(),
                        FILTER,
                        client -> client.filterLogEvents(request -> request.logGroupName(group.name())
                                .logStreamNames(group.stream() == null ? null : List.of(group.stream()))
                                .startTime(since.toEpochMilli())
                                .nextToken(token)));
        if (answer instanceof AwsAnswer.Failed<FilterLogEventsResponse>(Failure failure)) {
            accounts.noticed(granted.session(), failure);
        }
        return answer;
    }

    private static LogLine line(FilteredLogEvent event) {
        String text = event.message() == null ? "" : event.message();
        Instant at = event.timestamp() == null ? Instant.EPOCH : Instant.ofEpochMilli(event.timestamp());
        return LogLine.of(at, text);
    }
}
