/** What can be made to go wrong with a request. */
@NullMarked
package dev.lightkeeper.simulators.aws.faults;

import org.jspecify.annotations.NullMarked;
