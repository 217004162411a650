package dev.lightkeeper.simulators.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lightkeeper.simulators.kubernetes.discovery.Discovery;
import dev.lightkeeper.simulators.kubernetes.discovery.OpenApi;
import dev.lightkeeper.simulators.kubernetes.http.Answer;
import dev.lightkeeper.simulators.kubernetes.http.Request;
import dev.lightkeeper.simulators.kubernetes.http.Target;
import dev.lightkeeper.simulators.kubernetes.rest.Resources;
import dev.lightkeeper.simulators.kubernetes.rest.Reviews;
import dev.lightkeeper.simulators.kubernetes.wire.ApiFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds who answers a request, and keeps the audit. */
final class Routes {
    private static final Answer NO_SUCH_PAGE = new Answer.Text(404, "404 page not found\n");

    private final Resources resources;
    private final Discovery discovery;
    private final OpenApi openApi;
    private final Audit audit;
    private final Faults faults;

    Routes(Resources resources, Discovery discovery, OpenApi openApi, Audit audit, Faults faults) {
        this.resources = resources;
        this.discovery = discovery;
        this.openApi = openApi;
        this.audit = audit;
        this.faults = faults;
    }

    Answer answer(Request request) {
        Optional<Target> target = Target.of(request);
        Answer answer;
        try {
            answer = target.map(found -> resource(request, found)).orElseGet(() -> page(request));
        } catch (ApiFailure failure) {
            answer = Answer.Tree.of(failure.code(), failure.status());
        }
        audit.add(request, target, answer.status());
        return answer;
    }

    private Answer resource(Request request, Target target) {
        faults.strike(target);
        Map<String, String> reviews = Discovery.REVIEWS.getOrDefault(target.group(), Map.of());
        if (reviews.containsKey(target.resource()) && target.version().equals("v1")) {
            return Reviews.answer(target);
        }
        return resources
                .answer(request, target)
                .orElseGet(() -> discovery.isBuiltIn(target.group()) ? notServed() : NO_SUCH_PAGE);
    }

    private Answer page(Request request) {
        List<String> path = List.of(request.path().substring(1).split("/", -1));
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            throw ApiFailure.methodNotAllowed();
        }
        return switch (path.getFirst()) {
            case "" -> Answer.Tree.of(200, discovery.paths());
            case "version" -> Answer.Tree.of(200, Discovery.version());
            case "healthz", "livez", "readyz" -> new Answer.Text(200, "ok");
            case "api" ->
                path.size() == 1
                        ? Answer.Tree.of(200, Discovery.legacyVersions(request.header("Host")))
                        : found(discovery.resources("", path.get(1)));
            case "apis" ->
                switch (path.size()) {
                    case 1 -> Answer.Tree.of(200, discovery.groups());
                    case 2 -> found(discovery.group(path.get(1)));
                    default -> {
                        JsonNode resources = discovery.resources(path.get(1), path.get(2));
                        yield resources == null && discovery.isBuiltIn(path.get(1)) ? notServed() : found(resources);
                    }
                };
            case "openapi" -> openApi(request, path);
            default -> NO_SUCH_PAGE;
        };
    }

    private Answer openApi(Request request, List<String> path) {
        if (path.size() == 2
                && path.get(1).equals("v2")
                && request.header("Accept").contains("protobuf")) {
            // An empty document, as protobuf: kubectl asks for it only about kinds that version 3 does not know, and
            // then
            // says that they are unknown rather than that the server is broken.
            return new Answer.Text(200, "");
        }
        if (path.size() < 2 || !path.get(1).equals("v3")) {
            return NO_SUCH_PAGE;
        }
        return switch (path.size()) {
            case 2 -> Answer.Tree.of(200, openApi.index(request.prefix()));
            case 4 -> found(openApi.document("", path.get(3)));
            case 5 -> found(openApi.document(path.get(3), path.get(4)));
            default -> NO_SUCH_PAGE;
        };
    }

    private static Answer notServed() {
        throw ApiFailure.notServed();
    }

    private static Answer found(@Nullable JsonNode tree) {
        return tree == null ? NO_SUCH_PAGE : Answer.Tree.of(200, tree);
    }
}
