package dev.lightkeeper.simulators.aws.application;

import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Replaces <code>${name}</code> in texts of a catalogue. Environment values only where asked for, never in logs. */
record Placeholders(String node, int port, ContainerSpec container) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(env:)?([A-Za-z0-9_]+)}");

    String inBody(String text) {
        return replace(text, container.environment());
    }

    String inLog(String text) {
        return replace(text, Map.of());
    }

    private String replace(String text, Map<String, String> environment) {
        if (!text.contains("${")) {
            return text;
        }
        return PLACEHOLDER.matcher(text).replaceAll(match -> Matcher.quoteReplacement(value(match, environment)));
    }

    private String value(MatchResult match, Map<String, String> environment) {
        if (match.group(1) != null) {
            return environment.getOrDefault(match.group(2), "");
        }
        return switch (match.group(2)) {
            case "node" -> node;
            case "port" -> Integer.toString(port);
            case "image" -> container.image();
            case "tag" -> tag(container.image());
            default -> match.group();
        };
    }

    /** The N of a stored {@code :service.label.N}, or what follows the last colon or at-sign of other references. */
    private static String tag(String image) {
        int separator = image.startsWith(":")
                ? image.lastIndexOf('.')
                : Math.max(image.indexOf(':', image.lastIndexOf('/') + 1), image.indexOf('@'));
        return separator < 0 ? "latest" : image.substring(separator + 1);
    }
}
