package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** One EC2 host. A host that is gone is a fact here, never an error. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HostStatus(
        @JsonPropertyDescription("The instance.") @Required @Size(min = 1, max = 32)
        String instanceId,

        @JsonPropertyDescription("State of the instance or of its agent.") @Size(max = 64) @Nullable
        String state,

        @JsonPropertyDescription("The revision that runs there.") @Size(max = 63) @Nullable
        String revision,

        @JsonPropertyDescription("How far it has come in the roll that is under way, or came in the last one.")
        @Nullable
        HostStep step,

        @JsonPropertyDescription(
                "Whether what runs there answers; absent while nobody knows. False stays while it is silent.")
        @Nullable
        Boolean ready,

        @JsonPropertyDescription(
                "Whether it ran otherwise than its revision says when it was last looked at; absent when not.")
        @Nullable
        Boolean differs,

        @JsonPropertyDescription("What is wrong and what next.") @Size(max = 512) @Nullable
        String message) {
    /** EC2's word for an instance that runs; here also that SSM reaches its agent. */
    public static final String RUNNING = "running";

    /** It runs, but SSM does not reach its agent. EC2 has no such word. */
    public static final String UNREACHABLE = "unreachable";

    /** Whether the service may run there, as far as anybody knows. */
    public boolean mayServe() {
        return revision != null && (RUNNING.equals(state) || UNREACHABLE.equals(state));
    }

    /** The same host with a release brought to it, while what runs there and what it answers are as before. */
    public HostStatus prepared() {
        return new HostStatus(instanceId, state, revision, HostStep.Prepared, ready, differs, message);
    }

    /** The same host, further on in a roll, with nothing known of its answers. */
    public HostStatus at(@Nullable HostStep reached, @Nullable String why) {
        return new HostStatus(instanceId, state, revision, reached, null, differs, why);
    }

    /** The same host with what its answers say. */
    public HostStatus answering(@Nullable Boolean well, @Nullable String why) {
        return new HostStatus(instanceId, state, revision, step, well, differs, why);
    }
}
