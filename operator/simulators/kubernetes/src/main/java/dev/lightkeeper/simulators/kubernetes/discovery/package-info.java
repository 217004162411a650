/** Which resources there are and what they look like, told to clients. */
@NullMarked
package dev.lightkeeper.simulators.kubernetes.discovery;

import org.jspecify.annotations.NullMarked;
