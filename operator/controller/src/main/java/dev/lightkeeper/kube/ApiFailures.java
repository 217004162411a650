package dev.lightkeeper.kube;

import dev.lightkeeper.failure.Failure;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** The one table from an answer of the Kubernetes API to a {@link Failure}. */
final class ApiFailures {
    private ApiFailures() {}

    /**
     * Classifies by status code. The message names the call and the code only: the server's own text may quote what was
     * sent.
     *
     * @param call such as {@code get secrets}; names verb and resource as RBAC does
     */
    static Failure of(KubernetesClientException e, String call) {
        int code = e.getCode();
        return switch (code) {
            case 401, 403 ->
                new Failure.Denied(
                        Integer.toString(code),
                        call,
                        "the Kubernetes API refused the operator: " + call + " (" + code + ")");
            case 409 -> new Failure.Conflict("409", "somebody else has changed the object: " + call);
            case 429 -> new Failure.Throttled("the Kubernetes API is busy: " + call);
            default ->
                code <= 0 || code >= 500
                        ? new Failure.Transient(
                                Integer.toString(code), "the Kubernetes API did not answer: " + call, true)
                        : new Failure.Terminal(
                                Integer.toString(code), "the Kubernetes API refused: " + call + " (" + code + ")");
        };
    }
}
