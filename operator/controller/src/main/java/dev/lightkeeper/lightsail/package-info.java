/** The Lightsail container service as a target: the ports of observe and act over the AWS SDK. */
@NullMarked
package dev.lightkeeper.lightsail;

import org.jspecify.annotations.NullMarked;
