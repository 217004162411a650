package dev.lightkeeper.desired;

import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression that somebody else wrote. RE2/J needs time in proportion to the text, but also to the expression
 * with its counted repetitions written out, and so much memory already to compile it; it limits neither, so that
 * {@code ((a{1000}){1000}){1000}} would end the process.
 */
public final class RegularExpression {
    /** How many characters, classes and operators it may have when {@code x{n,m}} is written out as m times x. */
    static final int MOST_STEPS = 1000;

    private static final int ENOUGH = 1_000_000;
    private static final Pattern COUNT = Pattern.compile("\\{(\\d+)(,(\\d*))?\\}");
    private static final Pattern QUOTED = Pattern.compile("(?s)\\\\Q.*?(\\\\E|$)");
    private static final Pattern ESCAPE_OR_CLASS =
            Pattern.compile("(?s)\\\\[pPx]\\{[^}]*\\}|\\\\.|\\[\\^?\\]?(?:\\[:\\^?[a-z]+:\\]|\\\\.|[^\\]\\\\])*+\\]");

    private RegularExpression() {}

    /**
     * Compiles it.
     *
     * @throws PatternSyntaxException for whatever {@link #refusal} has words about
     */
    public static com.google.re2j.Pattern compile(String expression) {
        if (steps(expression) > MOST_STEPS) {
            throw new PatternSyntaxException("it repeats too much", expression);
        }
        return com.google.re2j.Pattern.compile(expression);
    }

    /** What is wrong with it, after the name of its field; null when it can be used. */
    public static @Nullable String refusal(String expression) {
        if (steps(expression) > MOST_STEPS) {
            return "repeats too much: with its counts such as {2,5} written out it is longer than %d characters and classes; lower the counts"
                    .formatted(MOST_STEPS);
        }
        try {
            var _ = com.google.re2j.Pattern.compile(expression);
            return null;
        } catch (PatternSyntaxException e) {
            return "is not a regular expression of RE2: " + e.getDescription();
        }
    }

    /** How long it is when its counts are written out; where it is no regular expression at all, of no meaning. */
    private static double steps(String expression) {
        Matcher count = COUNT.matcher(expression);
        Matcher quoted = QUOTED.matcher(expression);
        Matcher one = ESCAPE_OR_CLASS.matcher(expression);
        Deque<Double> outside = new ArrayDeque<>();
        double all = 0;
        double last = 0;
        int end;
        for (int at = 0; at < expression.length(); at = end) {
            char letter = expression.charAt(at);
            end = at + 1;
            if (count.region(at, expression.length()).lookingAt()) {
                double repeated = repeated(last, count);
                all += repeated - last;
                last = repeated;
                end = count.end();
            } else if (letter == '(') {
                outside.push(all);
                all = 0;
                last = 0;
            } else if (letter == ')' && !outside.isEmpty()) {
                last = all + 2;
                all = outside.pop() + last;
            } else if (letter == '*' || letter == '+' || letter == '?') {
                last++;
                all++;
            } else if (quoted.region(at, expression.length()).lookingAt()) {
                end = quoted.end();
                last = end - at;
                all += last;
            } else {
                end = one.region(at, expression.length()).lookingAt() ? one.end() : end;
                last = 1;
                all++;
            }
        }
        return all;
    }

    /** Each copy that may be left out is a step longer. */
    private static double repeated(double one, Matcher count) {
        double least = Double.parseDouble(count.group(1));
        String most = count.group(3);
        double times = most == null ? least : most.isEmpty() ? least + 1 : Double.parseDouble(most);
        return Math.min(ENOUGH, Math.max(1, times) * (most == null ? one : one + 1));
    }
}
