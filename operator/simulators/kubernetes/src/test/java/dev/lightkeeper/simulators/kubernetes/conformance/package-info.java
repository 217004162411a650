/** One suite of requests and commands with kube-apiserver's recorded answers, for the embedded API and the real one. */
@NullMarked
package dev.lightkeeper.simulators.kubernetes.conformance;

import org.jspecify.annotations.NullMarked;
