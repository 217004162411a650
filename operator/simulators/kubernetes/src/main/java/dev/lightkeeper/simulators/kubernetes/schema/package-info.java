/** Structural schemas of CRDs: defaulting, pruning, validation, and CEL rules. */
@NullMarked
package dev.lightkeeper.simulators.kubernetes.schema;

import org.jspecify.annotations.NullMarked;
