package dev.lightkeeper.simulators.kubernetes.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Compares an outcome with kube-apiserver's. */
final class Judgement {
    private Judgement() {}

    /** Nothing when they are alike. */
    static List<String> differences(
            String kind, @Nullable ObjectNode live, Outcome real, Outcome ours, boolean changed) {
        List<String> differences = new ArrayList<>();
        if (!real.succeeded() || !ours.succeeded()) {
            if (!Values.same(real.body(), ours.body())) {
                differences.add("answered\n  %s\nbut kube-apiserver\n  %s".formatted(ours.body(), real.body()));
            }
            return differences;
        }
        ObjectNode theirObject = Outcome.masked(real.body());
        ObjectNode ourObject = Outcome.masked(ours.body());
        JsonNode theirFields = theirObject.withObjectProperty("metadata").remove("managedFields");
        JsonNode ourFields = ourObject.withObjectProperty("metadata").remove("managedFields");
        if (!Objects.equals(theirFields, ourFields)) {
            differences.add("managedFields\n  %s\nbut kube-apiserver\n  %s".formatted(ourFields, theirFields));
        }
        boolean builtIn = !kind.equals("Thing");
        for (ObjectNode object : List.of(theirObject, ourObject)) {
            object.withObjectProperty("metadata").remove(List.of("creationTimestamp", "namespace"));
        }
        if (builtIn ? PureServer.missing(ourObject, theirObject) != null : !Values.same(ourObject, theirObject)) {
            differences.add("object\n  %s\nbut kube-apiserver\n  %s".formatted(ourObject, theirObject));
        }
        if (live != null && changed == ours.body().equals(live)) {
            differences.add("changed something: %s, but kube-apiserver: %s".formatted(!changed, changed));
        }
        return differences;
    }
}
