package dev.lightkeeper.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.aws.MovableClock;
import dev.lightkeeper.verify.Prober.Answer;
import dev.lightkeeper.verify.Prober.Answer.NoResponse;
import dev.lightkeeper.verify.Prober.Fault;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Whose fault it is that a service cannot be reached. */
class WitnessesTest {
    private final MovableClock clock = new MovableClock();
    private final Witnesses witnesses = new Witnesses(Duration.ofSeconds(60), clock);

    @Test
    void aSingleTargetIsAtFaultWhileAwsHasAnsweredWithinSixtySeconds() {
        assertThat(witnesses.noneBut("a")).isTrue();
        witnesses.asked("a", true);
        assertThat(witnesses.noneBut("a")).isTrue();
        witnesses.awsAnswered();
        clock.advance(Duration.ofSeconds(60));
        assertThat(witnesses.noneBut("a")).isFalse();
        clock.advance(Duration.ofSeconds(1));
        assertThat(witnesses.noneBut("a")).isTrue();
    }

    @Test
    void amongSeveralTargetsOnlyAnotherTargetIsAWitness() {
        witnesses.awsAnswered();
        witnesses.asked("b", false);
        assertThat(witnesses.noneBut("a")).isTrue();
        witnesses.asked("c", true);
        assertThat(witnesses.noneBut("a")).isFalse();
        assertThat(witnesses.noneBut("c")).isTrue();
    }

    @Test
    void anAnswerCountsForSixtySecondsThoughTheTargetFailsSince() {
        witnesses.asked("b", true);
        clock.advance(Duration.ofSeconds(50));
        witnesses.asked("b", false);
        clock.advance(Duration.ofSeconds(10));
        assertThat(witnesses.noneBut("a")).isFalse();
        clock.advance(Duration.ofSeconds(1));
        assertThat(witnesses.noneBut("a")).isTrue();
    }

    @Test
    void aTargetThatNobodyAsksAnyLongerIsNoWitnessForAnything() {
        witnesses.asked("b", false);
        clock.advance(Duration.ofSeconds(61));
        witnesses.awsAnswered();
        assertThat(witnesses.noneBut("a")).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"DNS", "CONNECT", "TLS"})
    void whatCannotBeReachedIsUnclearWhileNothingElseIs(Fault fault) {
        Answer none = new NoResponse(fault, "the connection was refused");
        assertThat(make("a", none))
                .isInstanceOfSatisfying(
                        Judgement.Unclear.class,
                        unclear -> assertThat(unclear.isolated()).isTrue());
        witnesses.asked("b", true);
        assertThat(make("a", none)).isEqualTo(new Judgement.Missed("the connection was refused", false));
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            mode = Mode.EXCLUDE,
            names = {"DNS", "CONNECT", "TLS", "REFUSED_ADDRESS"})
    void aBadAnswerIsTheServicesOwnFaultAndShowsThatTheNetworkWorks(Fault fault) {
        assertThat(make("a", new NoResponse(fault, "no complete answer")))
                .isEqualTo(new Judgement.Missed("no complete answer", true));
        assertThat(witnesses.noneBut("b")).isFalse();
    }

    @Test
    void anAddressThatMayNotBeAskedIsNoTry() {
        assertThat(make("a", new NoResponse(Fault.REFUSED_ADDRESS, "not probed")))
                .isEqualTo(new Judgement.Unclear("not probed"));
        witnesses.awsAnswered();
        assertThat(witnesses.noneBut("b")).isFalse();
    }

    private Judgement make(String host, Answer answer) {
        return new Attempt(request -> answer, witnesses, () -> 0L)
                .make(
                        new PathProbe(
                                new Prober.Request(
                                        "GET", URI.create("http://" + host + "/"), Map.of(), Duration.ofSeconds(5)),
                                null,
                                new Expectations((body, pointer) -> new JsonReader.Reading.NotJson()),
                                null),
                        _ -> {});
    }
}
