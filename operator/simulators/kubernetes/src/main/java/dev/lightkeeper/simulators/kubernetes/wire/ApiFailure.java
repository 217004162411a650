package dev.lightkeeper.simulators.kubernetes.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request that is refused, with the Status object that tells it in kube-apiserver's words. */
public final class ApiFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final transient ObjectNode status;

    private ApiFailure(int code, String reason, String message, @Nullable ObjectNode details) {
        super(message);
        this.code = code;
        this.status = status("Failure");
        status.put("message", message);
        if (!reason.isEmpty()) {
            status.put("reason", reason);
        }
        if (details != null) {
            status.set("details", details);
        }
        var _ = status.put("code", code);
    }

    /**
     * One of the causes of an Invalid status.
     *
     * @param reason  for example {@code FieldValueInvalid}
     * @param field   path; empty when none
     * @param message of the cause
     */
    public record Cause(String reason, String field, String message) {
        /** An invalid value, as kube-apiserver shows it; strings are quoted. */
        public static Cause invalid(String field, Object value, String why) {
            String shown = value instanceof String s ? "\"" + s + "\"" : value.toString();
            return new Cause("FieldValueInvalid", field, "Invalid value: " + shown + ": " + why);
        }

        /** A value that has to be there. */
        public static Cause required(String field, String why) {
            return new Cause("FieldValueRequired", field, "Required value" + (why.isEmpty() ? "" : ": " + why));
        }

        /** A value that must not be there. */
        public static Cause forbidden(String field, String why) {
            return new Cause("FieldValueForbidden", field, "Forbidden: " + why);
        }

        private String whole() {
            return (field.isEmpty() ? "" : field + ": ") + message;
        }

        private ObjectNode tree() {
            ObjectNode cause = Trees.object().put("reason", reason).put("message", message);
            return field.isEmpty() ? cause : cause.put("field", field);
        }
    }

    /** The HTTP status. */
    public int code() {
        return code;
    }

    /** The Status object. */
    public ObjectNode status() {
        return status;
    }

    /** A Status object without what is particular to a failure. */
    public static ObjectNode status(String outcome) {
        ObjectNode status = Trees.object().put("kind", "Status").put("apiVersion", "v1");
        var _ = status.putObject("metadata");
        return status.put("status", outcome);
    }

    /** Any refusal without details. */
    public static ApiFailure of(int code, String reason, String message) {
        return new ApiFailure(code, reason, message, null);
    }

    /** 400. */
    public static ApiFailure badRequest(String message) {
        return of(400, "BadRequest", message);
    }

    /** 404 for an object. */
    public static ApiFailure notFound(GroupResource resource, String name) {
        return new ApiFailure(
                404, "NotFound", "%s \"%s\" not found".formatted(resource, name), details(resource, name));
    }

    /** 415, of a body that not even the server's framework lets through. */
    public static ApiFailure unsupportedMediaType() {
        return new ApiFailure(415, "UnsupportedMediaType", "415: Unsupported Media Type", Trees.object());
    }

    /** 422 for a JSON patch that does not fit. */
    public static ApiFailure patchDoesNotFit(String message) {
        return new ApiFailure(422, "Invalid", message, Trees.object());
    }

    /**
     * 406.
     *
     * @param custom whether for a custom resource
     */
    public static ApiFailure notAcceptable(boolean custom) {
        return custom
                ? of(
                        406,
                        "NotAcceptable",
                        "only the following media types are accepted: application/json, application/yaml,"
                                + " application/vnd.kubernetes.protobuf")
                : new ApiFailure(
                        406,
                        "NotAcceptable",
                        "406: Not Acceptable\n\nAvailable representations: application/json, application/yaml,"
                                + " application/vnd.kubernetes.protobuf, application/json;stream=watch,"
                                + " application/vnd.kubernetes.protobuf;stream=watch",
                        Trees.object());
    }

    /** 404 for something that is not served at all. */
    public static ApiFailure notServed() {
        return new ApiFailure(404, "NotFound", "the server could not find the requested resource", Trees.object());
    }

    /**
     * 409 for a name that is taken.
     *
     * @param going whether by an object that is being deleted
     */
    public static ApiFailure alreadyExists(GroupResource resource, String name, boolean going) {
        String message =
                "%s%s \"%s\" already exists".formatted(going ? "object is being deleted: " : "", resource, name);
        return new ApiFailure(409, "AlreadyExists", message, details(resource, name));
    }

    /** 409 for a write that somebody else overtook, or whose precondition fails. */
    public static ApiFailure conflict(GroupResource resource, String name, String why) {
        String message = "Operation cannot be fulfilled on %s \"%s\": %s".formatted(resource, name, why);
        return new ApiFailure(409, "Conflict", message, details(resource, name));
    }

    /** 409 for a stale resourceVersion. */
    public static ApiFailure modified(GroupResource resource, String name) {
        return conflict(
                resource,
                name,
                "the object has been modified; please apply your changes to the latest version and try again");
    }

    /** 409 for a server-side apply that meets fields of others. */
    public static ApiFailure applyConflict(String message, List<Cause> causes) {
        return new ApiFailure(409, "Conflict", message, withCauses(Trees.object(), causes));
    }

    /** 403. */
    public static ApiFailure forbidden(GroupResource resource, String name, String why, List<Cause> causes) {
        String message = "%s \"%s\" is forbidden: %s".formatted(resource, name, why);
        return new ApiFailure(403, "Forbidden", message, withCauses(details(resource, name), causes));
    }

    /** 405. */
    public static ApiFailure methodNotAllowed() {
        return new ApiFailure(
                405,
                "MethodNotAllowed",
                "the server does not allow this method on the requested resource",
                Trees.object());
    }

    /** 405 for a verb that a kind does not know. */
    public static ApiFailure notSupported(GroupResource resource, String verb) {
        String message = "%s is not supported on resources of kind \"%s\"".formatted(verb, resource);
        return new ApiFailure(405, "MethodNotAllowed", message, details(resource, ""));
    }

    /** 410. */
    public static ApiFailure expired(String message) {
        return of(410, "Expired", message);
    }

    /**
     * 422.
     *
     * @param group of the kind; empty for core
     */
    public static ApiFailure invalid(String group, String kind, String name, List<Cause> causes) {
        Set<String> messages = new LinkedHashSet<>();
        causes.forEach(cause -> messages.add(cause.whole()));
        String all = messages.size() == 1 ? messages.iterator().next() : "[" + String.join(", ", messages) + "]";
        String subject = new GroupResource(group, kind) + " \"" + name + "\"";
        return new ApiFailure(
                422,
                "Invalid",
                subject + " is invalid: " + all,
                withCauses(details(new GroupResource(group, kind), name), causes));
    }

    private static ObjectNode details(GroupResource resource, String name) {
        ObjectNode details = Trees.object();
        if (!name.isEmpty()) {
            details.put("name", name);
        }
        if (!resource.group().isEmpty()) {
            details.put("group", resource.group());
        }
        return resource.resource().isEmpty() ? details : details.put("kind", resource.resource());
    }

    private static ObjectNode withCauses(ObjectNode details, List<Cause> causes) {
        if (!causes.isEmpty()) {
            var list = details.putArray("causes");
            causes.forEach(cause -> list.add(cause.tree()));
        }
        return details;
    }
}
