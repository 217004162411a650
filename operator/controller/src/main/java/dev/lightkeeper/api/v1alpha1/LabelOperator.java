package dev.lightkeeper.api.v1alpha1;

/** Operators of a label selector. */
public enum LabelOperator {
    In,
    NotIn,
    Exists,
    DoesNotExist
}
