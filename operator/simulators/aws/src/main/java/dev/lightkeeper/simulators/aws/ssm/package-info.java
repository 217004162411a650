/** SSM's Parameter Store: parameters with versions and labels, over JSON 1.1. */
@NullMarked
package dev.lightkeeper.simulators.aws.ssm;

import org.jspecify.annotations.NullMarked;
