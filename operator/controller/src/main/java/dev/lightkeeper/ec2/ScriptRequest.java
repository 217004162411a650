package dev.lightkeeper.ec2;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the host script is asked to do: lines of a fixed name and a value in base64, so that nothing that came from a
 * manifest is ever shell text. Members of a group follow the line that opens it.
 */
final class ScriptRequest {
    private static final String VERSION = "1";

    private final StringBuilder lines = new StringBuilder();

    private ScriptRequest() {}

    static ScriptRequest of(String verb) {
        return new ScriptRequest().line("version", VERSION).line("verb", verb);
    }

    ScriptRequest line(String name, String value) {
        lines.append(name)
                .append(' ')
                .append(Base64.getEncoder().encodeToString(value.getBytes(UTF_8)))
                .append('\n');
        return this;
    }

    /** Leaves out what is null. */
    ScriptRequest maybe(String name, @Nullable Object value) {
        return value == null ? this : line(name, value.toString());
    }

    ScriptRequest each(String name, List<String> values) {
        values.forEach(value -> line(name, value));
        return this;
    }

    /** As it travels: one word of base64. */
    String encoded() {
        return Base64.getEncoder().encodeToString(lines.toString().getBytes(UTF_8));
    }
}
