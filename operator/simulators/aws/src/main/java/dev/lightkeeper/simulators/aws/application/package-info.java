/**
 * Simulated applications: what a deployment runs, behind a simulated balancer that answers real HTTP on loopback. What an
 * image does is data ({@link dev.lightkeeper.simulators.aws.application.ImageCatalogue}).
 *
 * <p>Only the balancer listens. Nodes and containers live in this process and need no socket: HTTPS, TCP and UDP ports
 * are accepted and carried, but nothing can be reached through them. All delays run on the simulator's clock, except
 * the latency of an answer, which is real because clients measure it with a real clock.
 */
@NullMarked
package dev.lightkeeper.simulators.aws.application;

import org.jspecify.annotations.NullMarked;
