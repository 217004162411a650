/** AWS on loopback: the Lightsail and STS wire protocols over simulated services. Knows nothing of the controller. */
@NullMarked
package dev.lightkeeper.simulators.aws;

import org.jspecify.annotations.NullMarked;
