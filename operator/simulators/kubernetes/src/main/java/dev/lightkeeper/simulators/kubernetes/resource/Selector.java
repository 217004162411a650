package dev.lightkeeper.simulators.kubernetes.resource;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lightkeeper.simulators.kubernetes.wire.ApiFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Label and field selectors. */
public final class Selector {
    private static final Pattern SET = Pattern.compile("(?<key>\\S+)\\s+(?<not>not)?in\\s*\\((?<values>[^)]*)\\)");
    private static final Pattern EQUAL =
            Pattern.compile("(?<key>[^\\s=!<>]+)\\s*(?<operator>==|=|!=|<|>)\\s*(?<value>\\S*)");
    private static final Pattern EXISTS = Pattern.compile("(?<not>!)?\\s*(?<key>[^\\s=!<>(),]+)");
    private static final Pattern COMMA_OUTSIDE_BRACKETS = Pattern.compile(",(?![^(]*\\))");
    private static final Pattern COMMA = Pattern.compile("(?<!\\\\),");
    private static final Pattern FIELD =
            Pattern.compile("(?<key>[^=!]+)(?<operator>==|=|!=)(?<value>.*)", Pattern.DOTALL);

    private Selector() {}

    /**
     * Which objects the two selectors of a request choose.
     *
     * @param labels {@code labelSelector}; empty for all
     * @param fields {@code fieldSelector}; empty for all
     */
    public static Predicate<JsonNode> of(ResourceType type, String labels, String fields) {
        Predicate<JsonNode> chosen = labels(labels);
        for (String term : COMMA.split(fields, -1)) {
            if (!term.isBlank()) {
                chosen = chosen.and(field(type, term, fields));
            }
        }
        return chosen;
    }

    private static Predicate<JsonNode> labels(String selector) {
        Predicate<JsonNode> chosen = _ -> true;
        if (selector.isBlank()) {
            return chosen;
        }
        for (String term : COMMA_OUTSIDE_BRACKETS.split(selector, -1)) {
            Predicate<JsonNode> onLabels = label(term.trim(), selector);
            chosen = chosen.and(object -> onLabels.test(object.path("metadata").path("labels")));
        }
        return chosen;
    }

    private static Predicate<JsonNode> label(String term, String selector) {
        Matcher set = SET.matcher(term);
        if (set.matches()) {
            String key = checkedKey(set.group("key"));
            boolean negated = set.group("not") != null;
            List<String> values = new ArrayList<>();
            for (String value : set.group("values").split(",", -1)) {
                values.add(value.trim());
            }
            Set<String> wanted = Set.copyOf(values);
            return labels ->
                    (labels.has(key) && wanted.contains(labels.path(key).asText())) != negated;
        }
        Matcher equal = EQUAL.matcher(term);
        if (equal.matches()) {
            String key = checkedKey(equal.group("key"));
            String value = checkedValue(key, equal.group("value"));
            return switch (equal.group("operator")) {
                case "!=" -> labels -> !labels.path(key).asText().equals(value) || !labels.has(key);
                case "<" -> labels -> isNumber(labels.path(key)) && number(labels.path(key)) < Long.parseLong(value);
                case ">" -> labels -> isNumber(labels.path(key)) && number(labels.path(key)) > Long.parseLong(value);
                default ->
                    labels -> labels.has(key) && labels.path(key).asText().equals(value);
            };
        }
        Matcher exists = EXISTS.matcher(term);
        if (exists.matches()) {
            String key = checkedKey(exists.group("key"));
            boolean negated = exists.group("not") != null;
            return labels -> labels.has(key) != negated;
        }
        String[] words = term.split("\\s+", -1);
        if (words.length > 2 && Set.of("in", "notin").contains(words[1])) {
            throw ApiFailure.badRequest("unable to parse requirement: found '%s' expected: '('".formatted(words[2]));
        }
        throw ApiFailure.badRequest(
                words.length > 1
                        ? "unable to parse requirement: found '%s', expected: in, notin, =, ==, !=, gt, lt"
                                .formatted(words[1])
                        : "unable to parse requirement: found '%s', expected: !, identifier, or 'end of string'"
                                .formatted(selector));
    }

    private static String checkedKey(String key) {
        List<String> faults = MetadataRules.qualifiedNameFaults(key);
        if (!faults.isEmpty()) {
            throw ApiFailure.badRequest("unable to parse requirement: <nil>: Invalid value: \"%s\": %s"
                    .formatted(key, String.join("; ", faults)));
        }
        return key;
    }

    private static String checkedValue(String key, String value) {
        List<String> faults = MetadataRules.labelValueFaults(value);
        if (!faults.isEmpty()) {
            throw ApiFailure.badRequest("unable to parse requirement: values[0][%s]: Invalid value: \"%s\": %s"
                    .formatted(key, value, String.join("; ", faults)));
        }
        return value;
    }

    private static boolean isNumber(JsonNode label) {
        return label.asText().matches("-?\\d{1,18}");
    }

    private static long number(JsonNode label) {
        return Long.parseLong(label.asText());
    }

    private static Predicate<JsonNode> field(ResourceType type, String term, String selector) {
        Matcher matcher = FIELD.matcher(term);
        if (!matcher.matches()) {
            throw ApiFailure.badRequest("invalid selector: '%s'; can't understand '%s'".formatted(selector, term));
        }
        String label = matcher.group("key").trim();
        String wanted = matcher.group("value").replaceAll("\\\\([\\\\,=])", "$1");
        boolean negated = matcher.group("operator").equals("!=");
        JsonPath path = path(type, label);
        return object -> path.text(object).equals(wanted) != negated;
    }

    private static JsonPath path(ResourceType type, String label) {
        if (label.equals("metadata.name") || label.equals("metadata.namespace")) {
            return JsonPath.of("." + label);
        }
        JsonPath path = type.selectable().get(label);
        if (path == null) {
            throw ApiFailure.badRequest(
                    type.is(Trait.BUILT_IN) && type.selectable().isEmpty()
                            ? "\"%s\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
                                    .formatted(label)
                            : "field label not supported: " + label);
        }
        return path;
    }
}
