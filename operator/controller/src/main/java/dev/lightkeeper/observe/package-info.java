/** Step 2, what is there: identity in, {@link dev.lightkeeper.observe.LiveState} out. Reads only; a remote fault is Unknown, never an exception. */
@NullMarked
package dev.lightkeeper.observe;

import org.jspecify.annotations.NullMarked;
