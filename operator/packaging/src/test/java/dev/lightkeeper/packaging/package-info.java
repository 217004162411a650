/** Tests of the chart, the manifests and what belongs to them. */
@NullMarked
package dev.lightkeeper.packaging;

import org.jspecify.annotations.NullMarked;
