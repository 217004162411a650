package dev.lightkeeper.simulators.aws.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.audit.Effect;

/**
 * What an operation returns when it is not refused.
 *
 * @param body members of the result
 * @param effect what it changed
 */
public record Answer(ObjectNode body, Effect effect) {
    /**
     * {@return the answer of an operation that changes nothing}
     *
     * @param body members of the result
     */
    public static Answer read(ObjectNode body) {
        return new Answer(body, Effect.NONE);
    }

    /**
     * {@return an answer without members}
     *
     * @param effect what the operation changed
     */
    public static Answer empty(Effect effect) {
        return new Answer(JsonNodeFactory.instance.objectNode(), effect);
    }

    @Override
    public String toString() {
        return "Answer[" + effect + "]";
    }
}
