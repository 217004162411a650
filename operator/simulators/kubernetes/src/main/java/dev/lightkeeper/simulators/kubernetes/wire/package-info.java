/** What goes over the wire: trees, and the failures kube-apiserver tells as Status objects. */
@NullMarked
package dev.lightkeeper.simulators.kubernetes.wire;

import org.jspecify.annotations.NullMarked;
