package dev.lightkeeper.simulators.aws.ssm;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A command that was sent. Guarded by the lock of {@link RunCommand}. */
final class Command {
    final String id;
    /** Orders commands, newest first. */
    final String key;

    final String account;
    final String region;
    final CommandRequest request;
    final Instant requestedAt;
    /** Reads do not find it before. */
    final Instant visibleAt;

    /** By instance id. */
    final Map<String, Invocation> invocations = new TreeMap<>();
    /** Whether those that do not answer are tried again at a time that is set. */
    boolean retrying;
    /** When it was found that the targets select nothing; null otherwise. */
    @Nullable
    Instant emptySince;

    /**
     * Status of the whole.
     *
     * @param status one of few
     * @param details what clients should decide on
     */
    record Status(String status, String details) {}

    Command(
            String id,
            long number,
            String account,
            String region,
            CommandRequest request,
            Instant requestedAt,
            Instant visibleAt) {
        this.id = id;
        this.key = "%019d".formatted(Long.MAX_VALUE - number);
        this.account = account;
        this.region = region;
        this.request = request;
        this.requestedAt = requestedAt;
        this.visibleAt = visibleAt;
    }

    Instant deliveryDeadline() {
        return requestedAt.plus(request.deliveryTimeout());
    }

    Instant expiresAfter() {
        return deliveryDeadline().plus(request.executionTimeout());
    }

    List<InvocationStatus> statuses(Instant at) {
        return invocations.values().stream()
                .map(invocation -> invocation.progress(at).status())
                .toList();
    }

    long errors(Instant at) {
        return statuses(at).stream().filter(InvocationStatus::isError).count();
    }

    boolean hasTooManyErrors(Instant at) {
        return errors(at) > request.errorsAllowed(invocations.size());
    }

    Status status(Instant at) {
        if (emptySince != null && !at.isBefore(emptySince)) {
            return new Status("Success", "NoInstancesInTag");
        }
        List<InvocationStatus> all = statuses(at);
        if (all.isEmpty() || all.stream().allMatch(status -> status == InvocationStatus.PENDING)) {
            return new Status("Pending", "Pending");
        }
        if (!all.stream().allMatch(InvocationStatus::isOver)) {
            return unfinished(all);
        }
        if (all.stream().allMatch(status -> status == InvocationStatus.SUCCESS)) {
            return new Status("Success", "Success");
        }
        InvocationStatus first = all.getFirst();
        if (all.stream().allMatch(status -> status == first) && first != InvocationStatus.UNDELIVERABLE) {
            return new Status(first.status(), first.details());
        }
        if (hasTooManyErrors(at) || all.stream().allMatch(status -> status == InvocationStatus.UNDELIVERABLE)) {
            return new Status("Failed", "Failed");
        }
        return all.contains(InvocationStatus.CANCELLED)
                ? new Status("Cancelled", "Cancelled")
                : new Status("Failed", "Incomplete");
    }

    private static Status unfinished(List<InvocationStatus> all) {
        if (all.contains(InvocationStatus.CANCELLING)) {
            return new Status("Cancelling", "Cancelling");
        }
        boolean delayed = all.contains(InvocationStatus.DELAYED) && !all.contains(InvocationStatus.IN_PROGRESS);
        boolean begun = all.stream().anyMatch(status -> !status.isWaiting());
        return new Status(begun ? "InProgress" : "Pending", delayed ? "Delayed" : begun ? "InProgress" : "Pending");
    }
}
