package dev.lightkeeper.simulators.kubernetes.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.http.Answer;
import dev.lightkeeper.simulators.kubernetes.http.Request;
import dev.lightkeeper.simulators.kubernetes.http.Target;
import dev.lightkeeper.simulators.kubernetes.wire.ApiFailure;
import dev.lightkeeper.simulators.kubernetes.wire.Trees;
import java.io.IOException;
import java.util.List;

/** Answers what {@code kubectl auth} asks: everybody who knows the token is the one administrator. */
public final class Reviews {
    private Reviews() {}

    /** Answers a review. */
    public static Answer answer(Request request, Target target) {
        if (!target.verb().equals("create")) {
            throw ApiFailure.methodNotAllowed();
        }
        ObjectNode review;
        try {
            review = (ObjectNode) Trees.parseJson(request.body()).root();
        } catch (IOException e) {
            throw ApiFailure.badRequest("the review cannot be read: " + e.getMessage());
        }
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
