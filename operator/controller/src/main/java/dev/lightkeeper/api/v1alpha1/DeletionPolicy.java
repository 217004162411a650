package dev.lightkeeper.api.v1alpha1;

/** What becomes of the service at AWS when the object is deleted. */
public enum DeletionPolicy {
    Retain,
    Delete
}
