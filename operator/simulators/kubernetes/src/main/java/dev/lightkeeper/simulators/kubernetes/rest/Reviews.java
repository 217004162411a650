package dev.lightkeeper.simulators.kubernetes.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.discovery.Discovery;
import dev.lightkeeper.simulators.kubernetes.http.Answer;
import dev.lightkeeper.simulators.kubernetes.http.Target;
import dev.lightkeeper.simulators.kubernetes.wire.ApiFailure;
import dev.lightkeeper.simulators.kubernetes.wire.Trees;
import java.util.List;
import java.util.Map;

/** Answers what {@code kubectl auth} asks: everybody who knows the token is the one administrator. */
public final class Reviews {
    private Reviews() {}

    /** Answers a review. */
    public static Answer answer(Target target) {
        if (!target.verb().equals("create")) {
            throw ApiFailure.methodNotAllowed();
        }
        ObjectNode review = Trees.object()
                .put(
                        "kind",
                        Discovery.REVIEWS.getOrDefault(target.group(), Map.of()).get(target.resource()))
                .put("apiVersion", target.group() + "/" + target.version());
        var _ = review.putObject("metadata");
        ObjectNode status = review.putObject("status");
        switch (target.resource()) {
            case "selfsubjectreviews" ->
                status.putObject("userInfo")
                        .put("username", "kubernetes-admin")
                        .set("groups", Trees.strings(List.of("system:masters", "system:authenticated")));
            case "selfsubjectrulesreviews" -> {
                ObjectNode all = status.put("incomplete", false)
                        .putArray("resourceRules")
                        .addObject();
                for (String field : List.of("verbs", "apiGroups", "resources")) {
                    all.set(field, Trees.strings(List.of("*")));
                }
                ObjectNode paths = status.putArray("nonResourceRules").addObject();
                paths.set("verbs", Trees.strings(List.of("*")));
                paths.set("nonResourceURLs", Trees.strings(List.of("*")));
            }
            default -> status.put("allowed", true);
        }
        return Answer.Tree.of(201, review);
    }
}
