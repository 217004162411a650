package dev.lightkeeper.simulators.kubernetes.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.wire.ApiFailure.Cause;
import dev.lightkeeper.simulators.kubernetes.wire.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The rules for metadata that hold for every kind, in kube-apiserver's words. */
public final class MetadataRules {
    private static final String NAME_FORM = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private static final Pattern IS_NAME = Pattern.compile(NAME_FORM);
    private static final Pattern IS_VALUE = Pattern.compile("(" + NAME_FORM + ")?");
    private static final int LONGEST_ANNOTATIONS = 256 << 10;
    private static final Set<String> STANDARD_FINALIZERS = Set.of("kubernetes", "orphan", "foregroundDeletion");

    private MetadataRules() {}

    /** What is wrong with the metadata of a new object. */
    public static List<Cause> onCreate(ResourceType type, JsonNode metadata) {
        List<Cause> causes = new ArrayList<>();
        String name = metadata.path("name").asText();
        if (name.isEmpty()) {
            causes.add(Cause.required("metadata.name", "name or generateName is required"));
        } else {
            type.nameRule().faults(name).forEach(fault -> causes.add(Cause.invalid("metadata.name", name, fault)));
        }
        if (!type.is(Trait.NAMESPACED) && metadata.has("namespace")) {
            causes.add(Cause.forbidden("metadata.namespace", "not allowed on this type"));
        }
        common(type, metadata, causes);
        return causes;
    }

    /** What is wrong with a change of metadata. */
    public static List<Cause> onUpdate(ResourceType type, JsonNode metadata, JsonNode old) {
        List<Cause> causes = new ArrayList<>();
        if (old.has("deletionTimestamp")) {
            Set<String> added = new TreeSet<>(strings(metadata.path("finalizers")));
            added.removeAll(strings(old.path("finalizers")));
            if (!added.isEmpty()) {
                causes.add(Cause.forbidden(
                        "metadata.finalizers",
                        "no new finalizers can be added if the object is being deleted, found new finalizers []string{"
                                + added.stream().map(f -> "\"" + f + "\"").collect(Collectors.joining(", ")) + "}"));
            }
        }
        for (String field : List.of("name", "namespace", "uid", "deletionTimestamp", "deletionGracePeriodSeconds")) {
            if (!metadata.path(field).equals(old.path(field))) {
                causes.add(
                        Cause.invalid("metadata." + field, metadata.path(field).asText(), "field is immutable"));
            }
        }
        common(type, metadata, causes);
        return causes;
    }

    /** Warnings about finalizers that a custom resource gains. */
    public static List<String> finalizerWarnings(JsonNode metadata, JsonNode old) {
        Set<String> added = new TreeSet<>(strings(metadata.path("finalizers")));
        added.removeAll(strings(old.path("finalizers")));
        return added.stream()
                .filter(finalizer -> !finalizer.contains("/") && !STANDARD_FINALIZERS.contains(finalizer))
                .map(finalizer -> "metadata.finalizers: \"" + finalizer + "\": prefer a domain-qualified finalizer name"
                        + (finalizer.contains(".") ? " including a path (/)" : "")
                        + " to avoid accidental conflicts with other finalizer writers")
                .toList();
    }

    /** The texts of a list. */
    public static List<String> strings(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    private static void common(ResourceType type, JsonNode metadata, List<Cause> causes) {
        metadata.path("labels").properties().forEach(label -> {
            qualifiedNameFaults(label.getKey())
                    .forEach(fault -> causes.add(Cause.invalid("metadata.labels", label.getKey(), fault)));
            String value = label.getValue().asText();
            labelValueFaults(value).forEach(fault -> causes.add(Cause.invalid("metadata.labels", value, fault)));
        });
        int size = 0;
        for (var annotation : metadata.path("annotations").properties()) {
            String key = annotation.getKey();
            size += key.length() + annotation.getValue().asText().length();
            qualifiedNameFaults(key.toLowerCase(Locale.ROOT))
                    .forEach(fault -> causes.add(Cause.invalid("metadata.annotations", key, fault)));
        }
        if (size > LONGEST_ANNOTATIONS) {
            causes.add(new Cause(
                    "FieldValueTooLong",
                    "metadata.annotations",
                    "Too long: may not be more than " + LONGEST_ANNOTATIONS + " bytes"));
        }
        causes.addAll(ownerFaults(metadata));
        int index = 0;
        for (String finalizer : strings(metadata.path("finalizers"))) {
            qualifiedNameFaults(finalizer)
                    .forEach(fault -> causes.add(Cause.invalid("metadata.finalizers", finalizer, fault)));
            if (type.is(Trait.BUILT_IN) && !finalizer.contains("/") && !STANDARD_FINALIZERS.contains(finalizer)) {
                causes.add(Cause.invalid(
                        "metadata.finalizers[" + index + "]",
                        finalizer,
                        "name is neither a standard finalizer name nor is it fully qualified"));
            }
            index++;
        }
    }

    /** What is wrong with the owners of an object. */
    public static List<Cause> ownerFaults(JsonNode metadata) {
        List<Cause> causes = new ArrayList<>();
        int index = 0;
        for (JsonNode owner : metadata.path("ownerReferences")) {
            for (String field : List.of("apiVersion", "kind", "name", "uid")) {
                if (owner.path(field).asText().isEmpty()) {
                    causes.add(Cause.required("metadata.ownerReferences[" + index + "]." + field, "must not be empty"));
                }
            }
            index++;
        }
        List<JsonNode> controllers = metadata.path("ownerReferences")
                .valueStream()
                .filter(owner -> owner.path("controller").asBoolean())
                .toList();
        if (controllers.size() > 1) {
            causes.add(new Cause(
                    "FieldValueInvalid",
                    "metadata.ownerReferences",
                    "Invalid value: " + inGosOrder(metadata.path("ownerReferences"))
                            + ": Only one reference can have Controller set to true. Found \"true\" in references for "
                            + named(controllers.get(0)) + " and " + named(controllers.get(1))));
        }
        return causes;
    }

    private static String named(JsonNode owner) {
        return owner.path("kind").asText() + "/" + owner.path("name").asText();
    }

    private static JsonNode inGosOrder(JsonNode owners) {
        ArrayNode ordered = Trees.array();
        for (JsonNode owner : owners) {
            ObjectNode copy = ordered.addObject();
            for (String field : List.of("apiVersion", "kind", "name", "uid", "controller", "blockOwnerDeletion")) {
                if (owner.has(field)) {
                    copy.set(field, owner.path(field));
                }
            }
        }
        return ordered;
    }

    static List<String> qualifiedNameFaults(String key) {
        List<String> faults = new ArrayList<>();
        String name = key;
        int slash = key.indexOf('/');
        if (slash >= 0) {
            if (key.indexOf('/', slash + 1) >= 0) {
                return List.of("a qualified name " + nameFault() + " with an optional DNS subdomain prefix and '/'"
                        + " (e.g. 'example.com/MyName')");
            }
            name = key.substring(slash + 1);
            if (slash == 0) {
                faults.add("prefix part must be non-empty");
            } else {
                NameRule.subdomainFaults(key.substring(0, slash)).forEach(fault -> faults.add("prefix part " + fault));
            }
        }
        if (name.isEmpty()) {
            faults.add("name part must be non-empty");
        }
        NameRule.tooLong(name, 63).forEach(fault -> faults.add("name part " + fault));
        if (!IS_NAME.matcher(name).matches()) {
            faults.add("name part " + nameFault());
        }
        return faults;
    }

    static List<String> labelValueFaults(String value) {
        List<String> faults = NameRule.tooLong(value, 63);
        if (!IS_VALUE.matcher(value).matches()) {
            faults.add("a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.',"
                    + " and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or"
                    + " '12345', regex used for validation is '(" + NAME_FORM + ")?')");
        }
        return faults;
    }

    private static String nameFault() {
        return "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric"
                + " character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '" + NAME_FORM
                + "')";
    }

    /** Whether two objects differ in anything but metadata. */
    public static boolean contentDiffers(ObjectNode one, ObjectNode other, Set<String> ignored) {
        ObjectNode left = one.deepCopy();
        ObjectNode right = other.deepCopy();
        left.remove(ignored);
        right.remove(ignored);
        return !left.equals(right);
    }
}
