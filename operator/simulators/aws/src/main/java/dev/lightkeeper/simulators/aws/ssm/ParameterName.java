package dev.lightkeeper.simulators.aws.ssm;

import dev.lightkeeper.simulators.aws.http.ApiError;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A parameter as a request names it.
 *
 * @param base name without selector
 * @param selector version or label; null for the newest version
 */
record ParameterName(String base, @Nullable String selector) {
    private static final Pattern NAME = Pattern.compile("/?([A-Za-z0-9_.-]+/)*[A-Za-z0-9_.-]+");
    private static final Pattern PATH = Pattern.compile("/|(/[A-Za-z0-9_.-]+)+/?");
    private static final String ARN = "arn:aws:ssm:";
    private static final String ARN_RESOURCE = ":parameter";
    private static final int LONGEST = 1011;
    private static final int MOST_LEVELS = 15;

    /** The name of a parameter to be read: also an ARN, also with {@code :version} or {@code :label}. */
    static ParameterName read(String text) {
        String rest = text;
        if (rest.startsWith(ARN)) {
            int resource = rest.indexOf(ARN_RESOURCE);
            rest = resource < 0 ? "" : rest.substring(resource + ARN_RESOURCE.length());
            // The ARN of "name" and that of "/name" are the same.
            rest = rest.lastIndexOf('/') == 0 ? rest.substring(1) : rest;
        }
        int colon = rest.indexOf(':');
        String base = colon < 0 ? rest : rest.substring(0, colon);
        if (!NAME.matcher(base).matches() || colon == rest.length() - 1) {
            throw malformed();
        }
        return new ParameterName(base, colon < 0 ? null : rest.substring(colon + 1));
    }

    /** The name of a parameter that may be made. */
    static String writable(String name) {
        if (!NAME.matcher(name).matches() || name.length() > LONGEST) {
            throw malformed();
        }
        String start = (name.startsWith("/") ? name.substring(1) : name).toLowerCase(Locale.ROOT);
        if (start.startsWith("ssm")) {
            throw malformed();
        }
        if (start.startsWith("aws")) {
            throw new ApiError(400, "AccessDeniedException", "No access to reserved parameter name: " + name + ".");
        }
        if (!name.startsWith("/") && name.contains("/")) {
            throw ApiError.validation("Parameter name must be a fully qualified name.");
        }
        if (name.chars().filter(c -> c == '/').count() > MOST_LEVELS) {
            throw new ApiError(
                    400,
                    "HierarchyLevelLimitExceededException",
                    "A hierarchy can have a maximum of " + MOST_LEVELS + " levels.");
        }
        return name;
    }

    /** A path without slash at its end; empty for the root. */
    static String path(String text) {
        if (!PATH.matcher(text).matches()) {
            throw ApiError.validation("The parameter doesn't meet the parameter name requirements. The parameter name"
                    + " must begin with a forward slash \"/\".");
        }
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    /** Whether a parameter is below a path as {@link #path} returns it. */
    static boolean isBelow(String name, String path, boolean recursive) {
        return name.startsWith(path + "/") && (recursive || name.indexOf('/', path.length() + 1) < 0);
    }

    private static ApiError malformed() {
        return ApiError.validation("Parameter name: can't be prefixed with \"ssm\" (case-insensitive). If formed as a"
                + " path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of"
                + " letters, numbers and the following 3 symbols .-_");
    }
}
