/** The Security Token Service: who a key belongs to, and sessions of roles. */
@NullMarked
package dev.lightkeeper.simulators.aws.sts;

import org.jspecify.annotations.NullMarked;
