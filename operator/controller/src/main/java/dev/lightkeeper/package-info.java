/** Wiring only: what is started, with which parts, in which order. */
@NullMarked
package dev.lightkeeper;

import org.jspecify.annotations.NullMarked;
