package dev.lightkeeper.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.observe.HostOutcome;
import dev.lightkeeper.observe.HostProblem;
import dev.lightkeeper.observe.HostReport;
import dev.lightkeeper.verify.Prober;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@NullUnmarked
class HostResponseTest {
    private static final String INSPECTED = """
            {"version":1,"verb":"inspect","operation":"","result":"Done","code":"","message":"",
             "host":{"time":1732700000,"diskFreeMiB":1234,"tools":{"docker":"24.0.5"}},
             "preflight":[],
             "services":[{"service":"team.api","owner":"cluster","revision":"3","previous":"2","fingerprint":"f","runtime":"Docker","operation":"o",
               "dirty":false,"commit":"",
               "processes":[{"name":"api","state":"Running","image":"example.com/api:1","digest":"sha256:0","restarts":0,"startedAt":1732700000,"user":"ubuntu","environment":"Differs","logging":"Differs","variables":["A"]},
                            {"name":"job","state":"Zombie","image":"","user":"","environment":"?"}]}]}
            """;

    private static Commands.Result ended(String details, int exit, String output) {
        return new Commands.Result(details, exit, output, null);
    }

    @Test
    void servicesAreReadByTheContract() {
        HostReport.Installed installed =
                HostResponse.read(INSPECTED).orElseThrow().services().get("team.api");

        assertThat(installed)
                .isEqualTo(new HostReport.Installed(
                        "cluster",
                        "3",
                        "2",
                        "f",
                        "o",
                        false,
                        List.of(
                                new HostReport.Workload(
                                        "api",
                                        HostReport.State.RUNNING,
                                        "example.com/api:1",
                                        "ubuntu",
                                        HostReport.Environment.DIFFERS,
                                        true),
                                new HostReport.Workload(
                                        "job",
                                        HostReport.State.UNRECOGNIZED,
                                        "",
                                        "",
                                        HostReport.Environment.UNKNOWN,
                                        false))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no JSON", "[]", "{\"version\":2}", "{\"version\":1", "null"})
    void whatIsNoAnswerOfThisContractIsNone(String output) {
        assertThat(HostResponse.read(output)).isEmpty();
    }

    @Test
    void answersOfAProbeAreAnswersAsTheProberGivesThem() {
        var answers = HostResponse.read("""
                {"version":1,"verb":"probe","result":"Done","responses":[
                 {"id":"p0","status":200,"millis":12,"headers":["Content-Type: application/json","Set-Cookie: a","Set-Cookie: b"],"body":"e30=","error":""},
                 {"id":"p1","status":0,"millis":5,"headers":[],"body":"","error":"connection refused"},
                 {"id":"p2","status":0,"millis":5000,"headers":[],"body":"","error":"timed out"}]}
                """).orElseThrow().answers();

        assertThat(answers.get("p0")).isInstanceOfSatisfying(Prober.Answer.Response.class, response -> {
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("{}");
            assertThat(response.headers()).containsEntry("set-cookie", List.of("a", "b"));
        });
        assertThat(answers.get("p1"))
                .isInstanceOfSatisfying(
                        Prober.Answer.NoResponse.class,
                        none -> assertThat(none.fault()).isEqualTo(Prober.Fault.CONNECT));
        assertThat(answers.get("p2"))
                .isInstanceOfSatisfying(
                        Prober.Answer.NoResponse.class,
                        none -> assertThat(none.fault()).isEqualTo(Prober.Fault.TIMEOUT));
    }

    @Test
    void bodyThatTheScriptCutIsKnownToBe() {
        var answers = HostResponse.read("""
                {"version":1,"verb":"probe","result":"Done","responses":[
                 {"id":"p0","status":200,"millis":12,"headers":[],"body":"e30=","cut":true,"error":""},
                 {"id":"p1","status":200,"millis":12,"headers":[],"body":"e30=","cut":false,"error":""}]}
                """).orElseThrow().answers();

        assertThat(((Prober.Answer.Response) answers.get("p0")).bodyCut()).isTrue();
        assertThat(((Prober.Answer.Response) answers.get("p1")).bodyCut()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "Pending, Running",
        "InProgress, Running",
        "Delayed, Running",
        "Cancelling, Running",
        "DeliveryTimedOut, NotRun",
        "Undeliverable, NotRun",
        "Terminated, NotRun",
        "ExecutionTimedOut, MayHaveRun",
        "TimedOut, MayHaveRun",
        "Cancelled, MayHaveRun",
        "AWordThatAwsAdds, MayHaveRun"
    })
    void detailsOfSsmSayWhetherItRan(String details, String outcome) {
        assertThat(HostObserver.outcome(ended(details, -1, null)).getClass().getSimpleName())
                .isEqualTo(outcome);
    }

    @Test
    void ofLogsOnlyTheFirstOfEachServiceThatWasAskedForIsTaken() {
        var logs = HostResponse.read("""
                {"version":1,"verb":"logs","result":"Done","logs":[
                 {"service":"team.other","kind":"local"},
                 {"service":"team.api","kind":"json-file"},
                 {"service":"team.api","kind":"journald"}]}
                """).orElseThrow().logs(Set.of("team.api", "team.absent"));

        assertThat(logs).containsOnlyKeys("team.api");
        assertThat(logs.get("team.api").kind()).isEqualTo("json-file");
    }

    @Test
    void scriptThatRanSaysItselfWhatCameOfIt() {
        assertThat(HostObserver.outcome(ended("Success", 0, "{\"version\":1,\"result\":\"Done\"}")))
                .isEqualTo(new HostOutcome.Done(List.of()));
        assertThat(
                        HostObserver.outcome(
                                ended(
                                        "Failed",
                                        11,
                                        "{\"version\":1,\"result\":\"Failed\",\"preflight\":[{\"code\":\"DiskFull\",\"message\":\"the disk is full\"}]}")))
                .isEqualTo(new HostOutcome.Done(List.of(new HostProblem("DiskFull", "the disk is full"))));
        assertThat(HostObserver.outcome(ended(
                        "Failed",
                        13,
                        "{\"version\":1,\"result\":\"Failed\",\"code\":\"StartFailed\",\"message\":\"no\"}")))
                .isEqualTo(new HostOutcome.Failed("StartFailed", "no"));
        assertThat(HostObserver.outcome(ended("Failed", 15, "{\"version\":1,\"result\":\"Busy\"}")))
                .isEqualTo(new HostOutcome.Failed("Busy", ""));
        assertThat(HostObserver.outcome(ended("Failed", 127, "sh: not found")))
                .isInstanceOfSatisfying(
                        HostOutcome.Failed.class,
                        failed -> assertThat(failed.message()).contains("ended with 127"));
    }
}
