package dev.lightkeeper.ec2;

import dev.lightkeeper.aws.AccountSession;
import dev.lightkeeper.aws.Accounts;
import dev.lightkeeper.aws.AwsAnswer;
import dev.lightkeeper.aws.AwsFailures;
import dev.lightkeeper.aws.CallPause;
import dev.lightkeeper.aws.Pages;
import dev.lightkeeper.desired.SecretText;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.plan.Timings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ssm.model.Command;
import software.amazon.awssdk.services.ssm.model.CommandFilter;
import software.amazon.awssdk.services.ssm.model.CommandFilterKey;
import software.amazon.awssdk.services.ssm.model.CommandInvocation;
import software.amazon.awssdk.services.ssm.model.GetCommandInvocationResponse;
import software.amazon.awssdk.services.ssm.model.ListCommandInvocationsResponse;
import software.amazon.awssdk.services.ssm.model.ListCommandsResponse;

/**
 * SSM Run Command: sends, finds again what was sent, and reads what came of it. What AWS throttles or does not answer is
 * tried ever more seldom, by whoever of an account and region; only the commands of rolls, which have a pace of their own,
 * are not held back by that. What is in memory may be lost at any time.
 */
final class Commands {
    /** As many as one command may name. */
    static final int MOST_HOSTS = 50;

    static final String SEND = "ssm:SendCommand";
    private static final String LIST = "ssm:ListCommands";
    private static final String INVOCATIONS = "ssm:ListCommandInvocations";
    private static final String RESULT = "ssm:GetCommandInvocation";
    private static final String DOCUMENT = "AWS-RunShellScript";
    private static final String COMMENT = "lightkeeper ";
    private static final int PAGE = 50;

    /** How long a script may run that only tells what it sees. */
    static final Duration MAY_ANSWER = Duration.ofSeconds(60);

    private static final Pages PAGES = new Pages(20);

    /** An agent that does not fetch it within so long never will. */
    private static final int DELIVERY_SECONDS = 120;

    /** The clock of AWS may run behind ours. */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(2);

    private final Accounts accounts;
    private final Duration firstPause;
    private final InstantSource clock;
    private final ConcurrentMap<Calls, CallPause> pauses = new ConcurrentHashMap<>();
    private final EndedInvocations ended = new EndedInvocations();

    Commands(Accounts accounts, Timings timings, InstantSource clock) {
        this.accounts = accounts;
        this.firstPause = timings.transitionLook().dividedBy(3);
        this.clock = clock;
    }

    /** What AWS counts together when it throttles. */
    private record Calls(String account, String region, String action) {}

    /**
     * What a command came to on one host.
     *
     * @param details SSM's word, without spaces
     * @param exitCode -1 while there is none
     * @param output what the script has printed, null where there is none
     * @param requestedAt when AWS took the command, by its clock; null when it does not say
     */
    record Result(
            String details,
            int exitCode,
            @Nullable String output,
            @Nullable Instant requestedAt) {
        /** Whether nothing will change any more. */
        boolean hasEnded() {
            return switch (details) {
                case "Pending", "InProgress", "Delayed", "Cancelling" -> false;
                default -> true;
            };
        }

        /** Whether the script ran to its end, well or not. */
        boolean ran() {
            return details.equals("Success") || details.equals("Failed");
        }

        /** Whether it never reached the host, for certain. */
        boolean neverRan() {
            return switch (details) {
                case "DeliveryTimedOut", "Undeliverable", "InvalidPlatform", "AccessDenied", "Terminated" -> true;
                default -> false;
            };
        }
    }

    private CallPause pause(AccountSession session, String region, String action) {
        return pauses.computeIfAbsent(new Calls(session.account(), region, action), calls -> new CallPause(firstPause));
    }

    /** Before this moment hosts cannot be asked anything; long ago when they can. */
    Instant sendableAgain(AccountSession session, String region) {
        return pause(session, region, SEND).over();
    }

    /** Before this moment AWS does not tell what came of commands; long ago when it does. */
    Instant readableAgain(AccountSession session, String region) {
        return pause(session, region, INVOCATIONS).over();
    }

    /**
     * What hosts are asked, which changes nothing there.
     *
     * @param verb of the host script, in the comment of the command
     * @param lines of the command
     * @param mayRun how long it may take a host to answer
     */
    record Question(String verb, List<String> lines, Duration mayRun) {}

    /**
     * Asks hosts. One host that SSM does not reach spoils the whole call, so that the call is made again for each half, down
     * to that host.
     *
     * @param hosts of whom at most {@value #MOST_HOSTS} are asked together
     * @param told the id of each command that came of it, or why there is none, with the hosts that it is about
     */
    void ask(
            AccountSession session,
            String region,
            List<String> hosts,
            Question question,
            BiConsumer<List<String>, AwsAnswer<String>> told) {
        for (int from = 0; from < hosts.size(); from += MOST_HOSTS) {
            askTogether(
                    session, region, hosts.subList(from, Math.min(hosts.size(), from + MOST_HOSTS)), question, told);
        }
    }

    private void askTogether(
            AccountSession session,
            String region,
            List<String> hosts,
            Question question,
            BiConsumer<List<String>, AwsAnswer<String>> told) {
        Failure held = session.paused(pause(session, region, SEND), SEND);
        AwsAnswer<String> answer = held != null
                ? new AwsAnswer.Failed<>(held)
                : send(session, region, hosts, question.verb(), question.lines(), question.mayRun(), List.of());
        if (hosts.size() > 1 && answer instanceof AwsAnswer.Failed<String>(Failure.Conflict _)) {
            int half = hosts.size() / 2;
            askTogether(session, region, hosts.subList(0, half), question, told);
            askTogether(session, region, hosts.subList(half, hosts.size()), question, told);
        } else {
            told.accept(hosts, answer);
        }
    }

    /** Sends a command, once at most; answers its id. */
    AwsAnswer<String> send(
            AccountSession session,
            String region,
            List<String> hosts,
            String operation,
            List<String> lines,
            Duration mayRun,
            Collection<SecretText> sent) {
        CallPause pause = pause(session, region, SEND);
        int before = pause.begun();
        AwsAnswer<String> answer = session.command(
                region,
                SEND,
                sent,
                client -> client.sendCommand(request -> request.documentName(DOCUMENT)
                                .instanceIds(hosts)
                                .comment(COMMENT + operation)
                                .timeoutSeconds(DELIVERY_SECONDS)
                                .maxErrors("100%")
                                .maxConcurrency("100%")
                                .parameters(Map.of(
                                        "commands",
                                        lines,
                                        "executionTimeout",
                                        List.of(String.valueOf(mayRun.toSeconds())))))
                        .command()
                        .commandId());
        noted(session, pause, before, answer);
        return answer;
    }

    private void noted(AccountSession session, CallPause pause, int before, AwsAnswer<?> answer) {
        switch (answer) {
            case AwsAnswer.Answered<?> _ -> pause.worked(before);
            case AwsAnswer.Failed<?>(Failure failure) -> {
                accounts.noticed(session, failure);
                pause.failed(before, failure, clock.instant());
            }
        }
    }

    /** The id of a command whose answer was lost; Absent when SSM lists all of them, and it is none of these. */
    Observed<String> find(AccountSession session, String region, String operation, Instant sentAt) {
        CallPause pause = pause(session, region, LIST);
        int before = pause.begun();
        Failure held = session.paused(pause, LIST);
        if (held != null) {
            return new Observed.Unknown<>(held);
        }
        AwsAnswer<List<ListCommandsResponse>> pages = PAGES.read(
                        token -> session.hosts(
                                region,
                                LIST,
                                client -> client.listCommands(request -> request.maxResults(PAGE)
                                        .nextToken(token)
                                        .filters(CommandFilter.builder()
                                                .key(CommandFilterKey.INVOKED_AFTER)
                                                .value(sentAt.minus(CLOCK_SKEW).toString())
                                                .build()))),
                        ListCommandsResponse::nextToken,
                        page -> idOf(operation, page).isPresent())
                .orFailure();
        noted(session, pause, before, pages);
        return switch (pages) {
            case AwsAnswer.Failed<List<ListCommandsResponse>>(Failure failure) -> new Observed.Unknown<>(failure);
            case AwsAnswer.Answered<List<ListCommandsResponse>>(List<ListCommandsResponse> listed) ->
                listed.stream()
                        .flatMap(page -> idOf(operation, page).stream())
                        .findFirst()
                        .<Observed<String>>map(Observed.Present::new)
                        .orElseGet(Observed.Absent::new);
        };
    }

    private static Optional<String> idOf(String operation, ListCommandsResponse page) {
        return page.commands().stream()
                .filter(command -> (COMMENT + operation).equals(command.comment()))
                .map(Command::commandId)
                .findFirst();
    }

    /** What came of a command, by instance; one that is not in it is not visible yet. */
    Observed<Map<String, Result>> results(AccountSession session, String region, String commandId) {
        return results(session, region, commandId, instance -> true);
    }

    /** The same for some instances. */
    Observed<Map<String, Result>> results(
            AccountSession session, String region, String commandId, Predicate<String> wanted) {
        CallPause pause = pause(session, region, INVOCATIONS);
        int before = pause.begun();
        Failure held = session.paused(pause, INVOCATIONS);
        if (held != null) {
            return new Observed.Unknown<>(held);
        }
        AwsAnswer<List<ListCommandInvocationsResponse>> pages = PAGES.read(
                        token -> session.hosts(
                                region,
                                INVOCATIONS,
                                client -> client.listCommandInvocations(request -> request.commandId(commandId)
                                        .maxResults(PAGE)
                                        .nextToken(token))),
                        ListCommandInvocationsResponse::nextToken)
                .orFailure();
        return switch (pages) {
            case AwsAnswer.Failed<List<ListCommandInvocationsResponse>>(Failure failure) -> {
                noted(session, pause, before, pages);
                yield new Observed.Unknown<>(failure);
            }
            case AwsAnswer.Answered<List<ListCommandInvocationsResponse>>(var listed) ->
                results(
                        session,
                        region,
                        pause,
                        before,
                        listed.stream()
                                .flatMap(page -> page.commandInvocations().stream())
                                .filter(invocation -> wanted.test(invocation.instanceId()))
                                .toList());
        };
    }

    /** What was read before a failure is not asked for again. */
    private Observed<Map<String, Result>> results(
            AccountSession session, String region, CallPause pause, int before, List<CommandInvocation> invocations) {
        Map<String, Result> results = new HashMap<>();
        for (CommandInvocation invocation : invocations) {
            Result listed = listed(invocation);
            Result known = listed.ran() ? ended.of(invocation.commandId(), invocation.instanceId()) : listed;
            if (known == null) {
                AwsAnswer<Result> answer = result(session, region, invocation);
                switch (answer) {
                    case AwsAnswer.Answered<Result>(Result told) -> {
                        pause.worked(before);
                        known = told;
                    }
                    // Right after it was sent a command may be listed and yet not be known by this call.
                    case AwsAnswer.Failed<Result>(Failure failure) when AwsFailures.isNotFound(failure) -> {}
                    case AwsAnswer.Failed<Result>(Failure failure) -> {
                        noted(session, pause, before, answer);
                        return new Observed.Unknown<>(failure);
                    }
                }
            }
            if (known != null) {
                results.put(invocation.instanceId(), known);
            }
        }
        pause.worked(before);
        return new Observed.Present<>(results);
    }

    private static Result listed(CommandInvocation invocation) {
        return new Result(details(invocation.statusDetails(), invocation.statusAsString()), -1, null, null);
    }

    /** The output is asked for one by one, since the list cuts it short. */
    private AwsAnswer<Result> result(AccountSession session, String region, CommandInvocation invocation) {
        AwsAnswer<GetCommandInvocationResponse> answer = session.hosts(
                region,
                RESULT,
                client -> client.getCommandInvocation(
                        request -> request.commandId(invocation.commandId()).instanceId(invocation.instanceId())));
        return answer.map(response -> {
            Result told = new Result(
                    details(response.statusDetails(), response.statusAsString()),
                    response.responseCode() == null ? -1 : response.responseCode(),
                    response.standardOutputContent(),
                    invocation.requestedDateTime());
            if (told.ran()) {
                ended.keep(invocation.commandId(), invocation.instanceId(), told);
            }
            return told;
        });
    }

    private static String details(@Nullable String details, @Nullable String status) {
        String word = details == null || details.isBlank() ? status : details;
        return word == null ? "Pending" : word.replace(" ", "");
    }
}
