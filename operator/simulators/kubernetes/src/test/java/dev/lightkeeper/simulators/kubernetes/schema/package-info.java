@NullMarked
package dev.lightkeeper.simulators.kubernetes.schema;

import org.jspecify.annotations.NullMarked;
