/** The thin JOSDK face, the pipeline and its schedule. */
@NullMarked
package dev.lightkeeper.reconcile;

import org.jspecify.annotations.NullMarked;
