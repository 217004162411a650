/** What can go wrong with a remote system, as values. No I/O. */
@NullMarked
package dev.lightkeeper.failure;

import org.jspecify.annotations.NullMarked;
