package dev.lightkeeper.simulators.kubernetes.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares an outcome with kube-apiserver's. */
final class Judgement {
    private Judgement() {}

    /** Nothing when they are alike. */
    static List<String> differences(
            String kind, @Nullable ObjectNode live, Outcome real, Outcome ours, boolean changed) {
        List<String> differences = new ArrayList<>();
        if (real.isInvalid()) {
            return differences;
        }
        if (!real.succeeded() || !ours.succeeded()) {
            if (!Values.same(real.body(), ours.body())) {
                differences.add("answered\n  %s\nbut kube-apiserver\n  %s".formatted(ours.body(), real.body()));
            }
            return differences;
        }
        ObjectNode theirObject = Outcome.masked(real.body());
        ObjectNode ourObject = Outcome.masked(ours.body());
        List<JsonNode> theirFields = Outcome.timeless(theirObject.at("/metadata/managedFields"));
        List<JsonNode> ourFields = Outcome.timeless(ourObject.at("/metadata/managedFields"));
        if (!theirFields.equals(ourFields)) {
            differences.add("managedFields\n  %s\nbut kube-apiserver\n  %s".formatted(ourFields, theirFields));
        }
        boolean builtIn = !kind.equals("Thing");
        for (ObjectNode object : List.of(theirObject, ourObject)) {
            object.withObjectProperty("metadata").remove(List.of("creationTimestamp", "namespace", "managedFields"));
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
