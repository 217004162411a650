package dev.lightkeeper.api.v1alpha1;

/** Also used where a fact may be unknown. Never tell False for what was not observed. */
public enum ConditionStatus {
    True,
    False,
    Unknown
}
