/** What the documentation says is what the code does, as far as a machine can tell. */
@NullMarked
package dev.lightkeeper.docs;

import org.jspecify.annotations.NullMarked;
