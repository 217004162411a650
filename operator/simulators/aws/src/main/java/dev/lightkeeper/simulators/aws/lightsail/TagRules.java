package dev.lightkeeper.simulators.aws.lightsail;

import dev.lightkeeper.simulators.aws.http.ApiError;
import dev.lightkeeper.simulators.aws.http.Input;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What tags may look like. */
final class TagRules {
    private static final int LONGEST_KEY = 128;
    private static final int LONGEST_VALUE = 256;

    private final Quotas quotas;

    TagRules(Quotas quotas) {
        this.quotas = quotas;
    }

    /** All tags after the given ones were added to those that are there. */
    Map<String, String> read(List<Input> tags, Map<String, String> present) {
        Map<String, String> all = new LinkedHashMap<>(present);
        for (Input tag : tags) {
            String key = tag.required("key");
            String value = tag.string("value");
            if (key.length() > LONGEST_KEY || key.startsWith("aws:")) {
                throw ApiError.invalidInput("The tag key \"" + key + "\" is invalid.");
            }
            if (value != null && value.length() > LONGEST_VALUE) {
                throw ApiError.invalidInput("The value of the tag \"" + key + "\" is too long.");
            }
            all.put(key, value == null ? "" : value);
        }
        if (all.size() > quotas.tags()) {
            throw ApiError.invalidInput("A resource can have at most " + quotas.tags() + " tags.");
        }
        return all;
    }
}
