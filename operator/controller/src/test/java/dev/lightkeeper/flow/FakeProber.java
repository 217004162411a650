package dev.lightkeeper.flow;

import dev.lightkeeper.verify.Prober;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** The service as it answers from the outside: by what serves, or by script. */
final class FakeProber implements Prober {
    private final Supplier<List<String>> images;
    private final Set<String> sickImages = new TreeSet<>();
    private final Deque<Answer> script = new ArrayDeque<>();
    private final List<Request> requests = new ArrayList<>();
    private Answer answer = status(200);
    private Runnable onAsk = () -> {};

    FakeProber(Supplier<List<String>> images) {
        this.images = images;
    }

    static Answer status(int code) {
        return new Answer.Response(code, Map.of(), "", false, Duration.ofMillis(20));
    }

    static Answer unreachable() {
        return new Answer.NoResponse(Fault.CONNECT, "the connection was refused");
    }

    /** From now on, where the image and the script say nothing else. */
    void answers(Answer always) {
        answer = always;
    }

    /** The next answers, one for each request; a try whose answer is bad asks twice. */
    void next(Answer... answers) {
        script.addAll(List.of(answers));
    }

    /** A release of this image is never ready. */
    void sick(String image) {
        sickImages.add(image);
    }

    void cured(String image) {
        sickImages.remove(image);
    }

    List<Request> requests() {
        return requests;
    }

    /** Called before each answer. */
    void onAsk(Runnable call) {
        onAsk = call;
    }

    @Override
    public Answer ask(Request request) {
        onAsk.run();
        requests.add(request);
        if (!script.isEmpty()) {
            return script.remove();
        }
        List<String> serving = images.get();
        if (serving.isEmpty()) {
            return status(404);
        }
        return serving.stream().anyMatch(sickImages::contains) ? status(503) : answer;
    }
}
