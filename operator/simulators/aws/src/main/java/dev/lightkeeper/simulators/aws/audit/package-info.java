/** What was asked of the simulated AWS and what effect each request had. */
@NullMarked
package dev.lightkeeper.simulators.aws.audit;

import org.jspecify.annotations.NullMarked;
