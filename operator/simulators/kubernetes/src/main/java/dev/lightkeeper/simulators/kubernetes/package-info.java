/** A small Kubernetes API in process. Generic: it learns kinds from CRDs and from one table of built-ins. */
@NullMarked
package dev.lightkeeper.simulators.kubernetes;

import org.jspecify.annotations.NullMarked;
