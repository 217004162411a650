/** CloudWatch Logs over JSON 1.1, for reading; agents write past the API. */
@NullMarked
package dev.lightkeeper.simulators.aws.logs;

import org.jspecify.annotations.NullMarked;
