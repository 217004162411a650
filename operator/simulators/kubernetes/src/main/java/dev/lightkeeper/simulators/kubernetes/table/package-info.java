/** What kubectl prints: Table objects with printer columns. */
@NullMarked
package dev.lightkeeper.simulators.kubernetes.table;

import org.jspecify.annotations.NullMarked;
