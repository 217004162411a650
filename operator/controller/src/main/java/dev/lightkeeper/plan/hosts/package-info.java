/** A service on hosts, made out as what the other rules know: one service with a deployment that serves and one that comes. */
@NullMarked
package dev.lightkeeper.plan.hosts;

import org.jspecify.annotations.NullMarked;
