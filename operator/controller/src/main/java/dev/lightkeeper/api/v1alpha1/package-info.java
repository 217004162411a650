/**
 * The custom resources as records, without logic: the CRDs are generated from them.
 *
 * <p>A component that is not nullable is required or defaulted by the CRD's schema, so the API server never answers an object without it. Lists and
 * maps are never null. Enums are nullable although required or defaulted: a word that this version does not know
 * is read as null, and that must never be taken for a default.
 */
@NullMarked
package dev.lightkeeper.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
