package dev.lightkeeper.ec2;

import dev.lightkeeper.aws.AccountSession;
import dev.lightkeeper.aws.Accounts;
import dev.lightkeeper.aws.AwsAnswer;
import dev.lightkeeper.aws.AwsFailures;
import dev.lightkeeper.desired.SecretText;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.Observed;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

/** SSM Run Command: sends, finds again what was sent, and reads what came of it. */
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
    private static final Duration MAY_ANSWER = Duration.ofSeconds(60);
    private static final Pages PAGES = new Pages(20);

    /** An agent that does not fetch it within so long never will. */
    private static final int DELIVERY_SECONDS = 120;

    /** The clock of AWS may run behind ours. */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(2);

    private final Accounts accounts;

    Commands(Accounts accounts) {
        this.accounts = accounts;
    }

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

    /**
     * Asks hosts something that changes nothing. One host that SSM does not reach spoils the whole call, so that the call is
     * made again for each half, down to that host.
     *
     * @param hosts at most {@value #MOST_HOSTS}
     * @param told the id of each command that came of it, or why there is none, with the hosts that it is about
     */
    void ask(
            AccountSession session,
            String region,
            List<String> hosts,
            String operation,
            List<String> lines,
            BiConsumer<List<String>, AwsAnswer<String>> told) {
        AwsAnswer<String> answer = send(session, region, hosts, operation, lines, MAY_ANSWER, List.of());
        if (hosts.size() > 1 && answer instanceof AwsAnswer.Failed<String>(Failure.Conflict ignored)) {
            int half = hosts.size() / 2;
            ask(session, region, hosts.subList(0, half), operation, lines, told);
            ask(session, region, hosts.subList(half, hosts.size()), operation, lines, told);
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
        if (answer instanceof AwsAnswer.Failed<String>(Failure failure)) {
            accounts.noticed(session, failure);
        }
        return answer;
    }

    /** The id of a command whose answer was lost; Absent when SSM lists none. */
    Observed<String> find(AccountSession session, String region, String operation, Instant sentAt) {
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
                page -> idOf(operation, page).isPresent());
        return switch (pages) {
            case AwsAnswer.Failed<List<ListCommandsResponse>>(Failure failure) -> unknown(session, failure);
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

    private <T> Observed<T> unknown(AccountSession session, Failure failure) {
        accounts.noticed(session, failure);
        return new Observed.Unknown<>(failure);
    }

    /** What came of a command, by instance; one that is not in it is not visible yet. */
    Observed<Map<String, Result>> results(AccountSession session, String region, String commandId) {
        return results(session, region, commandId, instance -> true);
    }

    /** The same for some instances. */
    Observed<Map<String, Result>> results(
            AccountSession session, String region, String commandId, Predicate<String> wanted) {
        AwsAnswer<List<ListCommandInvocationsResponse>> pages = PAGES.read(
                token -> session.hosts(
                        region,
                        INVOCATIONS,
                        client -> client.listCommandInvocations(request ->
                                request.commandId(commandId).maxResults(PAGE).nextToken(token))),
                ListCommandInvocationsResponse::nextToken);
        return switch (pages) {
            case AwsAnswer.Failed<List<ListCommandInvocationsResponse>>(Failure failure) -> unknown(session, failure);
            case AwsAnswer.Answered<List<ListCommandInvocationsResponse>>(var listed) ->
                results(
                        session,
                        region,
                        commandId,
                        listed.stream()
                                .flatMap(page -> page.commandInvocations().stream())
                                .filter(invocation -> wanted.test(invocation.instanceId()))
                                .toList());
        };
    }

    private Observed<Map<String, Result>> results(
            AccountSession session, String region, String commandId, List<CommandInvocation> invocations) {
        Map<String, Result> results = new HashMap<>();
        for (CommandInvocation invocation : invocations) {
            switch (result(session, region, commandId, invocation)) {
                case Observed.Unknown<Result>(Failure failure) -> {
                    return new Observed.Unknown<>(failure);
                }
                case Observed.Present<Result>(Result known) -> results.put(invocation.instanceId(), known);
                case Observed.Absent<Result>() -> {}
            }
        }
        return new Observed.Present<>(results);
    }

    /** The output is asked for one by one, since the list cuts it short. */
    private Observed<Result> result(
            AccountSession session, String region, String commandId, CommandInvocation invocation) {
        Result listed = new Result(details(invocation.statusDetails(), invocation.statusAsString()), -1, null, null);
        if (!listed.ran()) {
            return new Observed.Present<>(listed);
        }
        AwsAnswer<GetCommandInvocationResponse> answer = session.hosts(
                region,
                RESULT,
                client -> client.getCommandInvocation(
                        request -> request.commandId(commandId).instanceId(invocation.instanceId())));
        return switch (answer) {
            case AwsAnswer.Answered<GetCommandInvocationResponse>(GetCommandInvocationResponse response) ->
                new Observed.Present<>(new Result(
                        details(response.statusDetails(), response.statusAsString()),
                        response.responseCode() == null ? -1 : response.responseCode(),
                        response.standardOutputContent(),
                        invocation.requestedDateTime()));
            case AwsAnswer.Failed<GetCommandInvocationResponse>(Failure failure) -> {
                accounts.noticed(session, failure);
                // Right after it was sent a command may be listed and yet not be known by this call.
                yield AwsFailures.isNotFound(failure) ? new Observed.Absent<>() : new Observed.Unknown<>(failure);
            }
        };
    }

    private static String details(@Nullable String details, @Nullable String status) {
        String word = details == null || details.isBlank() ? status : details;
        return word == null ? "Pending" : word.replace(" ", "");
    }
}
