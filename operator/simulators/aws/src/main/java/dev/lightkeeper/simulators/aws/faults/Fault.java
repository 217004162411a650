package dev.lightkeeper.simulators.aws.faults;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A rule: what goes wrong with which requests. A null condition matches everything. Each attempt of an SDK counts as a
 * request.
 *
 * @param kind what goes wrong
 * @param service signing name, such as {@code lightsail}
 * @param operation such as {@code CreateContainerService}
 * @param region such as {@code eu-central-1}
 * @param account twelve digits
 * @param target name of the resource that the request is about
 * @param from the first matching request that is hit, counted from 1
 * @param count how many requests are hit before the rule is used up; null for no limit
 * @param probability of being hit, 0 to 1, drawn from the world's seeded source
 * @param delay for {@link FaultKind#SLOW} (real time) and {@link FaultKind#STALE_READ} (simulated time)
 * @param errorCode for {@link FaultKind#ERROR}
 * @param message for {@link FaultKind#ERROR}
 * @param status HTTP status for {@link FaultKind#ERROR}
 * @param otherAccount for {@link FaultKind#WRONG_ACCOUNT}
 */
public record Fault(
        FaultKind kind,
        @Nullable String service,
        @Nullable String operation,
        @Nullable String region,
        @Nullable String account,
        @Nullable String target,
        int from,
        @Nullable Integer count,
        double probability,
        Duration delay,
        String errorCode,
        String message,
        int status,
        String otherAccount) {

    /**
     * {@return a fault that hits every request, always}
     *
     * @param kind what goes wrong
     */
    public static Fault of(FaultKind kind) {
        return new Fault(
                kind,
                null,
                null,
                null,
                null,
                null,
                1,
                null,
                1,
                Duration.ofSeconds(30),
                "InternalFailure",
                "Injected by the simulator",
                500,
                "999999999999");
    }

    /**
     * {@return a fault that hits every request of one operation}
     *
     * @param kind what goes wrong
     * @param operation such as {@code CreateContainerService}
     */
    public static Fault of(FaultKind kind, String operation) {
        return of(kind).onOperation(operation);
    }

    /**
     * {@return this fault for one service only}
     *
     * @param name signing name
     */
    public Fault onService(String name) {
        return new Fault(
                kind,
                name,
                operation,
                region,
                account,
                target,
                from,
                count,
                probability,
                delay,
                errorCode,
                message,
                status,
                otherAccount);
    }

    /**
     * {@return this fault for one operation only}
     *
     * @param name of the operation
     */
    public Fault onOperation(String name) {
        return new Fault(
                kind,
                service,
                name,
                region,
                account,
                target,
                from,
                count,
                probability,
                delay,
                errorCode,
                message,
                status,
                otherAccount);
    }

    /**
     * {@return this fault for one region only}
     *
     * @param name of the region
     */
    public Fault inRegion(String name) {
        return new Fault(
                kind,
                service,
                operation,
                name,
                account,
                target,
                from,
                count,
                probability,
                delay,
                errorCode,
                message,
                status,
                otherAccount);
    }

    /**
     * {@return this fault for one account only}
     *
     * @param id twelve digits
     */
    public Fault inAccount(String id) {
        return new Fault(
                kind,
                service,
                operation,
                region,
                id,
                target,
                from,
                count,
                probability,
                delay,
                errorCode,
                message,
                status,
                otherAccount);
    }

    /**
     * {@return this fault for requests about one resource only}
     *
     * @param name of the resource
     */
    public Fault onTarget(String name) {
        return new Fault(
                kind,
                service,
                operation,
                region,
                account,
                name,
                from,
                count,
                probability,
                delay,
                errorCode,
                message,
                status,
                otherAccount);
    }

    /**
     * {@return this fault from the nth matching request on}
     *
     * @param nth counted from 1
     */
    public Fault startingAt(int nth) {
        return new Fault(
                kind,
                service,
                operation,
                region,
                account,
                target,
                nth,
                count,
                probability,
                delay,
                errorCode,
                message,
                status,
                otherAccount);
    }

    /**
     * {@return this fault for so many requests}
     *
     * @param requests how many
     */
    public Fault times(int requests) {
        return new Fault(
                kind,
                service,
                operation,
                region,
                account,
                target,
                from,
                requests,
                probability,
                delay,
                errorCode,
                message,
                status,
                otherAccount);
    }

    /**
     * {@return this fault with a probability}
     *
     * @param chance 0 to 1
     */
    public Fault withProbability(double chance) {
        return new Fault(
                kind,
                service,
                operation,
                region,
                account,
                target,
                from,
                count,
                chance,
                delay,
                errorCode,
                message,
                status,
                otherAccount);
    }

    /**
     * {@return this fault with a delay}
     *
     * @param by real time for SLOW, simulated time for STALE_READ
     */
    public Fault delayed(Duration by) {
        return new Fault(
                kind,
                service,
                operation,
                region,
                account,
                target,
                from,
                count,
                probability,
                by,
                errorCode,
                message,
                status,
                otherAccount);
    }

    /**
     * {@return this fault with the error to send}
     *
     * @param httpStatus status
     * @param code that clients classify by
     * @param text for people
     */
    public Fault error(int httpStatus, String code, String text) {
        return new Fault(
                kind,
                service,
                operation,
                region,
                account,
                target,
                from,
                count,
                probability,
                delay,
                code,
                text,
                httpStatus,
                otherAccount);
    }

    /**
     * {@return this fault with the account that requests are led to}
     *
     * @param id twelve digits
     */
    public Fault leadingTo(String id) {
        return new Fault(
                kind,
                service,
                operation,
                region,
                account,
                target,
                from,
                count,
                probability,
                delay,
                errorCode,
                message,
                status,
                id);
    }
}
