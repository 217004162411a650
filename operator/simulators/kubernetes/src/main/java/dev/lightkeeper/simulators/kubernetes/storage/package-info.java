/** Objects, their revisions, and the changes that watches follow. */
@NullMarked
package dev.lightkeeper.simulators.kubernetes.storage;

import org.jspecify.annotations.NullMarked;
