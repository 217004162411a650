/** The outside look over HTTP: the port of verify on sockets. */
@NullMarked
package dev.lightkeeper.probe;

import org.jspecify.annotations.NullMarked;
