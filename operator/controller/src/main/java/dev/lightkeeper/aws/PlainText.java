package dev.lightkeeper.aws;

import dev.lightkeeper.desired.SecretText;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes a sentence of AWS fit to be shown: AWS echoes input, adds request ids and writes paragraphs. */
final class PlainText {
    private static final int LONGEST = 300;
    private static final int SHORTEST_VALUE_TO_FIND_ANYWHERE = 4;
    private static final Pattern NAMED_ID = Pattern.compile(
            "(?i)[(\\[]?\\b(request|reference|invocation|operation)[ _-]?id\\b\\s*[:=]?\\s*[\\w-]+[)\\]]?");
    private static final Pattern BARE_ID =
            Pattern.compile("(?i)(?<![/\\w-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\\w-])");
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\s\\u2028\\u2029]+");
    private static final Pattern QUOTES = Pattern.compile("[\"'`\u2018\u2019\u201c\u201d]+");
    private static final Pattern END_OF_SENTENCE = Pattern.compile("[.!?](\\s|$)");

    private PlainText() {}

    /**
     * The first sentence without its full stop, quotes, ids and any of {@code secrets}; empty when nothing is left.
     * Secrets are removed first, since cleaning would change what they look like.
     */
    static String firstSentence(String text, Collection<SecretText> secrets) {
        String clean = withoutSecrets(text, secrets);
        clean = NAMED_ID.matcher(clean).replaceAll("");
        clean = BARE_ID.matcher(clean).replaceAll("");
        clean = QUOTES.matcher(clean).replaceAll("");
        clean = UNPRINTABLE.matcher(clean).replaceAll(" ").strip();
        Matcher end = END_OF_SENTENCE.matcher(clean);
        if (end.find()) {
            clean = clean.substring(0, end.start()).strip();
        }
        return clean.length() <= LONGEST
                ? clean
                : clean.substring(0, LONGEST - 1).strip() + "…";
    }

    private static String withoutSecrets(String text, Collection<SecretText> secrets) {
        Set<String> found = new LinkedHashSet<>();
        for (SecretText secret : secrets) {
            String value = secret.reveal();
            found.add(value);
            found.add(value.strip());
            found.add(escaped(value));
            value.lines().map(String::strip).forEach(found::add);
        }
        List<String> longestFirst = found.stream()
                .filter(value -> !value.isBlank())
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
        String clean = text;
        for (String value : longestFirst) {
            clean = value.length() >= SHORTEST_VALUE_TO_FIND_ANYWHERE
                    ? clean.replace(value, "***")
                    : Pattern.compile("(?<![\\w.:-])" + Pattern.quote(value) + "(?![\\w-]|[.:]\\w)")
                            .matcher(clean)
                            .replaceAll("***");
        }
        return clean;
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .replace("\t", "\\t");
    }
}
