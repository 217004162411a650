package dev.lightkeeper.aws;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.lightkeeper.failure.Failure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class CallJournalTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(CallJournal.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        logger.setLevel(Level.DEBUG);
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(lines);
        logger.setLevel(null);
    }

    @Test
    void whatChangesSomethingIsToldAndWhatOnlyReadsIsNot() {
        assertThat(line("lightsail:CreateContainerServiceDeployment", null).getLevel())
                .isEqualTo(Level.INFO);
        assertThat(line("lightsail:GetContainerServices", null).getLevel()).isEqualTo(Level.DEBUG);
    }

    @Test
    void aFailureIsToldWithWhatItSaysUnlessItIsAnAnswer() {
        ILoggingEvent failed = line("lightsail:GetContainerServices", new Failure.Throttled("too often"));
        assertThat(failed.getLevel()).isEqualTo(Level.INFO);
        assertThat(failed.getFormattedMessage()).isEqualTo("AwsAccount main, us-east-2: too often");
        assertThat(line("lightsail:GetContainerServices", new Failure.Terminal(AwsFailures.NOT_FOUND, "gone"))
                        .getLevel())
                .isEqualTo(Level.DEBUG);
    }

    @Test
    void programsFindTheOperationByItsKey() {
        assertThat(line("ssm:GetParameters", null).getKeyValuePairs())
                .anyMatch(pair -> pair.key.equals("aws.operation") && pair.value.equals("ssm:GetParameters"));
    }

    private ILoggingEvent line(String action, @Nullable Failure failure) {
        new CallJournal().called("main", "us-east-2", action, Duration.ofMillis(12), failure);
        return lines.list.getLast();
    }
}
