/** The control interface of a simulated world over HTTP, under /_simulator/. */
@NullMarked
package dev.lightkeeper.simulators.aws.control;

import org.jspecify.annotations.NullMarked;
