package dev.lightkeeper.ec2;

import dev.lightkeeper.aws.Accounts;
import dev.lightkeeper.aws.Admission;
import dev.lightkeeper.aws.AwsAnswer;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.verify.HostProber;
import dev.lightkeeper.verify.Prober;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Has hosts ask themselves by the host script's {@code probe}; a ticket is the id of the command and of how many requests. */
public final class SsmHostProber implements HostProber {
    private static final Duration MAY_RUN = Duration.ofMinutes(2);

    private final Accounts accounts;
    private final Commands commands;
    private final HostScript script;

    SsmHostProber(Accounts accounts, Commands commands, HostScript script) {
        this.accounts = accounts;
        this.commands = commands;
        this.script = script;
    }

    @Override
    public @Nullable String begin(DesiredState desired, List<String> hosts, List<Prober.Request> requests) {
        ScriptRequest request = ScriptRequest.of("probe").line("service", HostRelease.service(desired.resource()));
        for (int i = 0; i < requests.size(); i++) {
            add(request, i, requests.get(i));
        }
        if (!(accounts.admitHosts(desired.spec(), desired.resource().namespace()) instanceof Admission.Granted granted)
                || !(script.commands(request) instanceof HostScript.Commands.Fitting(List<String> lines))) {
            return null;
        }
        AwsAnswer<String> answer =
                commands.send(granted.session(), granted.check().region(), hosts, "probe", lines, MAY_RUN, List.of());
        return answer instanceof AwsAnswer.Answered<String>(String id) ? requests.size() + " " + id : null;
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
    public Observed<Map<String, List<Prober.Answer>>> answers(DesiredState desired, String ticket) {
        if (!(accounts.admitHosts(desired.spec(), desired.resource().namespace())
                instanceof Admission.Granted granted)) {
            return Observed.notLooked();
        }
        int space = ticket.indexOf(' ');
        int asked = Integer.parseInt(ticket.substring(0, space));
        return switch (commands.results(granted.session(), granted.check().region(), ticket.substring(space + 1))) {
            case Observed.Present<Map<String, Commands.Result>>(Map<String, Commands.Result> results) -> {
                boolean running = results.isEmpty() || results.values().stream().anyMatch(result -> !result.hasEnded());
                yield running ? Observed.notLooked() : new Observed.Present<>(answers(results, asked));
            }
            case Observed.Absent<Map<String, Commands.Result>>() -> new Observed.Absent<>();
            case Observed.Unknown<Map<String, Commands.Result>>(Failure failure) -> new Observed.Unknown<>(failure);
        };
    }

    private static Map<String, List<Prober.Answer>> answers(Map<String, Commands.Result> results, int asked) {
        Map<String, List<Prober.Answer>> answers = new HashMap<>();
        results.forEach((host, result) -> {
            Optional<HostResponse> response = HostResponse.read(result.output());
            response.filter(HostResponse::isDone).ifPresent(told -> {
                Map<String, Prober.Answer> byId = told.answers();
                List<Prober.Answer> inOrder = new ArrayList<>();
                for (int i = 0; i < asked && byId.containsKey("p" + i); i++) {
                    inOrder.add(byId.get("p" + i));
                }
                answers.put(host, inOrder);
            });
        });
        return answers;
    }
}
