/** The one place that reads the environment. */
@NullMarked
package dev.lightkeeper.config;

import org.jspecify.annotations.NullMarked;
