package dev.lightkeeper.ec2;

import dev.lightkeeper.aws.AccountSession;
import dev.lightkeeper.aws.Accounts;
import dev.lightkeeper.aws.Admission;
import dev.lightkeeper.aws.AwsAnswer;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.plan.Timings;
import dev.lightkeeper.verify.HostProber;
import dev.lightkeeper.verify.Prober;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Has hosts ask themselves by the host script's {@code probe}. A ticket is how many requests were made, then the id of each
 * command with the number of its hosts.
 */
public final class SsmHostProber implements HostProber {
    /** The script waits a second for each request, and then as long as the slowest takes: a minute at most. */
    private static final Duration MAY_RUN = Duration.ofMinutes(2);

    /** SSM tells 24,000 characters of what came of a command: so many answers fit, each with 2 KiB of body and 1.5 of headers. */
    private static final int MOST_TOGETHER = 5;

    private final Accounts accounts;
    private final Commands commands;
    private final HostScript script;
    private final Duration afterRefusal;
    private final InstantSource clock;

    SsmHostProber(Accounts accounts, Commands commands, HostScript script, Timings timings, InstantSource clock) {
        this.accounts = accounts;
        this.commands = commands;
        this.script = script;
        this.afterRefusal = timings.steadyLook();
        this.clock = clock;
    }

    @Override
    public Reply<String> begin(DesiredState desired, List<String> hosts, List<Prober.Request> requests) {
        if (!(accounts.admitHosts(desired.spec(), desired.resource().namespace())
                instanceof Admission.Granted granted)) {
            return new Reply.NotNow<>(null);
        }
        List<List<String>> parts = new ArrayList<>();
        for (int from = 0; from < requests.size(); from += MOST_TOGETHER) {
            ScriptRequest request = ScriptRequest.of("probe").line("service", HostRelease.service(desired.resource()));
            for (int i = from; i < Math.min(requests.size(), from + MOST_TOGETHER); i++) {
                add(request, i, requests.get(i));
            }
            if (!(script.commands(request) instanceof HostScript.Commands.Fitting(List<String> lines))) {
                return new Reply.NotNow<>(null);
            }
            parts.add(lines);
        }
        AccountSession session = granted.session();
        String region = granted.check().region();
        Instant now = clock.instant();
        // What cannot be read afterwards is not worth asking.
        Instant readable = commands.readableAgain(session, region);
        if (now.isBefore(readable)) {
            return new Reply.NotNow<>(readable);
        }
        StringJoiner ticket = new StringJoiner(" ").add(String.valueOf(requests.size()));
        List<String> reached = hosts;
        boolean begun = false;
        for (List<String> lines : parts) {
            List<String> told = new ArrayList<>();
            commands.ask(session, region, reached, new Commands.Question("probe", lines, MAY_RUN), (asked, answer) -> {
                if (answer instanceof AwsAnswer.Answered<String>(String id)) {
                    ticket.add("%s %d".formatted(id, asked.size()));
                    told.addAll(asked);
                }
            });
            begun |= !told.isEmpty();
            reached = told;
        }
        if (!begun) {
            Instant sendable = commands.sendableAgain(session, region);
            return new Reply.NotNow<>(now.isBefore(sendable) ? sendable : now.plus(afterRefusal));
        }
        return new Reply.Given<>(ticket.toString());
    }

    private static void add(ScriptRequest request, int id, Prober.Request asked) {
        URI uri = asked.uri();
        String query = uri.getRawQuery();
        request.line("probe", "p" + id)
                .line("method", asked.method())
                .line("port", String.valueOf(uri.getPort()))
                .line("path", query == null ? uri.getRawPath() : uri.getRawPath() + "?" + query);
        asked.headers().forEach((name, value) -> request.line("header", "%s: %s".formatted(name, value.reveal())));
        request.line("timeoutMillis", String.valueOf(asked.timeout().toMillis()));
    }

    @Override
    public Reply<Map<String, List<Prober.Answer>>> answers(DesiredState desired, String ticket) {
        if (!(accounts.admitHosts(desired.spec(), desired.resource().namespace())
                instanceof Admission.Granted granted)) {
            return new Reply.NotNow<>(null);
        }
        AccountSession session = granted.session();
        String region = granted.check().region();
        String[] words = ticket.split(" ", -1);
        Map<String, List<Commands.Result>> ended = new HashMap<>();
        for (int i = 1; i < words.length; i += 2) {
            switch (commands.results(session, region, words[i])) {
                case Observed.Present<Map<String, Commands.Result>>(Map<String, Commands.Result> results) -> {
                    if (results.size() < Integer.parseInt(words[i + 1])
                            || !results.values().stream().allMatch(Commands.Result::hasEnded)) {
                        return new Reply.NotNow<>(null);
                    }
                    results.forEach((host, result) -> ended.computeIfAbsent(host, same -> new ArrayList<>())
                            .add(result));
                }
                case Observed.Absent<Map<String, Commands.Result>>() -> {
                    return new Reply.Lost<>();
                }
                case Observed.Unknown<Map<String, Commands.Result>> ignored -> {
                    return new Reply.NotNow<>(commands.readableAgain(session, region));
                }
            }
        }
        return new Reply.Given<>(answers(ended, Integer.parseInt(words[0])));
    }

    private static Map<String, List<Prober.Answer>> answers(Map<String, List<Commands.Result>> results, int asked) {
        Map<String, List<Prober.Answer>> answers = new HashMap<>();
        results.forEach((host, parts) -> {
            Map<String, Prober.Answer> byId = new HashMap<>();
            parts.stream()
                    .flatMap(part -> HostResponse.read(part.output()).stream())
                    .filter(HostResponse::isDone)
                    .forEach(told -> byId.putAll(told.answers()));
            List<Prober.Answer> inOrder = new ArrayList<>();
            for (int i = 0; i < asked && byId.containsKey("p" + i); i++) {
                inOrder.add(byId.get("p" + i));
            }
            answers.put(host, inOrder);
        });
        return answers;
    }
}
