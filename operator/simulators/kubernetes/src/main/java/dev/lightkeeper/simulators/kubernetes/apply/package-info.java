/** Who owns which field: server-side apply and metadata.managedFields. */
@NullMarked
package dev.lightkeeper.simulators.kubernetes.apply;

import org.jspecify.annotations.NullMarked;
