package dev.lightkeeper.flow;

import dev.lightkeeper.verify.Prober.Answer;
import dev.lightkeeper.verify.Prober.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** How a release behaves: what its nodes answer and what they write when they start. {@link #good()} unless told otherwise. */
final class Application {
    static final String LISTENING = "Listening on port 3697";
    static final String ORIGIN = "https://app.example.com";
    static final String ALLOW_ORIGIN = "access-control-allow-origin";
    private static final String STARTING = "Starting Nest application";

    private final Behaviour behaviour;
    private final List<String> firstLines;
    private final boolean activates;

    private Application(Behaviour behaviour, List<String> firstLines, boolean activates) {
        this.behaviour = behaviour;
        this.firstLines = List.copyOf(firstLines);
        this.activates = activates;
    }

    /**
     * A request that reached a node.
     *
     * @param age since AWS said ACTIVE
     * @param node which of them the balancer chose, from 0
     * @param dice by chance, at least 0 and less than 1
     * @param variables of the container
     */
    record Visit(Request request, Duration age, int node, double dice, Map<String, String> variables) {}

    /** What comes back. */
    interface Behaviour {
        Answer answer(Visit visit);
    }

    /** Ready at once; one endpoint; CORS for one origin; 404 elsewhere; reaches "Listening". */
    static Application good() {
        return new Application(Application::answerWell, List.of(STARTING, LISTENING), true);
    }

    private static Answer answerWell(Visit visit) {
        return switch (visit.request().method() + " " + visit.request().uri().getPath()) {
            case "GET /health/live", "GET /health/ready" -> json(200, "{\"status\":\"ok\"}");
            case "GET /api/tech" -> json(200, "{\"items\":[]}");
            case "OPTIONS /api/tech" -> json(204, "");
            default -> json(404, "{\"error\":\"not found\"}");
        };
    }

    /** An answer with what every answer of the good application has. */
    static Answer json(int status, String body) {
        return FakeProber.page(
                status,
                body,
                "content-type",
                "application/json",
                ALLOW_ORIGIN,
                ORIGIN,
                "access-control-allow-methods",
                "GET, PUT");
    }

    Answer answer(Visit visit) {
        return behaviour.answer(visit);
    }

    List<String> firstLines() {
        return firstLines;
    }

    /** Whether AWS can start it. */
    boolean activates() {
        return activates;
    }

    /** AWS cannot pull it, or it exits at once, or AWS's own health check fails. */
    Application thatAwsCannotStart() {
        return new Application(behaviour, firstLines, false);
    }

    /** Its nodes write only these lines when they start. */
    Application writing(String... lines) {
        return new Application(behaviour, List.of(lines), activates);
    }

    /** Answers otherwise on some visits. */
    Application but(Predicate<Visit> when, Answer answer) {
        return but(when, visit -> answer);
    }

    Application but(Predicate<Visit> when, Behaviour other) {
        return new Application(
                visit -> when.test(visit) ? other.answer(visit) : behaviour.answer(visit), firstLines, activates);
    }

    /** The same with a status only. */
    Application but(Predicate<Visit> when, int status) {
        return but(when, FakeProber.status(status));
    }

    /** Changes what it answers by itself. */
    Application changing(UnaryOperator<Answer> change) {
        return new Application(visit -> change.apply(behaviour.answer(visit)), firstLines, activates);
    }

    /** A header of all answers with a status from {@code lowest} on; null removes it. */
    Application header(int lowest, String name, String value) {
        return changing(answer -> {
            if (!(answer instanceof Answer.Response response) || response.status() < lowest) {
                return answer;
            }
            Map<String, List<String>> headers = new HashMap<>(response.headers());
            if (value == null) {
                headers.remove(name);
            } else {
                headers.put(name, new ArrayList<>(List.of(value)));
            }
            return new Answer.Response(
                    response.status(), headers, response.body(), response.bodyCut(), response.latency());
        });
    }

    static Predicate<Visit> always() {
        return visit -> true;
    }

    static Predicate<Visit> at(String path) {
        return visit -> visit.request().uri().getPath().equals(path);
    }

    static Predicate<Visit> before(int seconds) {
        return since(seconds).negate();
    }

    /** From so many seconds after ACTIVE on. */
    static Predicate<Visit> since(int seconds) {
        return visit -> visit.age().compareTo(Duration.ofSeconds(seconds)) >= 0;
    }

    static Predicate<Visit> onNode(int node) {
        return visit -> visit.node() == node;
    }

    /** With this probability. */
    static Predicate<Visit> sometimes(double probability) {
        return visit -> visit.dice() < probability;
    }

    /** Unless a variable has this value. */
    static Predicate<Visit> unless(String variable, String value) {
        return visit -> !value.equals(visit.variables().get(variable));
    }

    /** Up for so long, down for so long, and so on. */
    static Predicate<Visit> inTurns(int secondsUp, int secondsDown) {
        return visit -> visit.age().toSeconds() % (secondsUp + secondsDown) >= secondsUp;
    }
}
