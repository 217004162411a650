package dev.lightkeeper.simulators.kubernetes.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One thing that a case does, and what of the answer is held against the recording. */
record Step(String title, Action action, Look look) {

    /**
     * What of an answer counts.
     *
     * @param only    paths of a body, or patterns for lines of output; empty means all
     * @param mask    further patterns for what varies
     * @param capture variables for later steps, with the path that gives each its value
     * @param managedFields whether ownership counts; it would drown everything else where it is not the point
     */
    record Look(List<String> only, List<String> mask, Map<String, String> capture, boolean managedFields) {}

    /** What is done. */
    sealed interface Action {}

    /**
     * An HTTP request.
     *
     * @param body  an object is sent as JSON, a string as it is
     * @param until repeats the request until these paths have these values
     */
    record Call(
            String method,
            String path,
            Map<String, String> headers,
            @Nullable JsonNode body,
            Map<String, String> until) implements Action {}

    /**
     * A kubectl command.
     *
     * @param files  written into its working directory first
     * @param editor a shell script that changes the file {@code $1}, for {@code kubectl edit}
     * @param during what happens once the command watches
     * @param lines  ends the command after so many lines of output; 0 lets it end by itself
     */
    record Command(
            String line,
            Map<String, JsonNode> files,
            @Nullable JsonNode input,
            @Nullable String editor,
            List<Step> during,
            int lines)
            implements Action {}

    /**
     * A watch, until it has delivered so many events.
     *
     * @param bookmarks whether bookmarks count as events; they come when the server likes
     * @param during    what happens once the watch stands
     */
    record Watch(String path, int events, boolean bookmarks, List<Step> during) implements Action {}

    /** Requests at the same time; only how often each status was answered counts. */
    record Together(List<Call> calls) implements Action {}
}
