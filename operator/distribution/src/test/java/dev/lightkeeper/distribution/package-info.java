/** Starts what is installed as a process of its own, against simulators. */
@NullMarked
package dev.lightkeeper.distribution;

import org.jspecify.annotations.NullMarked;
