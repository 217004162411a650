/** Step 1, what is wanted: spec and resolved references in, {@link dev.lightkeeper.desired.DesiredState} out. Reads references through a port. */
@NullMarked
package dev.lightkeeper.desired;

import org.jspecify.annotations.NullMarked;
