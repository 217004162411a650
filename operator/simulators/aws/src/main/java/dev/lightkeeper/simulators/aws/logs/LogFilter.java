package dev.lightkeeper.simulators.aws.logs;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The filter grammar of log reads, case-sensitive: nothing for all; {@code ERROR}; {@code -ERROR}; {@code A B} for both;
 * {@code ?A ?B} for either. Terms may stand in double quotes.
 */
public final class LogFilter {
    private final List<String> all = new ArrayList<>();
    private final List<String> any = new ArrayList<>();
    private final List<String> none = new ArrayList<>();

    /**
     * Reads a pattern.
     *
     * @param pattern in the grammar; null for all
     */
    public LogFilter(@Nullable String pattern) {
        for (String term : terms(pattern == null ? "" : pattern)) {
            if (term.startsWith("?")) {
                add(any, term.substring(1));
            } else if (term.startsWith("-")) {
                add(none, term.substring(1));
            } else {
                add(all, term);
            }
        }
    }

    /**
     * {@return whether a message is let through}
     *
     * @param message one line
     */
    public boolean matches(String message) {
        return all.stream().allMatch(message::contains)
                && (any.isEmpty() || any.stream().anyMatch(message::contains))
                && none.stream().noneMatch(message::contains);
    }

    private static void add(List<String> terms, String term) {
        String bare = term.replace("\"", "");
        if (!bare.isEmpty()) {
            terms.add(bare);
        }
    }

    private static List<String> terms(String pattern) {
        List<String> terms = new ArrayList<>();
        StringBuilder term = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            }
            if (Character.isWhitespace(c) && !quoted) {
                terms.add(term.toString());
                term.setLength(0);
            } else {
                term.append(c);
            }
        }
        terms.add(term.toString());
        return terms;
    }
}
