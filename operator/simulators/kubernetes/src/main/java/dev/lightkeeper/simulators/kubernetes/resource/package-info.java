/** Which kinds there are, and the rules that hold for all of them. */
@NullMarked
package dev.lightkeeper.simulators.kubernetes.resource;

import org.jspecify.annotations.NullMarked;
