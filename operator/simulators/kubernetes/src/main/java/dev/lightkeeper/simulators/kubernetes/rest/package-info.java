/** What the API's verbs do to objects. */
@NullMarked
package dev.lightkeeper.simulators.kubernetes.rest;

import org.jspecify.annotations.NullMarked;
