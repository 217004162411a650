/** The machines behind simulated instances: what an SSM agent's scripts run on. */
@NullMarked
package dev.lightkeeper.simulators.aws.host;

import org.jspecify.annotations.NullMarked;
