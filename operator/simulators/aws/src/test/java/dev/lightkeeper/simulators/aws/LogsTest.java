package dev.lightkeeper.simulators.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.lightkeeper.simulators.aws.faults.Fault;
import dev.lightkeeper.simulators.aws.faults.FaultKind;
import dev.lightkeeper.simulators.aws.logs.LogsControl;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilteredLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroup;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogStream;
import software.amazon.awssdk.services.cloudwatchlogs.model.OrderBy;
import software.amazon.awssdk.services.cloudwatchlogs.model.OutputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;

class LogsTest extends ManualWorld {
    private static final String GROUP = "/shop/production";

    private final CloudWatchLogsClient logs = Sdk.logs(aws);
    private final LogsControl agent = aws.logs().in(Sdk.REGION);

    @AfterEach
    void closeLogs() {
        logs.close();
    }

    private void written(String stream, String... messages) {
        for (String message : messages) {
            agent.put(GROUP, stream, message);
        }
        pass(Duration.ofSeconds(10));
    }

    private FilterLogEventsResponse filter(Consumer<FilterLogEventsRequest.Builder> more) {
        return logs.filterLogEvents(r -> more.accept(r.logGroupName(GROUP)));
    }

    private List<String> messages(Consumer<FilterLogEventsRequest.Builder> more) {
        return filter(more).events().stream().map(FilteredLogEvent::message).toList();
    }

    private static void refusedWith(String code, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(AwsServiceException.class, e -> {
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
            assertThat(e.statusCode()).isEqualTo(400);
        });
    }

    @Test
    void linesAreFoundAfterIngestion() {
        assertThatThrownBy(() -> filter(r -> {})).isInstanceOf(ResourceNotFoundException.class);
        agent.put(GROUP, "web/1", "started");
        assertThat(filter(r -> {}).events()).isEmpty();
        pass(Duration.ofSeconds(10));
        FilterLogEventsResponse answer = filter(r -> {});
        assertThat(answer.events())
                .extracting(
                        FilteredLogEvent::message,
                        FilteredLogEvent::logStreamName,
                        FilteredLogEvent::timestamp,
                        FilteredLogEvent::ingestionTime)
                .containsExactly(tuple("started", "web/1", START.toEpochMilli(), START.toEpochMilli() + 10_000));
        assertThat(answer.nextToken()).isNull();
        assertThat(answer.searchedLogStreams()).isEmpty();
    }

    @Test
    void streamsTimesAndPatternsSelect() {
        written("web/1", "GET /", "ERROR one");
        written("web/2", "ERROR two");
        written("batch/1", "ERROR three");
        assertThat(messages(r -> r.filterPattern("ERROR -two"))).containsExactly("ERROR one", "ERROR three");
        assertThat(messages(r -> r.logStreamNamePrefix("web/"))).containsExactly("GET /", "ERROR one", "ERROR two");
        assertThat(messages(r -> r.logStreamNames("web/2", "batch/1"))).containsExactly("ERROR two", "ERROR three");
        assertThat(messages(r -> r.startTime(START.plusSeconds(10).toEpochMilli())
                        .endTime(START.plusSeconds(10).toEpochMilli())))
                .containsExactly("ERROR two");
        refusedWith(
                "InvalidParameterException",
                () -> filter(r -> r.logStreamNames("web/1").logStreamNamePrefix("web")));
        refusedWith("ResourceNotFoundException", () -> filter(r -> r.logStreamNames("web/9")));
        refusedWith("InvalidParameterException", () -> filter(r -> r.limit(10_001)));
        refusedWith("InvalidParameterException", () -> filter(r -> r.limit(0)));
        refusedWith("InvalidParameterException", () -> filter(r -> r.nextToken("x")));
        refusedWith("InvalidParameterException", () -> filter(r -> r.filterPattern("{ $.level = 1 }")));
        refusedWith("InvalidParameterException", () -> filter(r -> r.filterPattern("x".repeat(1_025))));
        refusedWith("InvalidParameterException", () -> logs.filterLogEvents(r -> {}));
        assertThat(logs.filterLogEvents(
                                r -> r.logGroupIdentifier("arn:aws:logs:eu-central-1:123456789012:log-group:" + GROUP))
                        .events())
                .hasSize(4);
    }

    @Test
    void pagesMayBeEmptyAndEndWithoutAToken() {
        for (int i = 0; i < 5; i++) {
            agent.put(GROUP, "web/" + i % 2, "line " + i);
        }
        pass(Duration.ofSeconds(10));
        agent.emptyFirstPage(GROUP, true);
        FilterLogEventsResponse first = filter(r -> r.limit(2));
        assertThat(first.events()).isEmpty();
        assertThat(first.nextToken()).isNotEmpty();
        assertThat(logs.filterLogEventsPaginator(r -> r.logGroupName(GROUP).limit(2)).events().stream())
                .extracting(FilteredLogEvent::message)
                .containsExactly("line 0", "line 1", "line 2", "line 3", "line 4");
        String token = filter(r -> r.limit(2).nextToken(first.nextToken())).nextToken();
        pass(Duration.ofHours(25));
        refusedWith("InvalidParameterException", () -> filter(r -> r.nextToken(token)));
    }

    @Test
    void aPageHoldsAMegabyteAtMost() {
        String long1 = "x".repeat(200_000);
        written("web/1", long1, long1, long1, long1, long1, long1);
        FilterLogEventsResponse first = filter(r -> {});
        assertThat(first.events()).hasSize(5);
        assertThat(filter(r -> r.nextToken(first.nextToken())).events()).hasSize(1);
    }

    @Test
    void getLogEventsEndsWhenTheTokenStaysTheSame() {
        written("web/1", "a", "b", "c", "d");
        assertThat(logs.getLogEvents(r ->
                                r.logGroupName(GROUP).logStreamName("web/1").limit(3))
                        .events())
                .extracting(OutputLogEvent::message)
                .containsExactly("b", "c", "d");
        GetLogEventsResponse first = logs.getLogEvents(
                r -> r.logGroupName(GROUP).logStreamName("web/1").limit(3).startFromHead(true));
        assertThat(first.events()).extracting(OutputLogEvent::message).containsExactly("a", "b", "c");
        GetLogEventsResponse second = logs.getLogEvents(
                r -> r.logGroupName(GROUP).logStreamName("web/1").nextToken(first.nextForwardToken()));
        assertThat(second.events()).extracting(OutputLogEvent::message).containsExactly("d");
        GetLogEventsResponse third = logs.getLogEvents(
                r -> r.logGroupName(GROUP).logStreamName("web/1").nextToken(second.nextForwardToken()));
        assertThat(third.events()).isEmpty();
        assertThat(third.nextForwardToken()).isEqualTo(second.nextForwardToken());
        assertThat(logs.getLogEvents(r ->
                                r.logGroupName(GROUP).logStreamName("web/1").nextToken(second.nextBackwardToken()))
                        .events())
                .hasSize(3);
        refusedWith(
                "ResourceNotFoundException",
                () -> logs.getLogEvents(r -> r.logGroupName(GROUP).logStreamName("web/2")));
    }

    @Test
    void groupsAndStreamsAreDescribed() {
        written("web/1", "a");
        written("web/2", "b");
        written("web/1", "c");
        agent.group("/shop/staging", 7);
        agent.group("/other", null);
        assertThat(logs.describeLogGroups(r -> r.logGroupNamePrefix("/shop")).logGroups())
                .extracting(LogGroup::logGroupName, LogGroup::retentionInDays)
                .containsExactly(tuple(GROUP, null), tuple("/shop/staging", 7));
        assertThat(logs.describeLogGroupsPaginator(r -> r.limit(1)).logGroups()).hasSize(3);
        assertThat(logs.describeLogStreams(r -> r.logGroupName(GROUP)
                                .orderBy(OrderBy.LAST_EVENT_TIME)
                                .descending(true))
                        .logStreams())
                .extracting(LogStream::logStreamName)
                .containsExactly("web/1", "web/2");
        assertThat(logs.describeLogStreams(r -> r.logGroupName(GROUP).logStreamNamePrefix("web/2"))
                        .logStreams())
                .extracting(LogStream::lastEventTimestamp)
                .containsExactly(START.plusSeconds(10).toEpochMilli());
        refusedWith("ResourceNotFoundException", () -> logs.describeLogStreams(r -> r.logGroupName("/none")));
        refusedWith("InvalidParameterException", () -> logs.describeLogGroups(r -> r.limit(51)));
        agent.delete(GROUP);
        refusedWith("ResourceNotFoundException", () -> filter(r -> {}));
    }

    @Test
    void linesAreForgottenAfterTheRetention() {
        agent.group(GROUP, 1);
        written("web/1", "old");
        pass(Duration.ofHours(24));
        written("web/1", "new");
        assertThat(messages(r -> {})).containsExactly("new");
    }

    @ParameterizedTest
    @CsvSource({
        "THROTTLE,ThrottlingException,400",
        "SERVER_ERROR,ServiceUnavailableException,500",
        "DENIED,AccessDeniedException,400"
    })
    void faultsMeetReads(FaultKind kind, String code, int status) {
        written("web/1", "a");
        aws.faults().add(Fault.of(kind, "FilterLogEvents").onTarget(GROUP).times(1));
        assertThatThrownBy(() -> filter(r -> {})).isInstanceOfSatisfying(AwsServiceException.class, e -> {
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
            assertThat(e.statusCode()).isEqualTo(status);
        });
        aws.faults().add(Fault.of(FaultKind.STALE_READ).delayed(Duration.ofSeconds(5)));
        assertThat(messages(r -> {})).isEmpty();
    }
}
