package dev.lightkeeper.simulators.aws.ssm;

import dev.lightkeeper.simulators.aws.http.ApiError;
import dev.lightkeeper.simulators.aws.http.Input;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** One condition of {@code ParameterFilters}. Several are all to hold; several values are alternatives. */
record ParameterFilter(String key, String option, List<String> values) implements Predicate<Parameter> {
    static final Set<String> BY_PATH = Set.of("Type", "KeyId", "Label");
    static final Set<String> DESCRIBE = Set.of("Name", "Type", "KeyId", "Path", "Tier", "DataType");

    private static final String PATH = "Path";
    private static final String LABEL = "Label";

    static Predicate<Parameter> all(Input input, Set<String> allowed) {
        Predicate<Parameter> all = parameter -> true;
        for (Input filter : input.objectList("ParameterFilters")) {
            all = all.and(read(filter, allowed));
        }
        return all;
    }

    private static ParameterFilter read(Input input, Set<String> allowed) {
        String key = input.required("Key");
        if (!allowed.contains(key)) {
            throw new ApiError(400, "InvalidFilterKey", "The specified key isn't valid: " + key);
        }
        String given = input.string("Option");
        String option = given == null ? (key.equals(PATH) ? "OneLevel" : "Equals") : given;
        if (!options(key).contains(option)) {
            throw new ApiError(
                    400, "InvalidFilterOption", "The following filter option is not valid: " + option + " for " + key);
        }
        List<String> values = input.stringList("Values");
        if (values.isEmpty()) {
            throw new ApiError(400, "InvalidFilterValue", "The following filter values are missing: " + key);
        }
        return new ParameterFilter(
                key,
                option,
                key.equals(PATH) ? values.stream().map(ParameterName::path).toList() : values);
    }

    private static Set<String> options(String key) {
        return switch (key) {
            case PATH -> Set.of("Recursive", "OneLevel");
            case "Name" -> Set.of("Equals", "BeginsWith", "Contains");
            case LABEL -> Set.of("Equals");
            default -> Set.of("Equals", "BeginsWith");
        };
    }

    @Override
    public boolean test(Parameter parameter) {
        return values.stream().anyMatch(value -> subjects(parameter).anyMatch(subject -> holds(subject, value)));
    }

    private Stream<String> subjects(Parameter parameter) {
        ParameterVersion latest = parameter.latest();
        return switch (key) {
            case "Type" -> Stream.of(latest.type());
            case "KeyId" -> Stream.ofNullable(latest.keyId());
            case "Tier" -> Stream.of(latest.tier());
            case "DataType" -> Stream.of(latest.dataType());
            case LABEL -> latest.labels().stream();
            default -> Stream.of(parameter.name);
        };
    }

    private boolean holds(String subject, String value) {
        return switch (option) {
            case "BeginsWith" -> subject.startsWith(value);
            case "Contains" -> subject.contains(value);
            case "Recursive", "OneLevel" -> ParameterName.isBelow(subject, value, option.equals("Recursive"));
            default -> subject.equals(value);
        };
    }
}
