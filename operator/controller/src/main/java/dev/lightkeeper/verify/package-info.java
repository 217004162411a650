/** Step 5, did it work and does it still: a fresh look and probes in, {@link dev.lightkeeper.verify.Verdict} out. Reads only. */
@NullMarked
package dev.lightkeeper.verify;

import org.jspecify.annotations.NullMarked;
