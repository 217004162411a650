/** Metrics, health and the watchdog. */
@NullMarked
package dev.lightkeeper.telemetry;

import org.jspecify.annotations.NullMarked;
