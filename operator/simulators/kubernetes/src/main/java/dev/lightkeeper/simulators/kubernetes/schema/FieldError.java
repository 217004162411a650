package dev.lightkeeper.simulators.kubernetes.schema;

/**
 * One thing that is wrong with an object, as kube-apiserver tells it in {@code status.details.causes}.
 *
 * @param reason  the cause's reason, for example {@code FieldValueInvalid} or {@code FieldValueRequired}
 * @param field   path of the field, for example {@code spec.containers[0].image}
 * @param message the cause's whole message, for example {@code Invalid value: "x": spec.a in body should match '^a$'}
 */
public record FieldError(String reason, String field, String message) {}
