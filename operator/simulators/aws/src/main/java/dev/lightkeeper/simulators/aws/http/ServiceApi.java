package dev.lightkeeper.simulators.aws.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** One AWS service as it is called, free of the wire. */
public interface ServiceApi {
    /** {@return the service's name in credential scopes and IAM actions, such as {@code lightsail}} */
    String signingName();

    /** {@return how it is spoken to} */
    Protocol protocol();

    /** {@return the code of an error of its own} */
    default String internalError() {
        return "ServiceException";
    }

    /** {@return whether errors carry Lightsail's finer code, link and tip} */
    default boolean explainsErrors() {
        return false;
    }

    /**
     * {@return whether AWS takes this operation without a signature}
     *
     * @param operation name of the operation
     */
    default boolean isUnsigned(String operation) {
        return false;
    }

    /**
     * {@return the name of the resource that a request is about, or null}
     *
     * @param input of the request
     */
    default @Nullable String target(ObjectNode input) {
        return null;
    }

    /**
     * {@return what the caller noted for people, as it may be kept in the audit log, or null}
     *
     * @param input of the request
     */
    default @Nullable String comment(ObjectNode input) {
        return null;
    }

    /**
     * Does what is asked.
     *
     * @param call the request
     * @return the result
     * @throws ApiError if it is refused; then nothing was changed
     */
    Answer call(Call call);
}
