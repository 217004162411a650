package dev.lightkeeper.api.v1alpha1;

/** What to do with a service that exists and is not ours. */
public enum AdoptionPolicy {
    CreateOnly,
    AdoptOrCreate,
    AdoptOnly
}
