package dev.lightkeeper.simulators.aws.lightsail;

import java.time.Duration;

/**
 * How long things take, in simulated time. AWS publishes none of these; the defaults have the order of magnitude that
 * users report.
 *
 * @param create a new service from PENDING to READY
 * @param deploymentStart from an accepted deployment until its nodes start
 * @param deploymentEvaluation the least time that nodes are watched before they are believed to be healthy
 * @param deploymentActivation from healthy nodes until the deployment is ACTIVE
 * @param nodeStart between two starts of a node whose image cannot be pulled; the third is cancelled as late again
 * @param update a change of power, scale, domains or of the image puller role
 * @param disable until a service is DISABLED, or runs again
 * @param delete from DELETING until the service is not found any more
 * @param principal from creation until a service names its principal
 * @param logIngestion until a written line can be read
 * @param logRetention how long a line can be read; AWS's documents say 3 and 4 days
 * @param poll how often the state of nodes is looked at
 */
public record Timings(
        Duration create,
        Duration deploymentStart,
        Duration deploymentEvaluation,
        Duration deploymentActivation,
        Duration nodeStart,
        Duration update,
        Duration disable,
        Duration delete,
        Duration principal,
        Duration logIngestion,
        Duration logRetention,
        Duration poll) {

    /** {@return the defaults: creation takes two minutes, a good deployment five} */
    public static Timings defaults() {
        return new Timings(
                Duration.ofSeconds(120),
                Duration.ofSeconds(60),
                Duration.ofSeconds(150),
                Duration.ofSeconds(90),
                Duration.ofSeconds(180),
                Duration.ofSeconds(120),
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                Duration.ofSeconds(40),
                Duration.ofSeconds(30),
                Duration.ofDays(3),
                Duration.ofSeconds(5));
    }

    /**
     * {@return the same with another creation time}
     *
     * @param time from PENDING to READY
     */
    public Timings withCreate(Duration time) {
        return new Timings(
                time,
                deploymentStart,
                deploymentEvaluation,
                deploymentActivation,
                nodeStart,
                update,
                disable,
                delete,
                principal,
                logIngestion,
                logRetention,
                poll);
    }

    /**
     * {@return the same with other times of a deployment}
     *
     * @param start until nodes start
     * @param evaluation the least time that nodes are watched
     * @param activation until ACTIVE
     */
    public Timings withDeployment(Duration start, Duration evaluation, Duration activation) {
        return new Timings(
                create,
                start,
                evaluation,
                activation,
                nodeStart,
                update,
                disable,
                delete,
                principal,
                logIngestion,
                logRetention,
                poll);
    }

    /**
     * {@return the same with another delay of log lines}
     *
     * @param ingestion until a written line can be read
     */
    public Timings withLogIngestion(Duration ingestion) {
        return new Timings(
                create,
                deploymentStart,
                deploymentEvaluation,
                deploymentActivation,
                nodeStart,
                update,
                disable,
                delete,
                principal,
                ingestion,
                logRetention,
                poll);
    }

    /**
     * {@return the same with other times of updates and deletion}
     *
     * @param updateTime of power, scale, domains, image puller role
     * @param disableTime until DISABLED
     * @param deleteTime until not found
     */
    public Timings withChanges(Duration updateTime, Duration disableTime, Duration deleteTime) {
        return new Timings(
                create,
                deploymentStart,
                deploymentEvaluation,
                deploymentActivation,
                nodeStart,
                updateTime,
                disableTime,
                deleteTime,
                principal,
                logIngestion,
                logRetention,
                poll);
    }
}
