package dev.lightkeeper.simulators.aws.ec2;

import dev.lightkeeper.simulators.aws.http.ApiError;
import dev.lightkeeper.simulators.aws.http.QueryInput;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The filters of a request: all are to hold, the values of one are alternatives, {@code *} and {@code ?} are wildcards
 * unless a backslash stands before them.
 */
final class Ec2Filter {
    private static final int MOST_VALUES = 200;
    private static final String TAG = "tag:";

    private Ec2Filter() {}

    /**
     * Reads the filters.
     *
     * @param input the request
     * @param known names that may be used, besides {@code tag:} with any key
     * @param values what a subject has under a name; several when it has several
     */
    static <T> Predicate<T> all(QueryInput input, Set<String> known, BiFunction<T, String, Set<String>> values) {
        Map<String, List<Pattern>> filters = new HashMap<>();
        int count = 0;
        for (QueryInput filter : input.structures("Filter")) {
            String name = filter.required("Name");
            List<String> wanted = filter.list("Value");
            count += wanted.size();
            if (!known.contains(name) && !(known.contains(TAG) && name.startsWith(TAG))) {
                throw Refusals.invalidValue("The filter '" + name + "' is invalid");
            }
            if (wanted.isEmpty()) {
                throw new ApiError(400, "MissingParameter", "The request must contain the parameter Filter.Value");
            }
            filters.put(name, wanted.stream().map(Ec2Filter::pattern).toList());
        }
        if (count > MOST_VALUES) {
            throw new ApiError(
                    400,
                    "FilterLimitExceeded",
                    "The maximum number of filter values specified on a single call is " + MOST_VALUES);
        }
        return subject -> filters.entrySet().stream()
                .allMatch(filter -> values.apply(subject, filter.getKey()).stream()
                        .anyMatch(value -> filter.getValue().stream()
                                .anyMatch(pattern -> pattern.matcher(value).matches())));
    }

    private static Pattern pattern(String wanted) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < wanted.length(); i++) {
            char c = wanted.charAt(i);
            if (c == '\\' && i + 1 < wanted.length()) {
                regex.append(Pattern.quote(String.valueOf(wanted.charAt(++i))));
            } else if (c == '*') {
                regex.append(".*");
            } else if (c == '?') {
                regex.append('.');
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }
}
