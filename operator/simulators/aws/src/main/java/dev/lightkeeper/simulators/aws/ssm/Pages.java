package dev.lightkeeper.simulators.aws.ssm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.http.ApiError;
import dev.lightkeeper.simulators.aws.http.Input;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * Lists in pages. A token names the last entry of a page, so that what comes or goes between two pages moves nothing.
 *
 * @param least entries that a request may want
 * @param most entries that a request may want
 * @param usual entries of a page, unless a request says how many it wants
 */
record Pages(int least, int most, int usual) {
    private static final String TOKEN = "after:";

    Pages(int most) {
        this(1, most, most);
    }

    /** The page that is asked for; puts the token of the next one into the answer. */
    <T> List<T> page(NavigableMap<String, T> all, Input input, ObjectNode body) {
        Integer wanted = input.integer("MaxResults");
        if (wanted != null && (wanted < least || wanted > most)) {
            throw ApiError.validation("1 validation error detected: Value '" + wanted
                    + "' at 'maxResults' failed to satisfy constraint: Member must be between " + least + " and "
                    + most);
        }
        String after = after(input);
        NavigableMap<String, T> rest = after == null ? all : all.tailMap(after, false);
        List<String> keys =
                rest.keySet().stream().limit(wanted == null ? usual : wanted).toList();
        if (keys.size() < rest.size()) {
            next(keys.getLast(), body);
        }
        return keys.stream().map(rest::get).toList();
    }

    /** Points to the page after an entry, or, with an empty key, to the first one. */
    static void next(String after, ObjectNode body) {
        body.put("NextToken", Base64.getUrlEncoder().encodeToString((TOKEN + after).getBytes(StandardCharsets.UTF_8)));
    }

    private static @Nullable String after(Input input) {
        String token = input.string("NextToken");
        if (token == null || token.isEmpty()) {
            return null;
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            if (text.startsWith(TOKEN)) {
                return text.substring(TOKEN.length());
            }
        } catch (IllegalArgumentException e) {
            throw invalid();
        }
        throw invalid();
    }

    private static ApiError invalid() {
        return new ApiError(400, "InvalidNextToken", "The specified token isn't valid.");
    }
}
