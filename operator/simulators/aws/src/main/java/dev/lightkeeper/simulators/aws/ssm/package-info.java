/** SSM over JSON 1.1: Parameter Store with versions and labels, and Run Command, which really runs scripts. */
@NullMarked
package dev.lightkeeper.simulators.aws.ssm;

import org.jspecify.annotations.NullMarked;
