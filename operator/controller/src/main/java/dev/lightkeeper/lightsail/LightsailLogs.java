package dev.lightkeeper.lightsail;

import dev.lightkeeper.api.v1alpha1.LightsailTarget;
import dev.lightkeeper.aws.AccountSession;
import dev.lightkeeper.aws.Accounts;
import dev.lightkeeper.aws.Admission;
import dev.lightkeeper.aws.AwsAnswer;
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
import software.amazon.awssdk.services.lightsail.model.ContainerServiceLogEvent;
import software.amazon.awssdk.services.lightsail.model.GetContainerLogResponse;

/** Reads container logs on the account's budget. Of a reading no more than some pages are taken. */
public final class LightsailLogs implements LogSource {
    private static final String GET_LOG = "lightsail:GetContainerLog";
    private static final Pages PAGES = new Pages(20);

    private final Accounts accounts;
    private final Readings readings;

    /** Reads what {@code accounts} admit. */
    public LightsailLogs(Accounts accounts, Readings readings) {
        this.accounts = accounts;
        this.readings = readings;
    }

    private record Place(String account, String region, String service, String container) {}

    /** The rest of a service's containers is not asked for where one cannot be read. */
    @Override
    public Map<String, Reading> read(DesiredState desired, Wanted wanted) {
        Map<String, Reading> made = new HashMap<>();
        Reading stopped = null;
        for (Map.Entry<String, Instant> place : wanted.since().entrySet()) {
            Reading reading = stopped == null ? read(desired, place.getKey(), place.getValue()) : stopped;
            made.put(place.getKey(), reading);
            stopped = reading instanceof Reading.Lines ? null : reading;
        }
        return made;
    }

    private Reading read(DesiredState desired, String container, Instant since) {
        LightsailTarget target = desired.spec().lightsail();
        if (target == null || !(accounts.admit(desired, target.serviceName()) instanceof Admission.Granted granted)) {
            return new Reading.NotNow();
        }
        Place place = new Place(granted.session().account(), granted.check().region(), target.serviceName(), container);
        readings.wanted(Readings.Kind.LOG, place);
        Reading reading = read(granted, target.serviceName(), container, since);
        if (reading instanceof Reading.Lines lines && lines.complete()) {
            readings.made(Readings.Kind.LOG, place);
        }
        return reading;
    }

    private Reading read(Admission.Granted granted, String service, String container, Instant since) {
        Pages.Read<GetContainerLogResponse> read = PAGES.read(
                token -> page(granted, service, container, since, token), GetContainerLogResponse::nextPageToken);
        List<LogLine> lines = read.pages().stream()
                .flatMap(page -> page.logEvents().stream())
                .map(LightsailLogs::line)
                .sorted(Comparator.comparing(LogLine::at))
                .toList();
        if (read.failure() != null && lines.isEmpty()) {
            return read.failure() instanceof Failure.Throttled
                    ? new Reading.NotNow()
                    : new Reading.Unreadable(read.failure());
        }
        return new Reading.Lines(lines, read.complete());
    }

    private AwsAnswer<GetContainerLogResponse> page(
            Admission.Granted granted, String service, String container, Instant since, @Nullable String token) {
        AccountSession session = granted.session();
        AwsAnswer<GetContainerLogResponse> answer = session.readOnBudget(
                granted.check().region(),
                GET_LOG,
                client -> client.getContainerLog(request -> request.serviceName(service)
                        .containerName(container)
                        .startTime(since)
                        .pageToken(token)));
        if (answer instanceof AwsAnswer.Failed<GetContainerLogResponse>(Failure failure)) {
            accounts.noticed(session, failure);
        }
        return answer;
    }

    private static LogLine line(ContainerServiceLogEvent event) {
        String text = event.message() == null ? "" : event.message();
        Instant at = event.createdAt() == null ? Instant.EPOCH : event.createdAt();
        return LogLine.of(at, text);
    }
}
