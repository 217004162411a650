package dev.lightkeeper.desired;

/**
 * Reads parameters in the account and region of a resource, as far as the account lets the resource's namespace. It is
 * asked at every look, so an answer may be a few minutes old.
 */
public interface ParameterStore {
    /** One answer for each parameter and path of the query. */
    Parameters read(ParameterQuery query);

    /** The resource is gone. */
    void forget(String uid);
}
