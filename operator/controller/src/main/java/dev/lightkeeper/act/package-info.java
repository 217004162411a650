/** Step 4, do it: plan in, {@link dev.lightkeeper.act.Results} out. At most one mutation a run, its intent recorded first. */
@NullMarked
package dev.lightkeeper.act;

import org.jspecify.annotations.NullMarked;
