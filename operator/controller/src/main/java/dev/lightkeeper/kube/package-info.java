/** Adapters to the Kubernetes API: status writer, events, references, revisions, leader election. */
@NullMarked
package dev.lightkeeper.kube;

import org.jspecify.annotations.NullMarked;
