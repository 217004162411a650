/** The incidents that the product exists for, played on a running system and judged by what the Kubernetes API tells. */
@NullMarked
package dev.lightkeeper.sandbox.stories;

import org.jspecify.annotations.NullMarked;
