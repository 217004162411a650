/** EC2 instances over the query API: states, tags, launches, and the agent on each instance that SSM talks to. */
@NullMarked
package dev.lightkeeper.simulators.aws.ec2;

import org.jspecify.annotations.NullMarked;
