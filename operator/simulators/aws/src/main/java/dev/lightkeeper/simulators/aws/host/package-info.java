/**
 * Simulated hosts: what an SSM agent finds on an EC2 instance. Scripts run in a real shell under a folder of their own,
 * with a PATH of that host alone: real basic tools, and stand-ins for what would change the machine (Docker, Podman, pm2,
 * users, the clock, the disk), which ask {@link dev.lightkeeper.simulators.aws.host.SimulatedHost} over loopback. What is
 * deployed really listens, on a loopback address of that host.
 */
@NullMarked
package dev.lightkeeper.simulators.aws.host;

import org.jspecify.annotations.NullMarked;
