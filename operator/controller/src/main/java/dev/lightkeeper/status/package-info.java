/** Step 6, tell it: everything the run learned in, status and events out. No I/O. */
@NullMarked
package dev.lightkeeper.status;

import org.jspecify.annotations.NullMarked;
