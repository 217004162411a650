package dev.lightkeeper.simulators.kubernetes;

/**
 * One request that was handled, as RBAC would judge it.
 *
 * @param verb        for example {@code deletecollection}
 * @param group       empty for core
 * @param resource    plural; empty when the request is not about a resource
 * @param subresource may be empty
 * @param namespace   empty for none or all
 * @param name        of the object, or path of a request that is not about a resource
 * @param userAgent   of the client
 * @param status      HTTP status of the answer
 */
public record AuditEntry(
        String verb,
        String group,
        String resource,
        String subresource,
        String namespace,
        String name,
        String userAgent,
        int status) {}
