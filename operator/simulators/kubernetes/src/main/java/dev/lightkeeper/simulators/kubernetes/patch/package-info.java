/** JSON patch, merge patch and strategic merge patch on trees. */
@NullMarked
package dev.lightkeeper.simulators.kubernetes.patch;

import org.jspecify.annotations.NullMarked;
