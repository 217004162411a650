/** Lightsail container services: operations, state machine, validation, and what people do out of band. */
@NullMarked
package dev.lightkeeper.simulators.aws.lightsail;

import org.jspecify.annotations.NullMarked;
