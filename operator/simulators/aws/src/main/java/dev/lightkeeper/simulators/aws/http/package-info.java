/** How the simulated APIs are reached: one loopback listener, AWS's two wire protocols, signatures, errors. */
@NullMarked
package dev.lightkeeper.simulators.aws.http;

import org.jspecify.annotations.NullMarked;
