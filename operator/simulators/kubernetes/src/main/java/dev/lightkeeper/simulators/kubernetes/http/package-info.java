/** Requests and answers of the Kubernetes API, on loopback. */
@NullMarked
package dev.lightkeeper.simulators.kubernetes.http;

import org.jspecify.annotations.NullMarked;
