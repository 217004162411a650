/** One process to try everything: a Kubernetes API, simulated AWS and the operator. */
@NullMarked
package dev.lightkeeper.sandbox;

import org.jspecify.annotations.NullMarked;
