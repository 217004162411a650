/** The rules of docs/architecture.md, held by the build. */
@NullMarked
package dev.lightkeeper.architecture;

import org.jspecify.annotations.NullMarked;
