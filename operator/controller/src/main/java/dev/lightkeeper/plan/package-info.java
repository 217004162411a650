/** Step 3, what has to be done and why: desired, live, memory and time in, {@link dev.lightkeeper.plan.Plan} out. No I/O; cannot fail. */
@NullMarked
package dev.lightkeeper.plan;

import org.jspecify.annotations.NullMarked;
