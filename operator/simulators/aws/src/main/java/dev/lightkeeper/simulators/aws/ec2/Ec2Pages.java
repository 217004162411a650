package dev.lightkeeper.simulators.aws.ec2;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.http.QueryInput;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Cuts what a request matches into pages. Tokens count what was shown. */
final class Ec2Pages {
    private static final String TOKEN = "from:";
    private static final int LEAST = 5;
    private static final int MOST = 1_000;

    private Ec2Pages() {}

    /** Refuses MaxResults beside a list of ids, as AWS does. */
    static void notWithIds(QueryInput input, List<String> ids) {
        if (!ids.isEmpty() && input.text("MaxResults") != null) {
            throw Refusals.combination(
                    "The parameter instancesSet cannot be used with the parameter maxResults in the same request.");
        }
    }

    static <T> List<T> page(List<T> all, QueryInput input, ObjectNode body) {
        Integer wanted = input.integer("MaxResults");
        if (wanted != null && (wanted < LEAST || wanted > MOST)) {
            throw Refusals.invalidValue(
                    "Value ( " + wanted + " ) for parameter maxResults is invalid. Expecting a value"
                            + " greater than or equal to " + LEAST + " and less than or equal to " + MOST + ".");
        }
        int from = Math.min(from(input), all.size());
        int to = Math.min(all.size(), from + (wanted == null ? MOST : wanted));
        if (to < all.size()) {
            body.put("nextToken", Base64.getUrlEncoder().encodeToString((TOKEN + to).getBytes(StandardCharsets.UTF_8)));
        }
        return all.subList(from, to);
    }

    private static int from(QueryInput input) {
        String token = input.text("NextToken");
        if (token == null || token.isEmpty()) {
            return 0;
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            if (text.matches(TOKEN + "\\d{1,6}")) {
                return Integer.parseInt(text.substring(TOKEN.length()));
            }
        } catch (IllegalArgumentException e) {
            throw invalid(token);
        }
        throw invalid(token);
    }

    private static RuntimeException invalid(String token) {
        return Refusals.invalidValue("Invalid value '" + token + "' for nextToken.");
    }
}
