package dev.lightkeeper.flow;

import dev.lightkeeper.verify.Prober;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

/** The service as it answers from the outside: by what serves, or by script. */
final class FakeProber implements Prober {
    private final Supplier<List<String>> images;
    private final Set<String> sickImages = new TreeSet<>();
    private final Deque<Answer> script = new ArrayDeque<>();
    private final List<Request> requests = new ArrayList<>();
    private final Map<String, Function<Request, Answer>> paths = new HashMap<>();
    private Function<Request, Answer> answer = request -> status(200);
    private Runnable onAsk = () -> {};
    private boolean cutOff;

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
        answer = request -> always;
    }

    /** The same, by what is asked. */
    void answers(Function<Request, Answer> always) {
        answer = always;
    }

    /** What serves answers so at this path, whatever image it is; null: as everywhere. */
    void at(String path, Function<Request, Answer> answers) {
        if (answers == null) {
            paths.remove(path);
        } else {
            paths.put(path, answers);
        }
    }

    static Answer page(int code, String body, String... headers) {
        Map<String, List<String>> given = new HashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            given.put(headers[i], List.of(headers[i + 1]));
        }
        return new Answer.Response(code, given, body, false, Duration.ofMillis(20));
    }

    /** How often something was asked at this path. */
    long asked(String path) {
        return requests.stream()
                .filter(request -> request.uri().getPath().equals(path))
                .count();
    }

    /** The next answers, one for each request; a try whose answer is bad asks twice. */
    void next(Answer... answers) {
        script.addAll(List.of(answers));
    }

    /** Whether nothing can be reached from here. */
    void cutOff(boolean is) {
        cutOff = is;
    }

    /** A release of this image is never ready. */
    void sick(String image) {
        sickImages.add(image);
    }

    boolean isSick(String image) {
        return sickImages.contains(image);
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
        if (cutOff) {
            return unreachable();
        }
        if (!script.isEmpty()) {
            return script.remove();
        }
        List<String> serving = images.get();
        if (serving.isEmpty()) {
            return status(404);
        }
        if (serving.stream().anyMatch(sickImages::contains)) {
            return status(503);
        }
        Function<Request, Answer> there = paths.get(request.uri().getPath());
        return (there == null ? answer : there).apply(request);
    }
}
